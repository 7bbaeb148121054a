"""Residents under scorers, month after month: what follows from a score, and how people answer back."""
