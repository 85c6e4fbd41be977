"""Files made for the tests in the layout of the publishers, from rows like the course's; and a server."""

from __future__ import annotations

import http.server
import io
import json
import re
import threading
import zipfile

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.styles.colors import Color

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Site:
    """A web server on this computer. ``pages[path] = (status, content type, body, announced length or None)``."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple] = {}
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                status, kind, body, length = site.pages.get(self.path.split("?")[0], (404, "text/html", b"gone", None))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, kind: str, body: bytes | str, status: int = 200, length: int | None = None) -> None:
        self.pages[path] = (status, kind, body if isinstance(body, bytes) else body.encode("utf-8"), length)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def xlsx(book: Workbook, day: str) -> bytes:
    """The workbook as bytes, saved on a given day (openpyxl stamps today: the stamp is replaced); "": without a day."""
    file, out = io.BytesIO(), io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, _stamped(old.read(part), day))
    return out.getvalue()


def _stamped(part: bytes, day: str) -> bytes:
    if not day:
        return re.sub(rb"<dcterms:(\w+)[^>]*>[^<]*</dcterms:\w+>", b"", part)
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + day.encode() + b"T09:00:00Z", part)


def world_bank(rows: pd.DataFrame, day: str) -> dict[str, str]:
    """indicator -> JSON text of the API, one page."""
    columns = {
        "NY.GDP.MKTP.CD": ("GDP (current US$)", "gdp_usd_m", 1e6),
        "SP.POP.TOTL": ("Population, total", "population", 1),
        "NY.GDP.PCAP.PP.KD": ("GDP per capita, PPP (constant 2021 international $)", "gdp_per_capita_ppp_usd", 1),
    }
    found = {}
    for code, (label, column, factor) in columns.items():
        data = [
            {
                "indicator": {"id": code, "value": label},
                "country": {"id": r.iso3[:2], "value": r.iso3},
                "countryiso3code": r.iso3,
                "date": str(r.year),
                "value": None if pd.isna(getattr(r, column)) else float(getattr(r, column)) * factor,
                "unit": "",
                "obs_status": "",
                "decimal": 0,
            }
            for r in rows.itertuples()
        ]
        data.append({**data[0], "countryiso3code": "", "value": 1.0})
        found[code] = json.dumps(
            [{"page": 1, "pages": 1, "per_page": 20000, "total": len(data), "sourceid": "2", "lastupdated": day}, data]
        )
    return found


def sipri(
    rows: pd.DataFrame,
    names: dict[str, str],
    day: str,
    base: int = 2024,
    last: int | None = None,
    inflate: float = 1.0,
    indexed: bool = False,
) -> bytes:
    """The workbook; constant dollars are given in prices of ``base``: ``inflate`` times those of the rows.

    indexed: as the publisher writes it, colours by their number in Excel's palette and years as 2023.0.
    """
    book = Workbook()
    book.active.title = "Front page"
    years = range(1949, (last or int(rows.year.max())) + 1)
    colours = {"sipri_estimate": Font(color="FF0000FF"), "highly_uncertain": Font(color="FFFF0000")}
    if indexed:
        colours = {"sipri_estimate": Font(color=Color(indexed=12)), "highly_uncertain": Font(color=Color(indexed=10))}
    for title, column, factor, extra in (
        (f"Constant ({base}) US$", "constant_2024_usd_m", inflate, [None]),
        ("Share of GDP", "share_gdp_pct", 0.01, []),
        ("Current US$", "current_usd_m", 1, []),
    ):
        sheet = book.create_sheet(title)
        for line in ("Military expenditure", "Figures in blue are estimates", "", "", ""):
            sheet.append([line])
        sheet.append(["Country", *extra, "Notes", *(map(float, years) if indexed else years)])
        sheet.append(["Africa"])
        for iso3, series in rows.groupby("iso3"):
            first, cells = series.iloc[0], series.set_index("year")
            marks = (
                "§" * int(first.uses_adopted_budget)
                + "†" * int(first.excludes_pensions)
                + "¶ 12" * int(first.excludes_paramilitary)
            )
            values = [cells[column].get(year) for year in years]
            sheet.append(
                [
                    names[iso3],
                    *extra,
                    marks,
                    *("..." if value is None or pd.isna(value) else value * factor for value in values),
                ]
            )
            for n, year in enumerate(years):
                if year in cells.index and cells.data_flag[year] in colours:
                    sheet.cell(sheet.max_row, n + 3 + len(extra)).font = colours[cells.data_flag[year]]
    return xlsx(book, day)


def nato(allies: pd.DataFrame, sums: pd.DataFrame, names: dict[str, str], day: str, old: bool = False) -> bytes:
    """The workbook of one edition: tables 2, 3, 7, 8a, 8b.

    old: in the layout of 2024, with the years once over all blocks and every name two columns further right.
    """
    book = Workbook()
    book.remove(book.active)
    blocks = {
        "2": [
            ("Current prices and exchange rates", "current_usd_m"),
            ("Constant 2021 prices and exchange rates", "constant_usd_m"),
        ],
        "3": [("Share of real GDP (%)", "share_gdp_pct"), ("Annual real change (%)", "real_change_pct")],
        "7": [("Thousands", "personnel_thousand")],
        "8a": [("Equipment (%)", "equipment_share_pct"), ("Personnel (%)", "personnel_share_pct")],
        "8b": [("Infrastructure (%)", "infrastructure_share_pct"), ("Other (%)", "other_share_pct")],
    }
    years = sorted(allies.year.unique())
    header = [None, *(f"{year}e" if allies[allies.year == year].is_estimate.iloc[0] else int(year) for year in years)]
    for number, parts in blocks.items():
        sheet = book.create_sheet(f"Table {number}")
        put = _further_right(sheet) if old else sheet.append
        put([f"Table {number}{' ' * old}: Core defence expenditure"])
        if old:
            put(header)
        for heading, column in parts:
            put([heading])
            if not old:
                put(header)
            for iso3, series in allies.groupby("iso3"):
                put([names[iso3] + ("*" if iso3 == "SVN" else ""), *_cells(series, column)])
            for label, key in (("NATO Europe and Canada", "europe_canada"), ("NATO Total", "nato_total")):
                series = sums[sums["aggregate"] == key]
                put([label, *(_cells(series, column) if column in series else [".."] * len(years))])
            put([None])
        put(["Notes: Figures for the last two years are estimates."])
    return xlsx(book, day)


def _further_right(sheet):
    """A function that appends rows with two empty columns before them, and an empty row above the first."""
    sheet.append([None])
    return lambda row: sheet.append([None, None, *row])


def _cells(series: pd.DataFrame, column: str) -> list:
    return [".." if pd.isna(value) else float(value) for value in series.sort_values("year")[column]]


def kiel(
    monthly: pd.DataFrame,
    donors: pd.DataFrame,
    origin: pd.DataFrame,
    weapons: pd.DataFrame,
    names: dict[str, str],
    release: int,
    day: str,
) -> dict[str, str]:
    """file name -> CSV text, as the tracker's website loads them."""
    kinds = ["total", "financial", "humanitarian", "military", "commitments"]
    rows = monthly.merge(donors[["donor_id", "gdp_2021_eur_bn"]], on="donor_id")
    rows = rows[rows[[f"{kind}_eur_bn" for kind in kinds]].abs().sum(axis=1) > 0]
    explorer = pd.DataFrame(
        {
            "country": rows.iso3.map(names).fillna("EU (Commission and Council)"),
            "iso": rows.iso3.fillna(""),
            "year": rows.month.dt.year,
            "month": rows.month.dt.month,
            **{kind: rows[f"{kind}_eur_bn"] for kind in kinds},
            "gdp": rows.gdp_2021_eur_bn,
            "pct_gdp": 0.1,
        }
    )
    totals = (
        explorer.groupby(["year", "month"])[kinds].sum().reset_index().rename(columns={"total": "total_allocations"})
    )
    members = donors[donors.eu_share_eur_bn.notna()]
    shares = pd.DataFrame(
        {
            "country": members.iso3.map(names),
            "iso": members.iso3,
            "eu_share_bn": members.eu_share_eur_bn,
            "total_pct_gdp": members.total_with_eu_share_pct_gdp,
        }
    )
    trends = origin.assign(year=origin.month.dt.year, month=origin.month.dt.month).rename(
        columns=lambda c: c.removesuffix("_eur_bn")
    )
    classes = {
        "air defense": "Air Defense",
        "howitzers": "Howitzers",
        "infantry fighting vehicles": "IFV",
        "multiple launch rocket systems": "MLRS",
        "tanks": "Tanks",
    }
    arms = pd.DataFrame(
        {
            "donor": weapons.iso3.map(names),
            "category": weapons.weapon_class.map(classes),
            "number_of_weapons": weapons.n_items,
            "monetary_value_eur": (weapons.value_eur_m * 1e6).round(),
            "weapons_list": weapons["items"],
        }
    )
    info = pd.DataFrame(
        {
            "release": [release],
            "period": ["06/2026"],
            "date": [day],
            "label": [f"Ukraine Support Tracker, Release {release} (06/2026)"],
        }
    )
    files = {
        "data_explorer": explorer,
        "total_allocations": totals,
        "eu_aid_shares": shares,
        "weapons": arms,
        "release_info": info,
        "procurement_trends": trends[["year", "month", "stockpile", "procurement", "unspecified", "nato_purl"]],
    }
    return {f"{name}.csv": table.to_csv(index=False) for name, table in files.items()}


def un_votes(votes: pd.DataFrame, calls: pd.DataFrame) -> str:
    """The library's CSV: one row a member and resolution of 2025, and a row of another year."""
    calls = calls[(calls.date.dt.year == 2025) & ~calls.resolution.str.startswith("A/DEC/")]
    rows = votes[["resolution", "iso3", "vote"]].merge(calls.drop(columns="source_id"), on="resolution")
    marks = {"yes": "Y", "no": "N", "abstain": "A", "not_voting": "X"}
    data = pd.DataFrame(
        {
            "undl_id": rows.undl_url.str.rsplit("/", n=1).str[1],
            "ms_code": rows.iso3,
            "ms_name": rows.iso3,
            "ms_vote": rows.vote.map(marks),
            "date": rows.date.dt.strftime("%Y-%m-%d"),
            "session": rows.is_special_session.map({True: "ES-11", False: "80"}),
            "resolution": "A/RES/" + rows.resolution,
            "draft": "",
            "committee_report": "",
            "meeting": "",
            "title": rows.title + " : resolution / adopted by the General Assembly",
            "agenda_title": "",
            "subjects": "",
            "vote_note": "",
            "total_yes": rows.yes.astype(float),
            "total_no": rows.no.astype(float),
            "total_abstentions": rows.abstain.astype(float),
            "total_non_voting": rows.not_voting.astype(float),
            "total_ms": 193.0,
            "undl_link": rows.undl_url + "?ln=en",
        }
    )
    return pd.concat([data.head(1).assign(date="1999-01-05"), data]).to_csv(index=False)
