"""Transfers of major weapons after the register of SIPRI, in trend-indicator values (TIV): volume, never money.

European NATO is the alliance without the United States, Canada and Türkiye, as in the aggregate ``EUR_NATO`` of the
tables: the members of today in every year.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import load
from ip4.groups import members

OUTSIDE_EUROPE = {"USA", "CAN", "TUR"}
SECOND_CONTRACTS = ["executive-2-k9", "executive-2-k2"]
US = "United States"


def european_nato() -> list[str]:
    """The states of European NATO, sorted iso3 codes. Source: ``memberships``."""
    return sorted(set(members("NATO")) - OUTSIDE_EUROPE)


def group_share(recipient: str, group: str, block: str) -> float:
    """Part of a recipient's imports that came from a group of suppliers in five years, in percent of the volume.

    recipient: iso3, "EUR_NATO", "IP4" or "ASEAN". group: "United States", "Europe", "IP4" ... block: "2021-25"; blocks
    overlap. Source: ``arms_supplier_groups``.
    """
    rows = load("arms_supplier_groups").query("recipient_id == @recipient and supplier_group == @group")
    return float(rows.set_index("block").share_pct[block])


def volume(recipient: str, block: str) -> float:
    """All imports of a recipient in five years, in million TIV. Source: ``arms_supplier_groups``."""
    rows = load("arms_supplier_groups").query("recipient_id == @recipient and block == @block")
    return float(rows.tiv_m.sum())


def top_suppliers(block: str = "2021-25") -> pd.DataFrame:
    """The first supplier of each state of European NATO that imported in a block: a row a state.

    Columns as in ``arms_top_suppliers``; the states are those of ``european_nato``.
    """
    first = load("arms_top_suppliers").query("rank == 1 and block == @block and recipient_type == 'state'")
    return first[first.iso3.isin(european_nato())]


def flow(supplier: str | None, recipient: str | list[str] | None, first: int = 2000, last: int = 2025) -> float:
    """Volume delivered from ``supplier`` to ``recipient`` in the years ``first`` to ``last``, in million TIV.

    None: all suppliers or all recipients of the table, which holds the trade of the four partners only. Source:
    ``arms_ip4_flows``.
    """
    rows = load("arms_ip4_flows").query("@first <= year <= @last")
    wanted = [recipient] if isinstance(recipient, str) else recipient
    keep = (rows.supplier_iso3 == supplier) | (supplier is None)
    return float(rows.tiv_m[keep & (rows.recipient_iso3.isin(wanted or []) | (wanted is None))].sum())


def import_share(recipient: str, supplier: str, first: int, last: int) -> float:
    """Part of a partner's imports that came from one state in the years, in percent. Source: ``arms_ip4_flows``."""
    return 100 * flow(supplier, recipient, first, last) / flow(None, recipient, first, last)


def export_share(supplier: str, recipients: str | list[str], first: int, last: int) -> float:
    """Part of a partner's exports that went to some states in the years, in percent. Source: ``arms_ip4_flows``."""
    return 100 * flow(supplier, recipients, first, last) / flow(supplier, None, first, last)


def _import_change(recipient: str, first: int, last: int) -> float:
    """Change of a partner's imports against the five years before ``first``, in percent. Source: ``arms_ip4_flows``."""
    return 100 * flow(None, recipient, first, last) / flow(None, recipient, first - 5, first - 1) - 100


def ordered(supplier: str | None = None, recipient: str | None = None, weapon: str = "") -> pd.DataFrame:
    """Orders from or to the four partners, a row an order; weapon: part of its designation ("K-2").

    Columns as in ``arms_ip4_orders``: numbers of items, ``tiv_delivered`` in million TIV.
    """
    rows = load("arms_ip4_orders")
    keep = rows.weapon.str.contains(weapon, regex=False)
    for column, wanted in {"supplier_iso3": supplier, "recipient_iso3": recipient}.items():
        keep &= (rows[column] == wanted) | (wanted is None)
    return rows[keep]


def orders_of_eu_allies(since: int) -> int:
    """Orders that states in both the EU and NATO today placed with the four partners from the year ``since`` on.

    Sources: ``arms_ip4_orders``, ``memberships``.
    """
    rows = load("arms_ip4_orders")
    both = set(members("EU")) & set(members("NATO"))
    return int((rows.recipient_iso3.isin(both) & (rows.order_year >= since)).sum())


def orders_out_of_time() -> int:
    """Orders delivered before they were placed or after 2025, or with a number and no year of delivery, or a year only.

    Source: ``arms_ip4_orders``; none, if the table is right.
    """
    rows = load("arms_ip4_orders")
    early = (rows.first_delivery < rows.order_year).fillna(False)
    late = (rows.last_delivery > 2025).fillna(False)
    return int((early | late | ((rows.number_delivered > 0) != rows.first_delivery.notna())).sum())


def poland_in_korea() -> float:
    """Value of Poland's contracts with Korean firms, in billion dollars: the total of the first and the second ones.

    Rows ``is_total`` and the two second executive contracts of ``arms_korea_poland``; framework agreements are left
    out.
    """
    rows = load("arms_korea_poland")
    return float(rows.value_usd_bn[rows.is_total | rows.contract_id.isin(SECOND_CONTRACTS)].sum())


def polish_orders(weapon: str, year: int | None = None) -> int:
    """Items of a Korean weapon that Poland ordered, in one year or in all, by part of its designation ("K-9").

    Source: ``arms_ip4_orders``.
    """
    rows = ordered("KOR", "POL", weapon)
    return int(rows.number_ordered[(rows.order_year == year) | (year is None)].sum())


def contracted(column: str, contract: str) -> int:
    """Items of one kind in a contract of Poland with a Korean firm ("k9_howitzers"). Source: ``arms_korea_poland``."""
    return int(load("arms_korea_poland").set_index("contract_id")[column][contract])


def supplied(recipient: str, supplier: str, block: str) -> float:
    """Volume from one of the largest suppliers of a recipient in five years, million TIV. ``arms_top_suppliers``."""
    rows = load("arms_top_suppliers").query("recipient_id == @recipient and supplier_iso3 == @supplier")
    return float(rows.set_index("block").tiv_m[block])


def published(entity: str, indicator: str, block: str | None = None, *, column: str = "published_pct") -> float:
    """A percentage as SIPRI's fact sheets print it. Source: ``arms_published``.

    block: may be left out where the indicator was read in one block only. column: "recomputed_pct" for the same
    measure computed from the register.
    """
    rows = load("arms_published").query("entity_id == @entity and indicator == @indicator").set_index("block")
    return float(rows[column][block] if block else rows[column].item())


def gap_recomputed_changes() -> float:
    """Largest difference, in points, of recomputed changes of imports, ``arms_published`` less ``arms_ip4_flows``."""
    rows = load("arms_published").query("indicator == 'imports_change_pct'").dropna(subset="recomputed_pct")
    return max(abs(gap_recomputed_change(row.iso3, row.block)) for row in rows.itertuples())


def gap_us_shares(table: str) -> float:
    """Largest difference, in points, of the American shares of a table to those of ``arms_supplier_groups``.

    table: "arms_published" (its recomputed shares, all blocks) or "arms_top_suppliers" (2021-25).
    """
    groups = load("arms_supplier_groups").query("supplier_group == @US")
    if table == "arms_published":
        rows = load("arms_published").query("indicator == 'us_share_of_imports_pct'")
        both = rows.merge(groups, left_on=["entity_id", "block"], right_on=["recipient_id", "block"])
        return float((both.recomputed_pct - both.share_pct).abs().max())
    rows = load("arms_top_suppliers").query("supplier_iso3 == 'USA' and block == '2021-25'")
    both = rows.merge(groups, on=["recipient_id", "block"])
    return float((both.share_pct_x - both.share_pct_y).abs().max())


def gap_recomputed_change(recipient: str, block: str) -> float:
    """Points by which one recomputed change of imports in ``arms_published`` is above that of ``arms_ip4_flows``."""
    first = int(block[:4])
    there = published(recipient, "imports_change_pct", block, column="recomputed_pct")
    return there - _import_change(recipient, first, first + 4)


def gap_australian_tanks() -> int:
    """Tanks that Australia delivered in ``arms_ip4_orders`` less its tanks for Ukraine in ``ukraine_heavy_weapons``."""
    given = load("ukraine_heavy_weapons").query("iso3 == 'AUS' and weapon_class == 'tanks'").n_items.sum()
    return int(ordered("AUS", weapon="M-1A1 Abrams").number_delivered.sum() - given)


def gap_partners_to_flows() -> float:
    """Largest difference, in points, of the American share of the partners' imports 2021-25 between two tables.

    Compares ``arms_supplier_groups`` with ``arms_ip4_flows``.
    """
    return max(
        abs(import_share(partner, "USA", 2021, 2025) - group_share(partner, US, "2021-25"))
        for partner in members("IP4")
    )


def gap_members_to_aggregate() -> float:
    """Largest difference of the members' imports added up to those of European NATO, in percent of the latter.

    Blocks that do not overlap, ``arms_supplier_groups``; the members after ``memberships``.
    """
    rows = load("arms_supplier_groups").query("is_nonoverlapping")
    added = rows[rows.iso3.isin(european_nato())].groupby("block").tiv_m.sum()
    whole = rows[rows.recipient_id == "EUR_NATO"].groupby("block").tiv_m.sum()
    return float((100 * added / whole - 100).abs().max())


def ranks_out_of_order(tolerance: float = 0.05) -> int:
    """Rows of ``arms_top_suppliers`` whose volume is above that of the rank before, by more than a rounding (TIV m)."""
    rows = load("arms_top_suppliers").sort_values(["recipient_id", "block", "rank"])
    return int(rows.groupby(["recipient_id", "block"]).tiv_m.diff().gt(tolerance).sum())
