"""Closed triangulated surfaces: read, checked, mended with a report, and made smooth again."""
