"""Convergence studies: a case on three or more meshes, and the order of every quantity."""
