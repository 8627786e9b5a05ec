"""Sweeps: many samples of the uncertain inputs on one mesh and one factorisation."""
