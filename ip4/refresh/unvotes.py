"""UN Digital Library, voting data of the General Assembly: one large CSV, one row a member and adopted resolution.

Votes are Y, N, A and X (not voting). The file also prints the totals of each resolution, which the votes must
reproduce. The calendar years that the manifest asks for are read, as far as the file has votes of them; the tables keep
their rows of other years, and the notes and further sources that
they have on a resolution. The file holds resolutions only, so a decision that the tables have from its own record is
kept as it is.
"""

from __future__ import annotations

import re

import pandas as pd

from coursekit.tables import TableError, load
from ip4.refresh.layout import need

VOTES = {"Y": "yes", "N": "no", "A": "abstain", "X": "not_voting", "": "not_voting"}
RECORD = "https://digitallibrary.un.org/record/4060887"
TOTALS = {"yes": "total_yes", "no": "total_no", "abstain": "total_abstentions", "not_voting": "total_non_voting"}
OURS = ["other_source_ids", "note"]  # columns of the tables that the library does not know
COLUMNS = ["ms_code", "ms_vote", "date", "session", "resolution", "title", "undl_link", *TOTALS.values()]
CHUNK = 100_000


def votes(files: list, table: pd.DataFrame, years: dict[str, int]) -> dict:
    """The table with the votes of some calendar years read anew: one row a member and resolution.

    years: the first under ``from``, the last under ``to``.
    """
    data = _read(files[0], years)
    rows = data.rename(columns={"ms_code": "iso3"})[["resolution", "iso3", "vote", "year"]]
    return _edition(rows.assign(vote_basis="recorded"), table, _day(files[0], data))


def rollcalls(files: list, table: pd.DataFrame, years: dict[str, int]) -> dict:
    """The table with the recorded votes of some calendar years and their printed totals read anew."""
    data = _read(files[0], years)
    rows = data.drop_duplicates("resolution").rename(columns={total: name for name, total in TOTALS.items()})
    rows = rows.assign(
        date=pd.to_datetime(rows.date),
        title=rows.title.str.split(r"\s*:\s*resolution", n=1, regex=True).str[0],
        is_special_session=rows.session.astype(str).str.contains("ES"),
        undl_url=rows.undl_link.str.extract(r"(https://digitallibrary\.un\.org/record/\d+)")[0],
        coverage="recorded",
        n_votes_known=rows.resolution.map(data.resolution.value_counts()),
    )
    return _edition(rows[["year", *(c for c in table.columns if c in rows)]], table, _day(files[0], data))


def _read(path, years: dict[str, int]) -> pd.DataFrame:
    """All rows of some years, read in parts because the file holds every vote since 1946."""
    first, last = f"{years['from']}-", f"{years['to'] + 1}-"
    need(pd.read_csv(path, nrows=0).columns, COLUMNS, path.name)
    parts = pd.read_csv(path, usecols=COLUMNS, dtype=str, keep_default_na=False, chunksize=CHUNK)
    data = pd.concat([part[(part.date >= first) & (part.date < last)] for part in parts])
    if data.empty:
        raise TableError(
            f"{path.name} has no vote of {years['from']} to {years['to']}; it is another file or is cut short."
        )
    strange = sorted({*data.ms_vote} - {*VOTES})
    if strange:
        raise TableError(f"{path.name}: unknown vote marks {', '.join(strange)}; mend the reader.")
    totals = {total: pd.to_numeric(data[total]).astype(int) for total in TOTALS.values()}
    data = data.assign(year=data.date.str[:4].astype(int), vote=data.ms_vote.map(VOTES), **totals)
    data = data.assign(resolution=data.resolution.str.removeprefix("A/RES/"))
    _check_totals(data)
    return data


def _day(path, data: pd.DataFrame) -> str:
    """Day of the edition, which begins the name of the library's file; else of the last vote."""
    named = re.match(r"(\d{4})_(\d{1,2})_(\d{1,2})", path.name)
    return "-".join(part.zfill(2) for part in named.groups()) if named else data.date.max()


def _check_totals(data: pd.DataFrame) -> None:
    counted = pd.crosstab(data.resolution, data.vote).reindex(columns=list(TOTALS), fill_value=0)
    printed = data.groupby("resolution")[list(TOTALS.values())].first()
    wrong = counted.index[(counted.to_numpy() != printed.loc[counted.index].to_numpy()).any(axis=1)]
    if len(wrong):
        raise TableError(
            f"The votes on {wrong[0]} do not give its printed totals ({len(wrong)} such cases); the file is incomplete."
        )


def _edition(rows: pd.DataFrame, table: pd.DataFrame, day: str) -> dict:
    known, years = load("un_resolutions"), sorted(rows.year.unique())
    read_anew = known.resolution[known.date.dt.year.isin(years) & ~known.resolution.str.startswith("A/DEC/")]
    kept = table[~table.resolution.isin([*rows.resolution, *read_anew])]
    key = [column for column in ("resolution", "iso3") if column in table]
    rows = rows.merge(table[[*key, *(column for column in OURS if column in table)]], on=key, how="left")
    rows = rows.assign(source_id=[f"UNDL-{year}-{day}" for year in rows.year]).drop(columns="year")
    return {
        "rows": pd.concat([rows, kept], ignore_index=True),
        "vintage": day,
        "sources": [_source(f"UNDL-{year}-{day}", day) for year in years],
    }


def _source(source_id: str, day: str) -> dict:
    return {
        "source_id": source_id,
        "like": "UNDL-2025",
        "title": "General Assembly voting data",
        "url": RECORD,
        "vintage": day,
        "kind": "primary",
    }
