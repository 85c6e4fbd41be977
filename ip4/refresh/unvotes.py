"""UN Digital Library, voting data of the General Assembly: one large CSV, one row a member and adopted resolution.

Votes are Y, N, A and X (not voting). The file also prints the totals of each resolution, which the votes must
reproduce. One calendar year is read; the tables keep their rows of other years, and the notes and further sources that
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


def votes(files: list, table: pd.DataFrame, year: int) -> dict:
    """The table with the votes of one calendar year read anew: one row a member and resolution."""
    data = _year(files[0], year)
    rows = data.rename(columns={"ms_code": "iso3"})[["resolution", "iso3", "vote"]].assign(vote_basis="recorded")
    return _edition(rows, table, _day(files[0], data), year)


def rollcalls(files: list, table: pd.DataFrame, year: int) -> dict:
    """The table with the recorded votes of one calendar year and their printed totals read anew."""
    data = _year(files[0], year)
    rows = data.drop_duplicates("resolution").rename(columns={total: name for name, total in TOTALS.items()})
    rows = rows.assign(
        date=pd.to_datetime(rows.date),
        title=rows.title.str.split(r"\s*:\s*resolution", n=1, regex=True).str[0],
        is_special_session=rows.session.astype(str).str.contains("ES"),
        undl_url=rows.undl_link.str.extract(r"(https://digitallibrary\.un\.org/record/\d+)")[0],
        coverage="recorded",
        n_votes_known=rows.resolution.map(data.resolution.value_counts()),
    )
    return _edition(rows[[c for c in table.columns if c in rows]], table, _day(files[0], data), year)


def _year(path, year: int) -> pd.DataFrame:
    """All rows of one year, read in parts because the file holds every vote since 1946."""
    need(pd.read_csv(path, nrows=0).columns, COLUMNS, path.name)
    parts = pd.read_csv(path, usecols=COLUMNS, dtype=str, keep_default_na=False, chunksize=CHUNK)
    data = pd.concat([part[part.date.str.startswith(f"{year}-")] for part in parts])
    if data.empty:
        raise TableError(f"{path.name} has no vote of {year}; it is another file or is cut short.")
    strange = sorted({*data.ms_vote} - {*VOTES})
    if strange:
        raise TableError(f"{path.name}: unknown vote marks {', '.join(strange)}; mend the reader.")
    totals = {total: pd.to_numeric(data[total]).astype(int) for total in TOTALS.values()}
    data = data.assign(resolution=data.resolution.str.removeprefix("A/RES/"), vote=data.ms_vote.map(VOTES), **totals)
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


def _edition(rows: pd.DataFrame, table: pd.DataFrame, day: str, year: int) -> dict:
    known = load("un_resolutions")
    of_year = known.resolution[(known.date.dt.year == year) & ~known.resolution.str.startswith("A/DEC/")]
    kept = table[~table.resolution.isin([*rows.resolution, *of_year])]
    key = [column for column in ("resolution", "iso3") if column in table]
    rows = rows.merge(table[[*key, *(column for column in OURS if column in table)]], on=key, how="left")
    source = f"UNDL-{year}-{day}"
    return {
        "rows": pd.concat([rows.assign(source_id=source), kept], ignore_index=True),
        "vintage": day,
        "sources": [
            {
                "source_id": source,
                "like": "UNDL-2025",
                "title": "General Assembly voting data",
                "url": RECORD,
                "vintage": day,
                "kind": "official",
            }
        ],
    }
