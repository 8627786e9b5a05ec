"""Inputs that are not known as ranges: bands, probabilities of each verdict, sensitivity indices."""
