"""Where things lie, and how a command is run and said."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCKS = ROOT / "locks"
DOCS = ROOT / "docs"


class HouseError(Exception):
    """Something that the person at the keyboard can put right; the message says how."""


def tool(name: str) -> str:
    """The path of a command of the environment."""
    return str(BIN / name)


def say(text: str = "") -> None:
    """Print a line at once, so that it stands before what the next command prints."""
    print(text, flush=True)


def run(command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path = ROOT, quiet: bool = False) -> int:
    """Run a command in the project's folder, its output going straight through, and return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        list(command), cwd=cwd, env={**os.environ, **(env or {})}, check=False, stdout=output, stderr=output
    ).returncode


def must(command: Sequence[str], what: str, *, env: Mapping[str, str] | None = None) -> None:
    """Run a command that has to succeed.

    Raises:
        HouseError: it did not; its own output, just above, says why.
    """
    if run(command, env=env) != 0:
        message = f"{what} failed: {' '.join(command)}"
        raise HouseError(message)


def answer(command: Sequence[str]) -> str | None:
    """What a command prints, or None where it is missing or fails."""
    if shutil.which(command[0]) is None:
        return None
    done = subprocess.run(list(command), capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip() if done.returncode == 0 else None


def megabytes(size: int) -> str:
    """A size as people say it."""
    return f"{size / 1_000_000:,.0f} MB"


def fail(text: str) -> int:
    """Say on standard error what is wrong, and return the exit code for it."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)
    return 1
