"""Bones from triangulated surfaces: sections, the shaft's axis, closed splines through them."""
