"""The colours of the book's groups and partners: one meaning each, in every chart, on a light and on a dark page.

The values were searched so that any two groups (and any two partners) stay apart in normal vision and under simulated
colour blindness; ``tests/test_colours.py`` holds the distances and contrasts. Add direct labels or shapes where more
than four groups meet: colour is never the only carrier.
"""

import altair as alt

# name: (on a light page, on a dark page)
GROUPS = {
    "NATO": ("#1133bb", "#55aaff"),
    "EU": ("#117799", "#aaccdd"),
    "IP4": ("#bb6600", "#ee9900"),
    "United States": ("#112233", "#ffffff"),
    "China": ("#dd2255", "#ff6666"),
    "Russia": ("#8822ff", "#9966cc"),
    "ASEAN": ("#336633", "#22ee88"),
    "Others": ("#779999", "#667788"),
}
PARTNERS = {
    "Australia": ("#bb6622", "#ee9900"),
    "Japan": ("#bb0033", "#ff6677"),
    "New Zealand": ("#226666", "#11ddcc"),
    "South Korea": ("#1144ee", "#66aaff"),
}
# Kinds of claim, for the argument map.
KINDS = {
    "descriptive": ("#008888", "#448866"),
    "causal": ("#882244", "#ee0000"),
    "conceptual": ("#8844cc", "#cc44ee"),
    "normative": ("#111418", "#aaccee"),
    "predictive": ("#aa8844", "#eecc66"),
}
# What the book swaps when the page turns dark (named in _config.yml).
PALETTE = [*GROUPS.values(), *PARTNERS.values(), *KINDS.values()]

HEX = {name: light for name, (light, _dark) in (GROUPS | PARTNERS | KINDS).items()}


def group_scale(*names: str) -> alt.Scale:
    """Colour scale for the named groups, partners or kinds of claim, in the order given.

    Raises KeyError for a name with no colour.
    """
    return alt.Scale(domain=list(names), range=[HEX[name] for name in names])
