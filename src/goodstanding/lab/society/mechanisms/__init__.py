"""Mechanisms: the ways in which people answer a score, one class each; runs and documents walk the register."""

from goodstanding.lab.society.mechanisms import (
    announcements,
    effort,
    enrolment,
    false_friends,
    friends,
    gaming,
    giving_up,
    payoff,
    silence,
    standing,
)
from goodstanding.lab.society.mechanisms.base import MECHANISMS, Mechanism, register

__all__ = [
    "MECHANISMS",
    "Mechanism",
    "announcements",
    "effort",
    "enrolment",
    "false_friends",
    "friends",
    "gaming",
    "giving_up",
    "payoff",
    "register",
    "silence",
    "standing",
]
