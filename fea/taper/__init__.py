"""A taper joint from its case to a verdict on fretting: quantities, judgement, page, files."""
