"""Shortest ways, betweenness and pieces on networks that fit on a napkin."""

from ip4.models import graphs

# A path a-b-c with a tail d on c, and a node e that nobody knows.
PATH = graphs.ties([("a", "b"), ("b", "c"), ("c", "d")], ["e"])
# A square: two ways from each corner to the one across.
SQUARE = graphs.ties([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])


def test_ties_stand_on_both_sides_and_lone_nodes_stay():
    assert PATH == {"e": set(), "a": {"b"}, "b": {"a", "c"}, "c": {"b", "d"}, "d": {"c"}}


def test_steps_and_numbers_of_shortest_ways():
    assert graphs.paths_from(PATH, "a") == {"a": (0, 1), "b": (1, 1), "c": (2, 1), "d": (3, 1)}
    assert graphs.paths_from(SQUARE, "a") == {"a": (0, 1), "b": (1, 1), "d": (1, 1), "c": (2, 2)}
    assert graphs.paths_from(PATH, "e") == {"e": (0, 1)}


def test_betweenness_of_a_path_and_of_a_square():
    """On the path b lies between a and c, a and d; c between a and d, b and d. In the square each gets a half."""
    assert graphs.betweenness(PATH).to_dict() == {"b": 2, "c": 2, "a": 0, "d": 0, "e": 0}
    assert graphs.betweenness(SQUARE).to_dict() == {"a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5}


def test_a_star_and_a_full_network():
    star = graphs.ties([("hub", leaf) for leaf in "abcd"])
    assert graphs.betweenness(star)["hub"] == 6, "four leaves make six pairs"
    full = graphs.ties([("a", "b"), ("b", "c"), ("a", "c")])
    assert graphs.betweenness(full).sum() == 0
