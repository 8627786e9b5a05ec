"""A case stated for another solver, and that solver's results read back."""
