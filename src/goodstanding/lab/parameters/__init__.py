"""The laboratory's numbers: each with its unit, its range, and where it comes from."""

from goodstanding.lab.parameters.model import Parameter, Parameters, Source
from goodstanding.lab.parameters.read import load, loads

__all__ = ["Parameter", "Parameters", "Source", "load", "loads"]
