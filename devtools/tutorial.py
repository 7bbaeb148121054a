"""Runs a page as its reader would: writes the files it shows, types the commands it shows, compares what is printed.

- A fence ``` ```console ``` holds commands (`$ `, continued by `> `) and below each what it prints, on either stream.
  A line `…` stands for any lines, `…` within a line for anything. A command that shows no output may print none.
- A fence with a `title="NAME"` holds a file, which is written under that name.
- All of a page runs in one shell in one folder. A command must succeed, unless the next one is `echo $?`.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```\s*$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r'title="([^"]+)"')
MARK = "\x1e"


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a page: what is typed, what the page says it prints, and the line of the page where it stands."""

    typed: str
    expected: str
    line: int


@dataclass(frozen=True, slots=True)
class File:
    """One file that a page shows."""

    name: str
    text: str


def read(page: str) -> list[Command | File]:
    """The files and commands of a page, in the order in which a reader meets them."""
    return [piece for fence in FENCE.finditer(page) for piece in _pieces(fence, page.count("\n", 0, fence.start()) + 2)]


def _pieces(fence: re.Match[str], line: int) -> Iterator[Command | File]:
    title = TITLE.search(fence["info"])
    if title:
        yield File(title[1], fence["body"])
    elif fence["info"].split()[:1] == ["console"]:
        yield from _commands(fence["body"].splitlines(), line)


def _commands(lines: list[str], first: int) -> Iterator[Command]:
    starts = [number for number, text in enumerate(lines) if text.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        rest = start + 1
        while rest < end and lines[rest].startswith("> "):
            rest += 1
        typed = "\n".join(text[2:] for text in lines[start:rest])
        yield Command(typed, "\n".join(lines[rest:end]).strip("\n"), first + start)


def run(page: str, folder: Path, env: Mapping[str, str] | None = None) -> list[str]:
    """Run a page in an empty folder; every difference as text, none where the page tells the truth."""
    pieces = read(page)
    script = [f"cd {_quoted(os.fspath(folder))}", "last=0"]
    for piece in pieces:
        if isinstance(piece, File):
            name = _quoted(piece.name)
            script.append(f'mkdir -p "$(dirname {name})" && printf %s {_quoted(piece.text)} > {name}')
        else:
            script += ["(exit $last)", piece.typed, f"last=$?; printf '{MARK}%s{MARK}' \"$last\""]
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**_readers_environment(), **(env or {})},
    )
    commands = [piece for piece in pieces if isinstance(piece, Command)]
    return list(_differences(commands, done.stdout.split(MARK)))


def _readers_environment() -> dict[str, str]:
    """What a reader's shell has: plain output, and no tool of ours that measures what is run and slows it down."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**kept, "NO_COLOR": "1", "COLUMNS": "120", "LC_ALL": "C.UTF-8"}


def _differences(commands: list[Command], told: list[str]) -> Iterator[str]:
    for number, command in enumerate(commands):
        printed, code = told[2 * number].strip("\n"), told[2 * number + 1] if 2 * number + 1 < len(told) else "none"
        following = commands[number + 1].typed if number + 1 < len(commands) else ""
        if code != "0" and following != "echo $?":
            yield f"line {command.line}: $ {command.typed}\n  exit code {code}; it printed\n{printed}"
        elif not matches(command.expected, printed):
            yield f"line {command.line}: $ {command.typed}\n  expected\n{command.expected}\n  it printed\n{printed}"
        if code == "none":
            return


def matches(expected: str, printed: str) -> bool:
    """Whether what was printed is what the page says, `…` standing for anything."""
    pattern = "\n".join(_line_pattern(line.rstrip()) for line in expected.split("\n"))
    pattern = pattern.replace("\0\n", "(?:.*\n)*").replace("\n\0", "(?:\n.*)*").replace("\0", "(?:.*\n?)*")
    return re.fullmatch(pattern, "\n".join(line.rstrip() for line in printed.split("\n"))) is not None


def _line_pattern(line: str) -> str:
    return "\0" if line.strip() == "…" else ".*".join(re.escape(part) for part in line.split("…"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"
