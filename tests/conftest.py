"""What all tests share: skips fail, compiled loops are kept between runs, examples are drawn in profiles."""

import hashlib
import os
import sys
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent


def _loops_folder() -> Path:
    """Where compiled loops are kept: one folder for each state of the files they are made of.

    Numba looks at the file of a function only, not at the files it imports, and would go on using a loop whose callee
    has changed. A folder named after the contents of all files that speak of numba cannot be stale.
    """
    sources = sorted(ROOT.glob("src/goodstanding/**/*.py"))
    texts = [text for file in sources if b"numba" in (text := file.read_bytes())]
    return ROOT / ".numba_cache" / hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]


# Before anything imports numba, and inherited by workers and by the commands that tests start.
os.environ.setdefault("NUMBA_CACHE_DIR", os.fspath(_loops_folder()))
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
