"""World Bank, World Development Indicators API, version 2: gross domestic product, population, income per head.

Each file is one indicator in JSON: ``[{page, pages, lastupdated ...}, [{indicator, countryiso3code, date, value}
...]]``.
"""

from __future__ import annotations

import pandas as pd

from coursekit.tables import TableError

COLUMNS = {"NY.GDP.MKTP.CD": "gdp_usd_m", "SP.POP.TOTL": "population", "NY.GDP.PCAP.PP.KD": "gdp_per_capita_ppp_usd"}
PPP_BASE = "2021"  # the unit that the manifest states


def tidy(files: list, table: pd.DataFrame) -> dict:
    """One row a country and year, for the countries that the table has; years without any value are left out."""
    wide = pd.concat([_indicator(content) for content in files], axis=1).reset_index()
    wide = wide[wide.iso3.isin(table.iso3)].dropna(subset=list(COLUMNS.values()), how="all")
    vintage = max(content[0]["lastupdated"] for content in files)
    source = f"WB-WDI-{vintage[:4]}"
    rows = wide.assign(gdp_usd_m=wide.gdp_usd_m / 1e6).round({column: 0 for column in COLUMNS.values()})
    return {
        "rows": rows.assign(source_id=source, other_source_ids=None),
        "vintage": vintage,
        "sources": [
            {
                "source_id": source,
                "like": "WB-GDP",
                "title": f"World Development Indicators ({', '.join(COLUMNS)})",
                "url": "https://databank.worldbank.org/source/world-development-indicators",
                "vintage": vintage,
            }
        ],
    }


def _indicator(content) -> pd.Series:
    """One indicator as a column, indexed by iso3 and year. Raises TableError for a message or a part of the pages."""
    if len(content) < 2 or not content[1]:
        raise TableError(
            f"The World Bank answered with a message instead of data ({str(content)[:120]}); try again later."
        )
    if int(content[0]["pages"]) > 1:
        raise TableError(
            f"The World Bank sent page 1 of {content[0]['pages']}; raise per_page in the address of the manifest."
        )
    rows = pd.DataFrame(content[1])
    code, label = rows.indicator[0]["id"], rows.indicator[0]["value"]
    if code.endswith(".PP.KD") and PPP_BASE not in label:
        raise TableError(
            f"The World Bank now counts '{label}', not dollars of {PPP_BASE}; change the unit in the manifest and here."
        )
    index = pd.MultiIndex.from_arrays([rows.countryiso3code, rows.date.astype(int)], names=["iso3", "year"])
    return pd.Series(pd.to_numeric(rows.value).to_numpy(), index, name=COLUMNS[code]).loc[
        lambda s: s.index.get_level_values(0) != ""
    ]
