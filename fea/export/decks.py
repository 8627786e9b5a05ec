"""Decks for CalculiX and Abaqus, as `fea.export.writer` writes them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from fea.export.deck import Deck
from fea.export.source import Source, Written
from fea.export.writer import write_deck


def deck_facts(deck: Deck) -> tuple[tuple[str, str], ...]:
    """Say how large a deck is."""
    steps = f"1 press-fit, {len(deck.cycle.percent) * deck.cycles} instants"
    return ("displacement unknowns", str(3 * len(deck.points))), ("steps", steps)


def _write(dialect: str, source: Source, folder: Path) -> Written:
    main = write_deck(source.deck, folder, source.name, dialect)
    return Written(main.name, deck_facts(source.deck))


calculix, abaqus = partial(_write, "calculix"), partial(_write, "abaqus")
