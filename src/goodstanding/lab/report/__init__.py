"""The report of a run: one page that can be mailed, in English and Chinese, the same as Markdown, and its plots."""

from goodstanding.lab.report.beside import Beside, read_beside
from goodstanding.lab.report.markdown import markdown, save_plots
from goodstanding.lab.report.page import LARGEST, page
from goodstanding.lab.report.run import Run, read_run

__all__ = ["LARGEST", "Beside", "Run", "markdown", "page", "read_beside", "read_run", "save_plots"]
