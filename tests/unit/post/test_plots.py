"""Plots over the cycle and of the margins: SVG that stands alone and says its numbers."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from fea.post.assessment import assess_study
from fea.post.plot_margins import margin_plot
from fea.post.plots import Plot, cycle_plots
from fea.post.series import series
from fea.study import Study

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def plots(study: Study) -> tuple[Plot, ...]:
    return cycle_plots(series(study), "walking")


@pytest.fixture(scope="module")
def margins(study: Study) -> Plot:
    plot = margin_plot(assess_study(study)[1].criteria)
    assert plot is not None
    return plot


def test_the_cycle_is_told_by_micromotion_contact_load_and_collar(plots: tuple[Plot, ...]) -> None:
    assert [plot.name for plot in plots] == [
        "micromotion_shares", "contact_area", "load", "moment_at_cut", "collar",
    ]  # fmt: skip


def test_a_plot_is_one_well_formed_drawing_without_links(plots: tuple[Plot, ...], margins: Plot) -> None:
    for plot in (*plots, margins):
        root = ElementTree.fromstring(plot.svg)
        assert root.tag == f"{SVG}svg"
        links = [value for node in root.iter() for key, value in node.attrib.items() if key.endswith("href")]
        assert all(link.startswith("#") for link in links), plot.name
        assert not list(root.iter(f"{SVG}image"))


def test_drawing_twice_gives_the_same_text(study: Study, plots: tuple[Plot, ...]) -> None:
    """No date and no random names: the report of the same numbers is the same file."""
    again = cycle_plots(series(study), "walking")
    assert [plot.svg for plot in again] == [plot.svg for plot in plots]


def test_a_plot_says_what_it_shows(plots: tuple[Plot, ...], margins: Plot) -> None:
    for plot in (*plots, margins):
        assert any(sign.isdigit() for sign in plot.alt)
        assert plot.alt.endswith(".")


def test_the_greatest_force_is_told(study: Study, plots: tuple[Plot, ...]) -> None:
    load = next(plot for plot in plots if plot.name == "load")
    greatest = np.linalg.norm(series(study).wrench[:, :3], axis=1).max()
    assert f"{greatest:.0f} N" in load.alt


def test_with_loss_of_fixation_the_plots_end_there_and_leave_out_micromotion(loosened: Study) -> None:
    names = [plot.name for plot in cycle_plots(series(loosened), "walking")]
    assert "micromotion_shares" not in names
    assert "contact_area" in names


def test_without_an_activity_there_is_no_plot(study: Study) -> None:
    still = replace(study, walk=replace(study.walk, percent=np.zeros(0), cycles=()))
    assert cycle_plots(series(still), "none") == ()


def test_every_criterion_with_a_value_has_its_margin(study: Study, margins: Plot) -> None:
    results = assess_study(study)[1].criteria
    assert results
    for result in results:
        assert result.quantity is not None
        assert f"{result.verdict}" in margins.alt


def test_without_values_there_is_no_plot_of_margins() -> None:
    assert margin_plot(()) is None
