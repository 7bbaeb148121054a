"""Pictures of what was found, as SVG drawn by hand, or as PNG where `vl-convert-python` is installed."""

from goodstanding.charts.evaluation import describe, evaluation_svg
from goodstanding.charts.saving import draw, save

__all__ = ["describe", "draw", "evaluation_svg", "save"]
