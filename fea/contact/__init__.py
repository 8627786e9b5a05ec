"""Unilateral contact with Coulomb friction between two bodies: operators, law, solver."""
