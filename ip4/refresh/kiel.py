"""Kiel Institute, Ukraine Support Tracker: the data files that the institute publishes with each release.

The workbook's own address changes with every release. These files, which the institute extracts from it for the
charts of the tracker, keep their addresses and their layout, and the course's tables were compiled from them.
``total_allocations`` holds the published sums of all donors by month: the donors' rows must reproduce them.
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit.tables import TableError
from ip4.groups import members
from ip4.refresh.layout import iso3_of, need, refuse_gap

KINDS = ["military", "financial", "humanitarian", "total", "commitments"]
ORIGINS = ["stockpile", "procurement", "unspecified", "nato_purl"]
EU, START, FIRST_MONTH = "EU_INST", "2022-01-24", pd.Timestamp(2022, 1, 1)
CHANNEL_DAY = "2024-12-31"  # channels use the NATO membership of 2024 in all months
SHARES = ("country", "bilateral_pct_gdp", "eu_share_pct_gdp", "total_pct_gdp")
WEAPON_COLUMNS = ["donor", "category", "number_of_weapons", "monetary_value_eur", "weapons_list"]
WEAPONS = {
    "Air Defense": "air defense",
    "Howitzers": "howitzers",
    "IFV": "infantry fighting vehicles",
    "MLRS": "multiple launch rocket systems",
    "Tanks": "tanks",
}


def monthly(files: list, table: pd.DataFrame) -> dict:
    """One row a donor and month, zeros included. Files: data_explorer, total_allocations, release_info."""
    rows = _months(files[0], files[1])
    donors = _donors(rows)
    grid = pd.MultiIndex.from_product(
        [donors.index, pd.date_range(FIRST_MONTH, rows.month.max(), freq="MS")], names=["donor_id", "month"]
    )
    wide = (
        rows.groupby(["donor_id", "month"])[KINDS]
        .sum()
        .reindex(grid, fill_value=0.0)
        .add_suffix("_eur_bn")
        .round(6)
        .reset_index()
    )
    wide = wide.merge(donors[["iso3", "donor_type", "channel"]], left_on="donor_id", right_index=True)
    return _edition(wide.assign(is_partial_month=wide.month == FIRST_MONTH), files[2], table)


def donors(files: list, table: pd.DataFrame) -> dict:
    """One row a donor, whole period. Files: data_explorer, total_allocations, eu_aid_shares, release_info.

    Shares of GDP are computed here: release 29 prints another amount for Slovenia beside its share than in its months.
    Military aid of the EU institutions counts as recorded from the first release that has some.
    """
    rows = _months(files[0], files[1])
    wide = _donors(rows).join(rows.groupby("donor_id")[KINDS].sum().round(6).add_suffix("_eur_bn"))
    shares = _csv(files[2], ["iso", "eu_share_bn"], SHARES).set_index("iso")
    refuse_gap("EU aid attributed to members, billion euro", shares.eu_share_bn.sum(), wide.total_eur_bn[EU], 0.01)
    gdp = rows.groupby("donor_id").gdp.first().drop(EU).reindex(wide.index)
    given = rows.groupby("donor_id")[["military", "total"]].sum()  # shares come from amounts that nobody has rounded
    wide = wide.assign(
        gdp_2021_eur_bn=gdp.round(4),
        military_pct_gdp=(100 * given.military / gdp).round(4),
        total_pct_gdp=(100 * given.total / gdp).round(4),
        eu_share_eur_bn=shares.eu_share_bn.round(6),
        total_with_eu_share_pct_gdp=(100 * (given.total + shares.eu_share_bn) / gdp).round(4),
        military_recorded=(wide.index != EU) | (given.military > 0),
        period_start=pd.Timestamp(START),
        period_end=rows.month.max() + pd.offsets.MonthEnd(0),
    )
    return _edition(wide.reset_index(), files[3], table)


def origin(files: list, table: pd.DataFrame) -> dict:
    """One row a month: origin of military aid.

    Files: procurement_trends, data_explorer, total_allocations, release_info.
    """
    rows = _months(files[1], files[2])
    wide = _csv(files[0], ["year", "month", *ORIGINS])
    wide = wide.assign(month=_first_days(wide)).set_index("month")[ORIGINS].add_suffix("_eur_bn")
    if wide.index.max() != rows.month.max():
        raise TableError(f"Origins end in {wide.index.max():%Y-%m}, donors in {rows.month.max():%Y-%m}; try later.")
    rest = rows.groupby("month").military.sum().reindex(wide.index, fill_value=0.0) - wide.sum(axis=1)
    wide = wide.assign(not_classified_eur_bn=rest).round(6) + 0.0  # no zero is written with a minus
    wide = wide.reset_index()
    return _edition(wide.assign(is_partial_month=wide.month == FIRST_MONTH), files[3], table)


def weapons(files: list, table: pd.DataFrame) -> dict:
    """One row a donor and class of heavy weapons. Files: weapons, release_info.

    A value under 10,000 euro an item is marked as doubtful.
    """
    rows = _csv(files[0], WEAPON_COLUMNS)
    states = iso3_of(rows.donor)
    strange = sorted({*rows.donor} - {*states} | {*rows.category} - {*WEAPONS})
    if strange:
        raise TableError(f"The tracker's list of weapons has new names ({', '.join(strange)}); add them to the reader.")
    value = rows.monetary_value_eur / 1e6
    wide = pd.DataFrame(
        {
            "iso3": rows.donor.map(states),
            "weapon_class": rows.category.map(WEAPONS),
            "n_items": rows.number_of_weapons,
            "value_eur_m": value.round(2),
            "is_value_doubtful": value / rows.number_of_weapons < 0.01,
            "items": rows.weapons_list,
        }
    )
    return _edition(wide, files[1], table)


def _csv(path, columns: list[str], known: tuple = ()) -> pd.DataFrame:
    """A file of the tracker with the columns that are used; an empty cell stays missing, and text is no number."""
    table = pd.read_csv(path, keep_default_na=False, na_values=[""])
    need(table.columns, columns, path.name, known)
    return table


def _first_days(table: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(table[["year", "month"]].assign(day=1))


def _months(explorer, totals) -> pd.DataFrame:
    """Rows of the data explorer with donor_id and month; their sums by kind must be the published ones."""
    rows = _csv(explorer, ["country", "iso", "year", "month", "gdp", *KINDS], ("to_be_allocated", "pct_gdp"))
    published = _csv(totals, ["total_allocations", "military", "financial", "humanitarian"], ("year", "month")).sum()
    for kind in KINDS[:4]:
        refuse_gap(
            f"{kind} aid of all donors, billion euro",
            rows[kind].sum(),
            published["total_allocations" if kind == "total" else kind],
            0.001,
        )
    is_state = rows.iso.astype(str).str.fullmatch("[A-Z]{3}")
    _refuse_strangers(rows.country[~is_state])
    return rows.assign(month=_first_days(rows), donor_id=rows.iso.where(is_state, EU))


def _refuse_strangers(names: pd.Series) -> None:
    """Only the EU's institutions may lack the code of a state."""
    strange = sorted(name for name in names.astype(str).unique() if not re.match(r"EU\b|European (Union|Comm)", name))
    if strange:
        raise TableError(f"The tracker has donors without the code of a state ({', '.join(strange)}); mend the reader.")


def _donors(rows: pd.DataFrame) -> pd.DataFrame:
    """donor_id -> iso3, donor_type, channel."""
    groups = [
        ("IP4", members("IP4")),
        ("Other NATO allies", members("NATO", on=CHANNEL_DAY)),
        ("EU members", members("EU")),
        ("United States", ["USA"]),
    ]
    channel = {iso3: name for name, group in groups for iso3 in group}
    ids = pd.Index(sorted(rows.donor_id.unique()), name="donor_id")
    return pd.DataFrame(
        {
            "iso3": [None if i == EU else i for i in ids],
            "donor_type": ["eu_institutions" if i == EU else "state" for i in ids],
            "channel": ["EU institutions" if i == EU else channel.get(i, "Other donors") for i in ids],
        },
        index=ids,
    )


def _edition(rows: pd.DataFrame, info, table: pd.DataFrame) -> dict:
    release = _csv(info, ["release", "period", "date", "label"]).iloc[0]
    source = f"KIEL_UST_R{release.release}"
    return {
        "rows": rows.assign(source_id=source)[list(table.columns)],
        "vintage": str(release.date),
        "sources": [
            {"source_id": source, "like": "KIEL_UST_R29", "vintage": str(release.date), "title": str(release.label)}
        ],
    }
