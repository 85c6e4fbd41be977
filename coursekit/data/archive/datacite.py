"""Metadata in the schema of DataCite, for whoever deposits the archive: the repository adds the DOI."""

from __future__ import annotations

from coursekit import tables
from coursekit.data.archive import contents

SCHEMA = "http://datacite.org/schema/kernel-4"


def datacite(names: list[str], size: int) -> dict:
    """What DataCite's schema 4.5 wants to know of the archive of the tables ``names``; ``size``: bytes of its files."""
    about, day = contents.citation(), contents.created(names)
    team = contents.authors()
    return {
        "creators": [creator(entry) for entry in about["authors"]],
        "titles": [{"title": about["title"], "lang": "en"}],
        "publisher": {"name": team[0]},
        "publicationYear": day[:4],
        "subjects": [{"subject": word} for word in about["keywords"]],
        "dates": [{"date": day, "dateType": "Collected"}],
        "language": "en",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Compiled tables with codebook"},
        "relatedIdentifiers": [derived_from(address) for address in addresses(names)],
        "sizes": [f"{len(names)} tables", f"{size} bytes"],
        "formats": ["text/csv", "application/vnd.apache.parquet", "application/vnd.sqlite3"],
        "version": str(about["version"]),
        "rightsList": [rights(entry) for entry in licences(names)],
        "descriptions": [{"description": about["abstract"], "descriptionType": "Abstract", "lang": "en"}],
        "schemaVersion": SCHEMA,
    }


def creator(entry: dict) -> dict:
    """An author of CITATION.cff as DataCite's creator: a team by its name, a person by both names."""
    if "name" in entry:
        return {"name": entry["name"], "nameType": "Organizational"}
    given, family = entry["given-names"], entry["family-names"]
    return {"name": f"{family}, {given}", "givenName": given, "familyName": family, "nameType": "Personal"}


def addresses(names: list[str]) -> list[str]:
    """Addresses of the publications from which the tables were made, each once."""
    found = [entry["path"] for name in names for entry in tables.manifest(name)["sources"] if "path" in entry]
    return list(dict.fromkeys(found))


def derived_from(address: str) -> dict:
    """The relation of the archive to a publication."""
    return {"relatedIdentifier": address, "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}


def licences(names: list[str]) -> list[dict]:
    """The licences of the tables by identifier, each once, in the words of the first manifest that has it."""
    found = [entry for name in names for entry in tables.manifest(name)["licenses"]]
    return list({entry["name"]: entry for entry in reversed(found)}.values())[::-1]


def rights(entry: dict) -> dict:
    """A licence of a manifest as DataCite's rights."""
    address = {"rightsUri": entry["path"]} if "path" in entry else {}
    return {"rights": entry["title"], "rightsIdentifier": entry["name"].lower(), **address}
