"""Sparse factorisation behind one narrow interface; knows matrices, not mechanics."""
