"""Runs of scoring: each an entry that says what it rested on and what came of it, so that anybody can do it again."""

from goodstanding.record.runs.keeping import forget, kept_leaves, kept_policy, kept_result
from goodstanding.record.runs.results import Result
from goodstanding.record.runs.running import Asked, Recomputed, find_run, recompute, record_run, runs

__all__ = [
    "Asked",
    "Recomputed",
    "Result",
    "find_run",
    "forget",
    "kept_leaves",
    "kept_policy",
    "kept_result",
    "recompute",
    "record_run",
    "runs",
]
