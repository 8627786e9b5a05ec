"""Shapes as functions: bone, reamer, stem and their fit, in mm.

z runs along the implant from the distal cut (z = 0) towards the hip, x to the front
(anterior), y towards the patient's left.
"""
