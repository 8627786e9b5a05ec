"""The case: one TOML file, validated as a whole and converted once to N, mm, MPa and radians."""
