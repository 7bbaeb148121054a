"""What all tests share: a test that did not run fails, and examples are drawn in profiles.

Compiled loops are kept between runs, workers and commands by `goodstanding.loops`, in a folder that cannot be stale.
"""

import os
import sys
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

# The product's own commands come first, and print as they do where there is no terminal.
os.environ["PATH"] = os.fspath(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
os.environ.pop("FORCE_COLOR", None)

# `check`: the same examples every time, so that a red check is a changed program. `long`: new ones, for hours.
hypothesis.settings.register_profile("check", derandomize=True, deadline=None, max_examples=60, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=20_000, print_blob=True)
hypothesis.settings.load_profile("long" if os.environ.get("GOODSTANDING_FAULTS") == "long" else "check")


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    """A test that did not run has shown nothing, whatever it is called: skipped, or expected to fail."""
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} did not run to its end ({report.longrepr}); a skipped test is a failed one"
        vars(report).pop("wasxfail", None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return ROOT
