"""What an experiment may name, taken from the registers of the laboratory."""

from __future__ import annotations

from functools import cache

from goodstanding.lab.city.kinds import KINDS
from goodstanding.lab.experiments.resolving import Known
from goodstanding.lab.measures import MEASURES
from goodstanding.lab.parameters import load
from goodstanding.lab.society.mechanisms import MECHANISMS


@cache
def known() -> Known:
    """Every mechanism, measure, parameter, and type of event that happens in a city."""
    types = frozenset(type_ for type_, _, _ in KINDS if type_)
    return Known(tuple(MECHANISMS), tuple(MEASURES), types, load())
