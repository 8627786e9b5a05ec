"""Loads: histories in percent of body weight, and the wrench they exert on the implant."""
