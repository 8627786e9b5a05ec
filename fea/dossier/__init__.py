"""The dossier: one document on a run's credibility, filled from records and from what people state."""
