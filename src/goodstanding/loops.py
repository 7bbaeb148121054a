"""How loops are compiled: `@loop` compiles a function of numbers and arrays, without the interpreter's lock.

Compiled loops are kept on disk between runs. Numba asks only whether the file of a function has changed, not the files
that it imports; so they are kept in a folder named after the text of all that is compiled, which can never be stale.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numpy as np
from numba import njit
from numba.core import config

PACKAGE = Path(__file__).parent
COMPILED: Final = ("kernel/*.py", "book/*.py", "program/tables.py", "limits.py", "ties.py", "loops.py")
"""What is compiled, or stands as a constant in what is compiled. A test holds it against the package's imports."""
KEPT_SECONDS: Final = 30 * 86_400
"""A folder that was not used for so long goes when a new one is made."""

_settings = vars(config)
"""Numba's settings, which its module makes out of the environment by name."""


def _state(patterns: tuple[str, ...]) -> str:
    """A name for the present text of all that is compiled."""
    state = hashlib.sha256()
    for file in sorted({file for pattern in patterns for file in PACKAGE.glob(pattern)}):
        text = file.read_bytes()
        state.update(b"%s %d\n" % (file.relative_to(PACKAGE).as_posix().encode(), len(text)) + text)
    return state.hexdigest()[:16]


def _folder(patterns: tuple[str, ...] = COMPILED) -> Path | None:
    """Where compiled loops are kept; None where there is no place that is ours alone: they are compiled in each run.

    That is in the folder that Numba was told of, else in the user's cache, else in the temporary folder. The first may
    be shared, as its owner pleases; into the others nobody else may put anything, since Numba runs what it finds there.
    """
    name = f"loops-{_state(patterns)}"
    if _settings["CACHE_DIR"]:
        return _kept_in(Path(_settings["CACHE_DIR"]), name, 0o777)
    for place in _places():
        if _is_ours(place):
            folder = _kept_in(place, name, 0o700)
            if folder and _is_ours(folder):
                return folder
    return None


def _places() -> Iterator[Path]:
    with suppress(RuntimeError):  # there is no home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "goodstanding"
    with suppress(OSError):  # there is no temporary folder
        yield Path(tempfile.gettempdir()) / (f"goodstanding-{os.getuid()}" if hasattr(os, "getuid") else "goodstanding")


def _is_ours(folder: Path) -> bool:
    """Whether a folder, made where it is missing, belongs to the user, and nobody else can write into it."""
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        known = folder.lstat()
    except OSError:
        return False
    if not hasattr(os, "getuid"):  # Windows, where both places lie in the user's own profile
        return True
    return stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid() and not known.st_mode & 0o022


def _kept_in(place: Path, name: str, mode: int) -> Path | None:
    """A folder that can be written, marked as used now; None where that cannot be."""
    folder = place / name
    try:
        is_new = not folder.exists()
        folder.mkdir(mode, parents=True, exist_ok=True)
        os.utime(folder)
    except OSError:
        return None
    if is_new:
        _clear_out(folder)
    return folder if os.access(folder, os.W_OK) else None


def _clear_out(folder: Path) -> None:
    """Remove the folders beside a new one that nothing has used for long."""
    for other in folder.parent.glob("loops-" + "[0-9a-f]" * 16):
        with suppress(OSError):  # another process was faster
            if folder.stat().st_mtime - other.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(other)


FOLDER: Final = _folder()


@contextmanager
def _kept(folder: Path | None) -> Iterator[None]:
    """Name our folder to Numba while it takes a function in; its settings belong to the whole process."""
    told = _settings["CACHE_DIR"]
    _settings["CACHE_DIR"] = os.fspath(folder or "")
    try:
        yield
    finally:
        _settings["CACHE_DIR"] = told


Loop = TypeVar("Loop", bound=Callable[..., Any])


def loop(function: Loop) -> Loop:
    """Compile a function of numbers and arrays."""
    with _kept(FOLDER):
        return cast(Loop, njit(cache=FOLDER is not None, nogil=True)(function))


def inlined(function: Loop) -> Loop:
    """Compile a function into every loop that calls it."""
    with _kept(FOLDER):
        return cast(Loop, njit(cache=FOLDER is not None, nogil=True, inline="always")(function))


def kept_apart(*patterns: str) -> Callable[[Loop], Loop]:
    """A `loop` for files beside the engine: kept in a folder of their own, so that a change there spares the engine.

    Args:
        patterns: those files, below the package; what they take from the engine is in the name anyway.
    """
    folder = _folder((*COMPILED, *patterns))

    def compiled(function: Loop) -> Loop:
        with _kept(folder):
            return cast(Loop, njit(cache=folder is not None, nogil=True)(function))

    return compiled


def wrapping(function: Loop) -> Loop:
    """Let a function's numbers run round past 64 bits, as those of a hash do; anywhere else that would be a mistake.

    Compiled numbers do so unasked. NumPy's, where loops run as plain Python, warn of it unless told not to.
    """
    return np.errstate(over="ignore")(function) if _settings["DISABLE_JIT"] else function
