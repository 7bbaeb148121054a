"""Homes, as commands open them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from goodstanding.cli.clock import system_clock
from goodstanding.errors import RecordError

if TYPE_CHECKING:
    from goodstanding.book import Book
    from goodstanding.record.deriving import Derived
    from goodstanding.record.home import Home


@contextmanager
def opened(folder: Path, *, read_only: bool) -> Iterator[Home]:
    """Open a home while something is done with it.

    Raises:
        RecordError: it is no home; for writing, another process writes to it; or somebody's erasure was cut off, and
            it is to be read before that is finished.
    """
    from goodstanding.record.erasing import finish, unfinished
    from goodstanding.record.home import Home

    with Home.open(folder, clock=system_clock, read_only=read_only) as home:
        if unfinished(home):
            if read_only:
                raise RecordError(f"{folder}: an erasure was cut off; finish it: goodstanding erase {folder} --finish")
            finish(home)
        yield home


def derived(home: Home) -> Derived:
    """The book of a home, and how far it goes; says on standard error what is the matter with a saved one."""
    from goodstanding.record.deriving import derive

    return derive(home, lambda sentence: typer.echo(sentence, err=True))


def book_of(folder: Path) -> Book:
    """The book of a home that is only read from."""
    with opened(folder, read_only=True) as home:
        return derived(home).book


def whoever() -> str:
    """On whose word something is done: who is logged in, where the system knows."""
    try:
        return getuser()
    except (OSError, KeyError):
        return "unknown"
