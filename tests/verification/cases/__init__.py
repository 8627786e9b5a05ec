"""Verification cases, one module each; `tests/verification/case.py` says what a case defines."""
