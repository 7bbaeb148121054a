"""`lab`: the laboratory, where made-up people live under a score before anyone else does."""

from __future__ import annotations

import typer

from goodstanding.cli import lab_city, lab_findings, lab_report, lab_run, lab_sweep

app = typer.Typer(
    no_args_is_help=True, help="The laboratory: what a score does to a made-up city, before anyone lives under it."
)

lab_city.register(app)
lab_run.register(app)
lab_sweep.register(app)
lab_report.register(app)
lab_findings.register(app)
