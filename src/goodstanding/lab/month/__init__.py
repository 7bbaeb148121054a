"""A month of everybody: what happens to them, what of it reaches the record, and the record of all months."""

from goodstanding.lab.month.beginning import begin
from goodstanding.lab.month.living import live

__all__ = ["begin", "live"]
