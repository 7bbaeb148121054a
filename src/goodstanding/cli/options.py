"""What the commands' arguments and options are, once for all of them, and how a moment is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SHAPE = "a date, a time and a zone, for instance 2018-01-01T00:00:00Z"


RESIDENTS = "examples/people/events.csv --world synthetic --ties examples/people/ties.csv --as-of 2018-11-06T00:00:00Z"
CLIENTS = "examples/taiwan/events.parquet --as-of 2005-10-01T00:00:00Z"


def examples(*lines: str) -> str:
    """The end of a command's help: commands to copy."""
    return "\n".join(["Examples:", *(f"  {line}".replace("[", r"\[") for line in lines)])


def moment(text: str) -> int:
    """A time with its zone, as microseconds since 1970.

    It is written as in files of events, so that what stands there can be copied.

    Raises:
        typer.BadParameter: no time, no zone, or outside 1900 to 2200.
    """
    from goodstanding.events import EARLIEST, END, parse_moment

    if DAY.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is a day, not a moment: write {SHAPE}")
    try:
        time_us = parse_moment(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no moment ({error}): write {SHAPE}") from None
    if not EARLIEST <= time_us < END:
        raise typer.BadParameter(f"{text!r} is not in the years 1900 to 2199")
    return time_us


def policy_names(incomplete: str) -> list[str]:
    """Names of the shipped policies, for shell completion."""
    folder = Path(__file__).parent.parent / "policies"
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem.startswith(incomplete))


def whole(least: int, most: int) -> Callable[[str | int], int]:
    """A reader of whole numbers from one to another, both included, for an option.

    Raises:
        typer.BadParameter: what is given is none of them (raised by the reader).
    """

    def number(given: str | int) -> int:
        text = str(given)  # a default is given as a number
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text) or not least <= int(text) <= most:
            raise typer.BadParameter(f"{text!r} is not a whole number from {least:,} to {most:,}")
        return int(text)

    return number


EVENT_FILES = "Files of events (.parquet, .arrow or .feather, .csv, .jsonl, .ndjson or .json)"

Lang = Literal["en", "zh"]

PolicyArgument = Annotated[
    str,
    typer.Argument(
        metavar="POLICY",
        help="A policy file, or the name of a shipped policy (see `goodstanding policy list`).",
        autocompletion=policy_names,
        show_default=False,
    ),
]
EventsArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="EVENTS",
        help=f"{EVENT_FILES}, or the folder of one saved book; none with --home.",
        show_default=False,
    ),
]
HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="HOME", help="Read the events that are on record in a home, not files.", show_default=False
    ),
]
AsOf = Annotated[
    int,
    typer.Option(
        "--as-of",
        metavar="TIME",
        parser=moment,
        help="The moment to score for, with its zone: 2018-01-01T00:00:00Z. Later events are not read.",
        show_default=False,
    ),
]
RecordedBy = Annotated[
    int | None,
    typer.Option(
        "--recorded-by",
        metavar="TIME",
        parser=moment,
        help="Read only what was on record by this moment.",
        show_default=False,
    ),
]
PeopleFile = Annotated[
    Path | None,
    typer.Option("--people", metavar="FILE", help="Whom to score: a file with the column person.", show_default=False),
]
TiesFile = Annotated[
    Path | None,
    typer.Option(
        "--ties", metavar="FILE", help="Who knows whom: a file with a, b, since, until and kind.", show_default=False
    ),
]
World = Annotated[
    Literal["live", "synthetic"] | None,
    typer.Option("--world", help="The world of files that do not say theirs.", show_default=False),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        parser=whole(1, 1024),
        help="How many threads compute, from 1 to 1,024; all by default.",
        show_default=False,
    ),
]
Person = Annotated[str, typer.Option("--person", metavar="P", help="Whose score.", show_default=False)]
Language = Annotated[Lang, typer.Option("--lang", help="The language of sentences.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with JSON, for programs.")]
