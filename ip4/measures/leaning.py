"""Between Washington and Beijing: agreement at the UN of the states outside NATO, the EU and the OECD with both.

Scores run from 0 to 1, as in ``votes``. Tables: un_agreement, memberships, countries.
"""

from __future__ import annotations

import pandas as pd

from ip4.measures import votes
from ip4.measures.camps import BEFORE, FIRST, WEST


def lean() -> pd.DataFrame:
    """Median agreement of states outside NATO, the EU and the OECD: basis (in words), year, with (name), agreement.

    Scores 0 to 1, three decimals; years without scores (2024) are rows without a value. Source: un_agreement.
    """
    outside, found = votes.outside(*WEST), []
    for basis, words in votes.BASES.items():
        for reference in ("USA", "CHN"):
            series = votes.median_agreement(outside, None, reference, basis)
            series = series.loc[FIRST:].reindex(range(FIRST, votes.YEAR + 1)).round(3)
            part = series.rename("agreement").rename_axis("year").reset_index()
            found.append(part.assign(basis=words, reference=votes.REFERENCES[reference]))
    return pd.concat(found, ignore_index=True)[["basis", "year", "reference", "agreement"]]


def lean_captions() -> pd.DataFrame:
    """What to say for each basis of ``lean``: basis, caption with the scores of 2021 and 2025."""
    wide = lean().set_index(["basis", "year", "reference"]).agreement
    said = [
        f"{words[0].upper()}{words[1:]}: with China {wide[words, BEFORE, 'China']:.2f} in {BEFORE} and "
        f"{wide[words, votes.YEAR, 'China']:.2f} in {votes.YEAR}, with the United States "
        f"{wide[words, BEFORE, 'the United States']:.2f} and {wide[words, votes.YEAR, 'the United States']:.2f}"
        for words in votes.BASES.values()
    ]
    return pd.DataFrame({"basis": list(votes.BASES.values()), "caption": said})
