"""How close should a partner come? Two fears and a neighbourhood, as a small model.

An ally fears to be left alone and fears to be drawn into a quarrel that is not its own; what lessens the one fear feeds
the other (Snyder 1984, *World Politics* 36, no. 4). Here a partner chooses the *depth* of its ties with an alliance
other than its protector's promise, from 0 (none) to 1 (as deep as they can be):

    loss = abandonment * (1 - help * depth) + (entrapment + neighbours) / 2 * depth**2

``abandonment``: how bad it would be to be left alone, times how likely that seems. ``help``: the part of that loss
which deep ties would make good. ``entrapment``: the like for being drawn in. ``neighbours``: what depth costs in the
region. All run from 0 to 1 and are the reader's own. That the price of depth grows with its square, since light ties
are talk and deep ones commit, is our assumption; Snyder gives no formula. With it the best depth lies where one more
step brings as much as it costs.
"""

from __future__ import annotations


def loss(depth, abandonment, help, entrapment, neighbours):
    """What a partner expects to lose at a depth of ties, in units of the worst loss, from 0 up.

    All arguments run from 0 to 1; they may be Altair expressions.
    """
    return abandonment * (1 - help * depth) + (entrapment + neighbours) / 2 * depth * depth


def best_depth(abandonment: float, help: float, entrapment: float, neighbours: float) -> float:
    """The depth of ties, 0 to 1, at which ``loss`` is smallest: abandonment * help / price, at most 1,.

    where price is entrapment + neighbours. It is 0 where depth brings nothing, and 1 where it costs nothing (price 0)
    and brings something.
    """
    gain, price = abandonment * help, entrapment + neighbours
    if not gain:
        return 0.0
    return min(1.0, gain / price) if price else 1.0
