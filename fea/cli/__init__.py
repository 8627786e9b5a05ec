"""The command ``osseofit``: its words (`options`), what they do (`verbs`), and how it ends (`command`)."""

from __future__ import annotations

from fea.cli.command import main

__all__ = ["main"]
