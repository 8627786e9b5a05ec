"""Bones by site: what is known of them, each value with its source and grade (`geometry/sites.toml`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Literal

from pydantic import Field

import geometry
from fea.loads.tables import Length, Number, Positive, Table, Text, read_table
from materials.entry import check_origin

#: The file that ships with the program.
SITES_FILE = Path(geometry.__file__).with_name("sites.toml")

Share = Annotated[Number, Field(gt=0, lt=1)]
Sex = Literal["male", "female"]


class OriginTable(Table):
    """Where something comes from."""

    grade: Text
    source: Text
    note: str = ""


class KnownTable(OriginTable):
    """A value and how it varies among people."""

    value: Positive
    sd: Positive | None = None

    def at(self, percentile: float | None) -> float:
        """Return the value of a percentile of a normal distribution; the mean where there is none."""
        if percentile is None or self.sd is None:
            return self.value
        return self.value + self.sd * NormalDist().inv_cdf(percentile / 100)


class SiteSectionTable(Table):
    """The section of a bone at a share of its length from the distal end."""

    share: Share
    outer_anteroposterior_mm: Length
    outer_mediolateral_mm: Length
    canal_share: Positive | None = None
    cortical_wall_mm: Length | None = None
    outer_triangularity: Number = 0.0
    outer_apex_deg: Number = 0.0


class OfSexTable(Table):
    """What is known of one sex."""

    whole_length_mm: KnownTable | None = None
    bow_radius_mm: KnownTable | None = None
    canal_width_mm: KnownTable | None = None


class SiteTable(Table):
    """One bone."""

    title: Text
    whole_length_mm: KnownTable
    bow_radius_mm: KnownTable | None = None
    canal_width_mm: KnownTable | None = None
    stump_share: KnownTable
    shaft: tuple[Share, Share]
    sections: OriginTable
    section: Annotated[tuple[SiteSectionTable, ...], Field(min_length=3)]
    male: OfSexTable | None = None
    female: OfSexTable | None = None

    def known(self, name: str, sex: Sex | None) -> KnownTable | None:
        """Return a value, that of a sex where it is known."""
        own = getattr(self, sex) if sex else None
        found: KnownTable | None = getattr(own, name, None) or getattr(self, name)
        return found


class SitesTable(Table):
    """The whole file."""

    sources: dict[str, Text]
    sites: dict[str, SiteTable]


@cache
def read_sites(path: Path = SITES_FILE) -> Mapping[str, SiteTable]:
    """Read the bones by site, sources spelt out.

    Parameters
    ----------
    path : Path

    Returns
    -------
    mapping of str to SiteTable

    Raises
    ------
    CaseError
        Where the file is wrong.
    MaterialError
        Where a source and a grade do not go together.
    """
    file = read_table(path, "file of sites", SitesTable)
    return {name: _spelt(site, file.sources) for name, site in file.sites.items()}


def _spelt(table: Table, sources: Mapping[str, str]) -> SiteTable:
    """Return a table whose sources are spelt out and checked, all the way down."""
    changes: dict[str, object] = {}
    for key in type(table).model_fields:
        value = getattr(table, key)
        if isinstance(value, OriginTable | OfSexTable):
            changes[key] = _spelt(value, sources)
    if isinstance(table, OriginTable):
        changes["source"] = sources[table.source]
        check_origin(sources[table.source], table.grade, table.note)
    return table.model_copy(update=changes)  # type: ignore[return-value]
