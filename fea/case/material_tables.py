"""Materials as a case file states them: a library name, or constants inline."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from fea.loads.tables import Number, Positive, Table, Text


class IsotropicTable(Table):
    """``material = { youngs_modulus_MPa, poisson_ratio }``."""

    youngs_modulus_MPa: Positive = Field(description="Young's modulus")
    poisson_ratio: Number = Field(gt=-1, lt=0.5, description="Poisson's ratio, above -1 and below 0.5")


class TransverselyIsotropicTable(Table):
    """Isotropic across the bone's axis, another stiffness along it."""

    youngs_modulus_transverse_MPa: Positive = Field(description="Young's modulus across the axis")
    youngs_modulus_axial_MPa: Positive = Field(description="Young's modulus along the axis")
    poisson_ratio_transverse: Number = Field(
        description="nu_12: strain across the axis under stress across it, at right angles"
    )
    poisson_ratio_axial_transverse: Number = Field(
        description="nu_31: strain across the axis under stress along it"
    )
    shear_modulus_axial_transverse_MPa: Positive = Field(description="shear modulus of planes along the axis")


class OrthotropicTable(Table):
    """Nine constants in the radial, circumferential and axial direction of the bone."""

    youngs_modulus_radial_MPa: Positive = Field(description="E_1, Young's modulus along the radius")
    youngs_modulus_circumferential_MPa: Positive = Field(description="E_2, Young's modulus around the axis")
    youngs_modulus_axial_MPa: Positive = Field(description="E_3, Young's modulus along the axis")
    poisson_ratio_radial_circumferential: Number = Field(
        description="nu_12: strain around the axis under stress along the radius"
    )
    poisson_ratio_radial_axial: Number = Field(
        description="nu_13: strain along the axis under stress along the radius"
    )
    poisson_ratio_circumferential_axial: Number = Field(
        description="nu_23: strain along the axis under stress around it"
    )
    shear_modulus_radial_circumferential_MPa: Positive = Field(description="G_12")
    shear_modulus_radial_axial_MPa: Positive = Field(description="G_13")
    shear_modulus_circumferential_axial_MPa: Positive = Field(description="G_23")


class DensityTable(Table):
    """Isotropic bone whose stiffness follows from its density."""

    density_law: Text = Field(description="the name of a density law in materials/library.toml")
    apparent_density_g_cm3: Positive = Field(description="apparent density, wet mass over total volume")
    poisson_ratio: Number = Field(gt=-1, lt=0.5, description="Poisson's ratio, above -1 and below 0.5")


def _kind_of_material(value: Any) -> str:
    """Choose the table that an inline material was meant to be, by its keys."""
    if isinstance(value, Table):
        return type(value).__name__
    if not isinstance(value, dict):
        return "name"
    keys = " ".join(value)
    if "density" in keys:
        return DensityTable.__name__
    if "radial" in keys or "circumferential" in keys:
        return OrthotropicTable.__name__
    if "transverse" in keys or "axial" in keys:
        return TransverselyIsotropicTable.__name__
    return IsotropicTable.__name__


InlineTable = IsotropicTable | TransverselyIsotropicTable | OrthotropicTable | DensityTable
MaterialChoice = Annotated[
    Annotated[Text, Tag("name")]
    | Annotated[IsotropicTable, Tag("IsotropicTable")]
    | Annotated[TransverselyIsotropicTable, Tag("TransverselyIsotropicTable")]
    | Annotated[OrthotropicTable, Tag("OrthotropicTable")]
    | Annotated[DensityTable, Tag("DensityTable")],
    Discriminator(_kind_of_material),
]
