"""The laboratory: what a score does to a society, before anyone lives under it. Made-up people only."""
