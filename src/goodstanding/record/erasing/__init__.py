"""Erasing people: whatever a home has of them goes, and everybody else's proofs stand."""

from goodstanding.record.erasing.doing import Erased, digests_after, erase, erased_slots, finish, unfinished
from goodstanding.record.erasing.planning import Going, plan

__all__ = ["Erased", "Going", "digests_after", "erase", "erased_slots", "finish", "plan", "unfinished"]
