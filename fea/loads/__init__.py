"""Loads: histories in percent of body weight or in newtons, and the wrench they exert on the implant."""
