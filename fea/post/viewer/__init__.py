"""The assembly to be turned, cut and played in the report: its data, and the library that draws them."""
