"""Experiments: cities, policies, variants and seeds, run to the same tables however they are run."""
