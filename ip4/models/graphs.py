"""Who stands between whom in a network: shortest paths and betweenness. No table is read.

A network is a dictionary: each node with the set of nodes that it is tied to. Ties have no direction and no weight, so
each stands on both sides (``ties`` makes such a dictionary from pairs).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pandas as pd

Network = dict[str, set[str]]


def ties(pairs: Iterable[tuple[str, str]], nodes: Iterable[str] = ()) -> Network:
    """A network from pairs of tied nodes; ``nodes`` adds those that may be tied to nobody."""
    network: Network = {node: set() for node in nodes}
    for one, other in pairs:
        network.setdefault(one, set()).add(other)
        network.setdefault(other, set()).add(one)
    return network


def paths_from(network: Network, start: str) -> dict[str, tuple[int, int]]:
    """Steps to each node that can be reached, and the number of shortest paths to it, as (steps, paths)."""
    found, ring, step = {start: (0, 1)}, {start: 1}, 0
    while ring:
        step, ring = step + 1, _next_ring(network, ring, found)
        found |= {node: (step, paths) for node, paths in ring.items()}
    return found


def _next_ring(network: Network, ring: dict[str, int], found: dict[str, tuple[int, int]]) -> dict[str, int]:
    """The nodes one step further on, with the number of shortest paths to each."""
    further: dict[str, int] = {}
    for node, paths in ring.items():
        for other in network[node] - found.keys():
            further[other] = further.get(other, 0) + paths
    return further


def betweenness(network: Network) -> pd.Series:
    """For each node: over all pairs of other nodes, the part of their shortest paths that runs through it, summed.

    A pair that is tied directly, or not at all, gives nobody anything. No scaling: 2 means as much as standing alone
    between two pairs. Formula: Freeman (1977). Sorted from the largest, then by name.
    """
    paths = {node: paths_from(network, node) for node in network}
    sums = dict.fromkeys(network, 0.0)
    for one, other in combinations(sorted(network), 2):
        for node in sums.keys() - {one, other}:
            sums[node] += _part(paths, one, node, other)
    return pd.Series(sums, dtype=float).sort_index().sort_values(ascending=False, kind="stable")


def _part(paths: dict[str, dict[str, tuple[int, int]]], one: str, node: str, other: str) -> float:
    """The part of the shortest paths between two nodes that runs through a third."""
    if other not in paths[one] or node not in paths[one]:
        return 0.0
    (before, ways_in), (after, ways_out), (whole, all_ways) = paths[one][node], paths[node][other], paths[one][other]
    return ways_in * ways_out / all_ways if before + after == whole else 0.0
