"""Shapes from CAD files: read, checked, seated and carried to surfaces that geometry knows."""
