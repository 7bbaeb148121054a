"""How loops are compiled: `@loop` compiles a function of numbers and arrays, without the interpreter's lock.

Compiled loops are kept on disk between runs. Numba asks only whether the file of a function has changed, not the files
that it imports; so they are kept in a folder named after the text of all files with loops, which can never be stale.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numba.core import config

PACKAGE = Path(__file__).parent


def _state() -> str:
    """A name for the present text of everything that is compiled, or stands as a constant in what is compiled."""
    texts = [file.read_bytes() for file in sorted(PACKAGE.glob("**/*.py"))]
    ours = [text for text in texts if b"goodstanding.loops" in text or b"kernel" in text]
    return hashlib.sha256(b"\0".join(ours)).hexdigest()[:16]


def _folder() -> Path:
    """Where compiled loops are kept: in the user's cache, or where that cannot be written, in the temporary folder."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "goodstanding" / f"loops-{_state()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    return folder if writable else _temporary() / folder.name


def _temporary() -> Path:
    """A temporary folder that nobody else can write: what is kept there is run."""
    shared = Path(tempfile.gettempdir())
    mine = shared / f"goodstanding-{os.getuid()}"
    try:
        mine.mkdir(mode=0o700, exist_ok=True)
        known = mine.lstat()
        is_private = stat.S_ISDIR(known.st_mode) and known.st_uid == os.getuid() and not known.st_mode & 0o022
    except OSError:
        is_private = False
    return mine if is_private else Path(tempfile.mkdtemp(prefix="goodstanding-"))


if not os.environ.get("NUMBA_CACHE_DIR"):
    vars(config)["CACHE_DIR"] = os.fspath(_folder())

Loop = TypeVar("Loop", bound=Callable[..., Any])


def loop(function: Loop) -> Loop:
    """Compile a function of numbers and arrays."""
    return cast(Loop, njit(cache=True, nogil=True)(function))


def inlined(function: Loop) -> Loop:
    """Compile a function into every loop that calls it."""
    return cast(Loop, njit(cache=True, nogil=True, inline="always")(function))


def wrapping(function: Loop) -> Loop:
    """Let a function's numbers run round past 64 bits, as those of a hash do; anywhere else that would be a mistake.

    Compiled numbers do so unasked. NumPy's, where loops run as plain Python, warn of it unless told not to.
    """
    return np.errstate(over="ignore")(function) if vars(config)["DISABLE_JIT"] else function
