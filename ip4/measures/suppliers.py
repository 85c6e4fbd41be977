"""From whom European NATO has its arms, counted in several ways, and to whom it sells: what a chapter draws.

Volumes are trend-indicator values of SIPRI in million (``arms`` explains them), shares are percent of them, blocks are
five years ("2006-10"). European NATO is ``arms.european_nato``. Sources: arms_europe_flows, arms_world_exports,
arms_supplier_groups.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members
from ip4.measures import arms

WORDS = {"Europe": "Europe", "United States": "United States", "IP4": "the four partners", "Israel": "Israel"}
OTHERS = "others"
COUNTED = {
    "all deliveries": ("delivered", "all"),
    "without the F-35": ("delivered", "without F-35"),
    "without Poland": ("delivered", "without Poland"),
    "new weapons only": ("delivered", "new weapons"),
    "orders": ("ordered", "all"),
}
BEFORE, LAST_OF_PEACE, NOW = "2006-10", "2016-20", "2021-25"
RECIPIENTS = {"EUR_NATO": "European NATO", "IP4": "The four partners", "ASEAN": "ASEAN"}


def share(group: str, block: str, counted: str = "all deliveries") -> float:
    """Part of what European NATO received or ordered that came from a group of suppliers, in percent of volume.

    group: "Europe", "United States", "IP4", "Israel" ... counted: a key of ``COUNTED``. Source: arms_europe_flows.
    """
    return float(_flows(*COUNTED[counted]).set_index(["partner_group", "block"]).share_pct[group, block])


def volume(group: str, block: str, counted: str = "all deliveries") -> float:
    """What European NATO received or ordered from a group of suppliers in a block, million TIV. arms_europe_flows."""
    return float(_flows(*COUNTED[counted]).set_index(["partner_group", "block"]).tiv_m[group, block])


def times(group: str, first: str, last: str, counted: str = "all deliveries") -> float:
    """Volume from a group in one block as a multiple of that in an earlier one. Source: arms_europe_flows."""
    return volume(group, last, counted) / volume(group, first, counted)


def went_to(group: str, block: str) -> float:
    """Part of European NATO's own deliveries abroad that went to a group of recipients, percent. arms_europe_flows.

    group: "European NATO", "Ukraine", "Other Europe", "United States" or "Other".
    """
    return float(_flows("exported", "all").set_index(["partner_group", "block"]).share_pct[group, block])


def world_share(group: str, block: str) -> float:
    """Part of the world's arms exports that came from a group of suppliers, percent. Source: arms_world_exports."""
    return float(load("arms_world_exports").set_index(["exporter_group", "block"]).share_pct[group, block])


def unvalued(block: str = NOW) -> int:
    """Lines of orders of European NATO whose volume the register does not give, in a block. arms_europe_flows."""
    rows = _flows("ordered", "all")
    return int(rows.lines_without_value[rows.block == block].sum())


def by_block() -> pd.DataFrame:
    """Suppliers of European NATO: counted, supplier, block_end, block, share (percent), volume (thousand TIV).

    Suppliers as in ``WORDS``; all others are one. Source: arms_europe_flows.
    """
    found = [_named(_flows(*key), ["block_end", "block"]).assign(counted=words) for words, key in COUNTED.items()]
    rows = pd.concat(found, ignore_index=True)
    return rows[["counted", "supplier", "block_end", "block", "share", "volume"]]


def captions(rows: pd.DataFrame, column: str, blocks: tuple[str, ...] = (BEFORE, LAST_OF_PEACE, NOW)) -> pd.DataFrame:
    """What the rows of ``by_block`` say of Europe and the United States, for each way of counting: counted, caption.

    column: "share" (percent) or "volume" (thousand TIV).
    """
    said = []
    for counted, part in rows.groupby("counted", sort=False):
        wide = part.pivot(index="supplier", columns="block", values=column)
        lists = [f"{who} {_listed(wide.loc[who, list(blocks)], column)}" for who in ("Europe", "United States")]
        said.append((counted, f"{counted[0].upper()}{counted[1:]}, {', '.join(blocks)}: {'; '.join(lists)}"))
    return pd.DataFrame(said, columns=["counted", "caption"])


def _listed(values: pd.Series, column: str) -> str:
    unit = " per cent" if column == "share" else " thousand"
    return ", ".join(f"{value:.1f}" for value in values) + unit


def _flows(direction: str, basis: str) -> pd.DataFrame:
    return load("arms_europe_flows").query("direction == @direction and basis == @basis")


def _named(rows: pd.DataFrame, keys: list[str], group: str = "partner_group") -> pd.DataFrame:
    """Rows by named supplier: keys, supplier, share (percent), volume (thousand TIV), the rest as ``OTHERS``."""
    rows = rows.assign(supplier=rows[group].map(WORDS).fillna(OTHERS))
    added = rows.groupby([*keys, "supplier"], as_index=False)[["share_pct", "tiv_m"]].sum()
    return added.assign(share=added.share_pct.round(1), volume=(added.tiv_m / 1000).round(2))


def against() -> pd.DataFrame:
    """Three shares of European makers, percent: line, block_end, block, share.

    Of the world's exports (European NATO), of what European NATO orders and of what it receives (all of Europe).
    Sources: arms_world_exports, arms_europe_flows.
    """
    world = load("arms_world_exports").query("exporter_group == 'European NATO'")
    found = {
        "of world exports": world,
        "of allies' imports": _flows("delivered", "all").query("partner_group == 'Europe'"),
        "of allies' orders": _flows("ordered", "all").query("partner_group == 'Europe'"),
    }
    rows = pd.concat(part.assign(line=line) for line, part in found.items())
    return rows.rename(columns={"share_pct": "share"})[["line", "block_end", "block", "share"]].reset_index(drop=True)


def member_share(iso3: str, group: str, block: str) -> float:
    """Part of one state's imports that came from a group of suppliers, percent: ``arms.group_share`` by code."""
    return arms.group_share(iso3, group, block)


def of_members() -> pd.DataFrame:
    """From whom each member has its arms, by block: block, member, supplier, share, total (words), europe (percent).

    Only members with imports in the block; total is their volume in million TIV, europe the share of European makers,
    by which a chart can sort. Sources: arms_supplier_groups, countries.
    """
    table = load("arms_supplier_groups").query("is_nonoverlapping")
    rows = _named(table[table.iso3.isin(arms.european_nato())], ["block", "iso3"], "supplier_group")
    sums = rows.groupby(["block", "iso3"]).tiv_m.transform("sum")
    europe = rows.share.where(rows.supplier == "Europe").groupby([rows.block, rows.iso3]).transform("max")
    rows = rows.assign(member=rows.iso3.map(_names()), total=sums.map("{:,.0f}".format), europe=europe)
    return rows[["block", "member", "supplier", "share", "total", "europe"]]


def member_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``of_members`` say: block, caption with the members that buy more than half from each side."""
    said = []
    for block, part in rows.groupby("block"):
        most = part[part.share > 50].supplier.value_counts()
        europe, america = (most.get(who, 0) for who in ("Europe", "United States"))
        half = f"{europe} of {part.member.nunique()} members had more than half of their imports from Europe"
        said.append((block, f"{block}: {half}, {america} from the United States"))
    return pd.DataFrame(said, columns=["block", "caption"])


def falling(first: str = BEFORE, last: str = NOW) -> int:
    """Members whose share of imports from Europe is lower in the later of two blocks. Source: arms_supplier_groups."""
    rows = load("arms_supplier_groups").query("supplier_group == 'Europe'")
    rows = rows[rows.iso3.isin(arms.european_nato())].pivot(index="iso3", columns="block", values="share_pct")
    return int((rows[last] < rows[first]).sum())


def of_states(states: list[str], blocks: list[str]) -> pd.DataFrame:
    """Europe's share of the imports of some states in some blocks: member, block, share (percent)."""
    table = load("arms_supplier_groups").query("supplier_group == 'Europe'")
    rows = table[table.iso3.isin(states) & table.block.isin(blocks)]
    return rows.assign(member=rows.iso3.map(_names()), share=rows.share_pct)[["member", "block", "share"]]


def recipients() -> pd.DataFrame:
    """Any recipient, any supplier: recipient, measure, supplier, block_end, block, value.

    measure: "share, %" or "volume, thousand TIV". First European NATO, the four partners and ASEAN, then each member,
    by name. Sources: arms_supplier_groups, countries.
    """
    table = load("arms_supplier_groups").query("is_nonoverlapping")
    table = table[table.recipient_id.isin([*RECIPIENTS, *arms.european_nato()])]
    rows = _named(table, ["recipient_id", "block_end", "block"], "supplier_group")
    rows = rows.assign(recipient=rows.recipient_id.map(RECIPIENTS | _names()))
    rows = rows.assign(single=~rows.recipient_id.isin(RECIPIENTS)).sort_values(["single", "recipient", "block_end"])
    named = rows.rename(columns={"share": "share, %", "volume": "volume, thousand TIV"})
    keys = ["recipient", "supplier", "block_end", "block"]
    long = named.melt(keys, ["share, %", "volume, thousand TIV"], "measure", "value")
    return long[["recipient", "measure", "supplier", "block_end", "block", "value"]]


def recipient_captions(rows: pd.DataFrame) -> pd.DataFrame:
    """What the rows of ``recipients`` say: recipient, measure, caption with the largest supplier at both ends."""
    said = []
    for (recipient, measure), part in rows.groupby(["recipient", "measure"], sort=False):
        ends = [_largest(part, block) for block in (part.block.min(), part.block.max())]
        said.append((recipient, measure, f"{recipient}, {measure}: {'; '.join(ends)}"))
    return pd.DataFrame(said, columns=["recipient", "measure", "caption"])


def _largest(rows: pd.DataFrame, block: str) -> str:
    top = rows[rows.block == block].sort_values("value").iloc[-1]
    return f"most from {top.supplier} in {block} ({top.value:.1f})"


def _names() -> dict[str, str]:
    return load("countries").set_index("iso3")["name"].to_dict()


def gap_to_groups() -> float:
    """Largest difference of all deliveries in arms_europe_flows to those of arms_supplier_groups, million TIV."""
    there = load("arms_supplier_groups").query("recipient_id == 'EUR_NATO'")
    both = _flows("delivered", "all").merge(
        there, left_on=["block", "partner_group"], right_on=["block", "supplier_group"]
    )
    return float((both.tiv_m_x - both.tiv_m_y).abs().max())


def gap_of_orders() -> float:
    """Orders of European NATO with the four partners 2021-25, arms_europe_flows less arms_ip4_orders, million TIV."""
    rows = load("arms_ip4_orders").query("order_year >= 2021")
    there = rows.tiv_order[rows.recipient_iso3.isin(members("NATO")) & rows.recipient_iso3.isin(arms.european_nato())]
    return volume("IP4", NOW, "orders") - float(there.sum())


def more_sold_than_bought() -> int:
    """Blocks in which members delivered more to one another than Europe delivered to them: none, if all is right.

    Source: arms_europe_flows.
    """
    sold = _flows("exported", "all").query("partner_group == 'European NATO'").set_index("block").tiv_m
    bought = _flows("delivered", "all").query("partner_group == 'Europe'").set_index("block").tiv_m
    return int((sold.sub(bought, fill_value=0) > 0.1).sum())


def series(group: str, counted: str = "all deliveries") -> pd.Series:
    """``share`` of a group by block, percent, in the order of time. Source: arms_europe_flows."""
    rows = _flows(*COUNTED[counted]).query("partner_group == @group")
    return rows.set_index("block").share_pct.sort_index()


def published_and_own() -> pd.DataFrame:
    """Shares as a press report of SIPRI's fact sheets gives them and as the register gives them here, percent.

    Columns: what, published, own. The last two rows set one printed share beside two readings of "Europe". Sources:
    arms_published, arms_world_exports.
    """
    rows = load("arms_published").set_index(["entity_id", "indicator", "block"])
    found = [(words, *rows.loc[key, ["published_pct", "recomputed_pct"]]) for key, words in _PRINTED.items()]
    europe = rows.published_pct[("EUROPE", "world_exports_share_pct", NOW)]
    for group, words in (("EU members", "Europe in world exports: EU"), ("European NATO", "the same: European NATO")):
        found.append((words, europe, world_share(group, NOW)))
    return pd.DataFrame(found, columns=["what", "published", "own"])


_PRINTED = {
    ("EUR_NATO", "us_share_of_imports_pct", "2015-19"): "US in European NATO's imports, 2015-19",
    ("EUR_NATO", "us_share_of_imports_pct", "2020-24"): "the same, 2020-24",
    ("EUROPE", "us_share_of_imports_pct", "2021-25"): "US in all Europe's imports, 2021-25",
    ("USA", "world_exports_share_pct", "2021-25"): "US in world exports, 2021-25",
}


def fall(
    group: str = "Europe", counted: str = "all deliveries", first: str = BEFORE, last: str = LAST_OF_PEACE
) -> float:
    """Points by which a group's share (``share``) fell from one block to a later one. Source: arms_europe_flows."""
    return share(group, first, counted) - share(group, last, counted)


def ends(recipient: str, first: str, last: str, measure: str) -> pd.DataFrame:
    """What one buyer had from each supplier in two blocks: supplier, first, last, change; the largest change first.

    recipient and measure: words of ``recipients``. A supplier without deliveries in a block counts as zero.
    Source: arms_supplier_groups.
    """
    rows = recipients().query("recipient == @recipient and measure == @measure")
    wide = rows.pivot(index="supplier", columns="block", values="value").reindex(columns=[first, last]).fillna(0.0)
    wide = wide.set_axis(["first", "last"], axis=1).assign(change=lambda w: w["last"] - w["first"]).round(2)
    return wide.reindex(wide.change.abs().sort_values(ascending=False, kind="stable").index).reset_index()


def change(recipient: str, supplier: str, measure: str, first: str = LAST_OF_PEACE, last: str = NOW) -> float:
    """The change of one supplier in ``ends``, points or thousand TIV. Source: arms_supplier_groups."""
    return float(ends(recipient, first, last, measure).set_index("supplier").change[supplier])
