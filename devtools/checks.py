"""`dev.py check`: all that CI runs, in parts, each of which can be asked for alone.

Every part runs even where an earlier one failed, so that one run tells everything; the table at the end says which did.
"""

import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devtools import links
from devtools.house import ROOT, HouseError, run, say, tool

PYTHON = ("src", "tests", "dev.py", "devtools", "benchmarks", "examples")
Part = Callable[[], bool]
WORKERS = str(min(os.cpu_count() or 1, 8))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one part went: its seconds, and whether it passed."""

    name: str
    seconds: float
    passed: bool


def check(names: Sequence[str] = (), parts: Mapping[str, Part] | None = None) -> bool:
    """Run the named parts, or all, and print the table; True where every one passed.

    Raises:
        HouseError: a part of that name does not exist.
    """
    parts = PARTS if parts is None else parts
    unknown = [name for name in names if name not in parts]
    if unknown:
        message = f"no part of the check is called {', '.join(unknown)}; there are {', '.join(parts)}"
        raise HouseError(message)
    outcomes = [_timed(name, parts[name]) for name in names or parts]
    _print_table(outcomes)
    return all(outcome.passed for outcome in outcomes)


def _timed(name: str, part: Part) -> Outcome:
    say(f"\n── {name} " + "─" * (76 - len(name)))
    started = time.monotonic()
    passed = part()
    return Outcome(name, time.monotonic() - started, passed)


def _print_table(outcomes: Sequence[Outcome]) -> None:
    say("\n" + "─" * 80)
    for outcome in outcomes:
        say(f"{outcome.name:<10}{outcome.seconds:8.1f} s   {'passed' if outcome.passed else 'FAILED'}")
    say(f"{'all':<10}{sum(outcome.seconds for outcome in outcomes):8.1f} s")


# --- The parts -------------------------------------------------------------------------------------------------------


def python_files() -> list[str]:
    """The files and folders of the project that hold Python and are there."""
    return [name for name in PYTHON if (ROOT / name).exists()]


def _format() -> bool:
    return run([tool("ruff"), "format", "--check", *python_files()]) == 0


def _lint() -> bool:
    return run([tool("ruff"), "check", *python_files()]) == 0


def _types() -> bool:
    return run([tool("mypy")]) == 0


def _layers() -> bool:
    return run([tool("lint-imports"), "--no-logo"]) == 0


def _tests() -> bool:
    """The tests, twice over, and what they cover together.

    Everything runs compiled. What is marked `kernel` runs once more as plain Python, since no tool sees into compiled
    loops: only so does coverage tell which lines and branches of the kernel were taken, and only so do we know that
    the compiler understood the loops as Python does.
    """
    for old in ROOT.glob(".coverage*"):
        old.unlink()
    say("Compiling the loops, where they have changed, once for all workers and commands")
    warm = _compiled()
    say("\nAll tests, compiled:")
    compiled = _pytest([])
    say("\nThe kernel's tests again, as plain Python:")
    plain = _pytest(["-m", "kernel and not compiled"], {"NUMBA_DISABLE_JIT": "1"})
    say("\nLines and branches covered:")
    covered = _covered()
    return warm and compiled and plain and covered


def _compiled() -> bool:
    """Run two commands that need the loops, so that workers and commands need not each compile them."""
    people = ROOT / "examples" / "people"
    given = [os.fspath(people / "events.csv"), "--ties", os.fspath(people / "ties.csv"), "--world", "synthetic"]
    with tempfile.TemporaryDirectory() as folder:
        wanted = ["--as-of", "2018-11-06T00:00:00Z", "--out", os.fspath(Path(folder) / "scores.csv")]
        scored = run([tool("goodstanding"), "score", "national", *given, *wanted], quiet=True) == 0
        town = ["friends", "--residents", "50", "--months", "2", "--seeds", "2", "--threads", "1"]
        lived = run([tool("goodstanding"), "lab", "run", *town, "--out", os.fspath(Path(folder) / "town")], quiet=True)
        return scored and lived == 0


def _pytest(more: Sequence[str], env: dict[str, str] | None = None) -> bool:
    command = [
        tool("python"),
        "-m",
        "coverage",
        "run",
        "-m",
        "pytest",
        "-n",
        WORKERS,
        "--dist",
        "worksteal",
        "--durations=5",
        *more,
    ]
    return run(command, env=env) == 0


def _covered() -> bool:
    combined = run([tool("coverage"), "combine", "--quiet"]) == 0
    return combined and run([tool("coverage"), "report"]) == 0


def _programme() -> bool:
    """What goes wrong with a record: killed, without power, with a full disk, with turned bits."""
    return run([tool("python"), "-m", "tests.faults.record"]) == 0


def _docs() -> bool:
    """Generated pages are as the code is, every link leads somewhere, and the site builds without a warning."""
    fresh = run([tool("python"), "-m", "devtools.pages", "--check"]) == 0
    faults = links.faults(ROOT)
    for fault in faults:
        say(fault)
    return fresh and not faults and build_site()


def build_site() -> bool:
    """Build the documentation into `site/`; a warning is a failure."""
    return run([tool("zensical"), "build", "--clean", "--strict"]) == 0


def _licences() -> bool:
    return run([tool("python"), "-m", "devtools.licences"]) == 0


PARTS: dict[str, Part] = {
    "format": _format,
    "lint": _lint,
    "types": _types,
    "layers": _layers,
    "tests": _tests,
    "faults": _programme,
    "docs": _docs,
    "licences": _licences,
}


# --- What is not part of the check, but made of the same things ------------------------------------------------------


def fix() -> bool:
    """Put right what a program can: format, lint's own fixes, generated pages."""
    fixed = run([tool("ruff"), "check", "--fix", "--quiet", "--exit-zero", *python_files()]) == 0
    formatted = run([tool("ruff"), "format", *python_files()]) == 0
    return fixed and formatted and generate_pages()


def generate_pages() -> bool:
    """Write the pages that are made out of the code."""
    return run([tool("python"), "-m", "devtools.pages"]) == 0


def faults(names: Sequence[str] = (), *, long: bool = False, seed: int | None = None) -> bool:
    """Run the programme of faults: those named, or all, and then also the tests that break things on purpose.

    Args:
        long: for hours, with new seeds, and the engine against its oracle too.
        seed: the first seed, in place of the gate's or a new one.
    """
    more = [*(["--long"] if long else []), *([] if seed is None else ["--seed", str(seed)])]
    held = run([tool("python"), "-m", "tests.faults.record", *names, *more]) == 0
    if names:
        return held
    folders = ["tests/faults", "tests/engine"] if long else ["tests/faults"]
    env = {"GOODSTANDING_FAULTS": "long"} if long else {}
    return run([tool("python"), "-m", "pytest", "-n", WORKERS, *folders], env=env) == 0 and held
