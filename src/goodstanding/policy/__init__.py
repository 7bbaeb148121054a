"""Policies: the published rule book, read, checked, held to the charter, and compared with another."""

from goodstanding.policy.charter import charter_breaches
from goodstanding.policy.model import (
    Announcement,
    Case,
    Dimension,
    EventType,
    Factor,
    ListRule,
    Perk,
    Policy,
    Reason,
    Refresh,
    Related,
    Requirement,
    Sanction,
    Source,
    Tier,
    Window,
    World,
)
from goodstanding.policy.read import load, loads, shipped

__all__ = [
    "Announcement",
    "Case",
    "Dimension",
    "EventType",
    "Factor",
    "ListRule",
    "Perk",
    "Policy",
    "Reason",
    "Refresh",
    "Related",
    "Requirement",
    "Sanction",
    "Source",
    "Tier",
    "Window",
    "World",
    "charter_breaches",
    "load",
    "loads",
    "shipped",
]
