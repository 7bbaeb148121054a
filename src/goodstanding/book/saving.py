"""A book on disk: a folder with one file a column, a file a dictionary, and a contents page.

Columns are `.npy` files and dictionaries Arrow files, both opened by memory map. The contents page names every file
with its size and its SHA-256 and is written last; the folder takes its name only when all of it is on the disk. Opening
looks at sizes alone, `verify` reads everything.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from goodstanding.book.columns import Columns, Corrections, Kinds, Limits
from goodstanding.book.sharing import cores, shared
from goodstanding.errors import BookError

VERSION = 2
"""Of this layout; a book of another is built again from its events."""

FIRST = 1
"""The layout before sums were kept, and before corrections stood in the order of rows; it is still read."""

CONTENTS = "book.json"


def is_book(folder: Path) -> bool:
    """Whether a path is a saved book."""
    return (folder / CONTENTS).is_file()


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """A folder beside the place of a book, which takes its name when all is well, and is gone when it is not.

    Raises:
        BookError: something of that name exists.
    """
    if folder.exists():
        raise BookError(f"{folder}: exists already; name a new folder, or remove this one")
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield made
        made.chmod(0o755)
        _sync(made)
        made.rename(folder)
        _sync(folder.parent)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def write(made: Path, strings: Mapping[str, pa.Array], groups: Mapping[str, Any], limits: Limits, world: str) -> None:
    """Write the parts of a book into a folder, but for the columns that were made in `room_in` it: they are there.

    Args:
        strings: dictionaries, by name.
        groups: columns, kinds and corrections, by the prefix of their files.
    """
    parts = {**strings, **_columns(groups)}
    for name, part in parts.items():
        _write(made, name, part)
    files = [made / _FILES[name] for name in sorted(parts)]
    for path in set(made.iterdir()) - set(files):  # what was made on the way
        path.unlink()
    counts = {"people": len(strings["people"]), "events": len(groups["event"])}
    sizes = {path.name: path.stat().st_size for path in files}
    contents = {"book": VERSION, "world": world, **counts, "limits": asdict(limits), "files": sizes}
    contents["sha256"] = dict(zip(sizes, shared(_sum_of, files, cores()), strict=True))
    (made / CONTENTS).write_text(json.dumps(contents, indent=2) + "\n", encoding="utf-8")
    _sync(made / CONTENTS)


def room_in(made: Path) -> Callable[[str, int, Any], NDArray[Any]]:
    """Gives room for parts of a book in files: what is made there need not fit into memory, nor be written again."""

    def room(name: str, size: int, dtype: Any) -> NDArray[Any]:
        if not size:  # an empty file cannot be mapped
            return np.empty(0, dtype)
        path = made / _FILES.get(name, f"{name}{_PART}")
        with path.open("wb") as file:
            header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": (size,)}
            np.lib.format.write_array_header_1_0(file, header)
            _reserve(file, file.tell() + size * np.dtype(dtype).itemsize)
        return np.asarray(np.lib.format.open_memmap(path, "r+"))

    return room


def _reserve(file: BinaryIO, size: int) -> None:
    """Take room on the disk for all of a file: where there is none, a file that is written as memory ends the process.

    Raises:
        OSError: there is none.
    """
    file.flush()
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
    else:
        file.truncate(size)


_PART = ".part"
"""The end of files with the bytes of strings, which are there while a book is made."""


def _columns(groups: Mapping[str, Any]) -> dict[str, Any]:
    """All columns that there are, by the names of their files."""
    return {
        f"{prefix}_{field.name}": part
        for prefix, group in groups.items()
        for field in fields(group)
        if (part := getattr(group, field.name)) is not None
    }


def _write(folder: Path, name: str, part: Any) -> None:
    path = folder / _FILES[name]
    if isinstance(part, np.ndarray):
        if not path.exists():
            np.save(path, part)
    else:
        table = pa.table({name: part})
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    _sync(path)


def _sync(path: Path) -> None:
    """Wait until a file, or what a folder names, is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path) -> int:
    """Read every file of a saved book, and hold it against the sum that was kept of it.

    Returns:
        How many bytes were read.

    Raises:
        BookError: no book, a damaged one, which names the files; or one of the layout that kept no sums.
    """
    contents = _contents(folder)
    _require_sizes(folder, contents)
    if contents["book"] == FIRST:
        raise BookError(f"{folder}: a book of layout {FIRST}, which kept no sums; build it again to have them")
    spoiled = [name for name in contents["files"] if _sum_of(folder / name) != contents["sha256"][name]]
    if spoiled:
        raise BookError(f"{folder}: not as it was saved: {', '.join(spoiled)}; build the book again from its events")
    return sum(contents["files"].values())


def load(folder: Path) -> dict[str, Any]:
    """The parts of a saved book, as `Book` takes them.

    Raises:
        BookError: no book, a damaged one, or one of another version.
    """
    contents = _contents(folder)
    _require_sizes(folder, contents)
    try:
        parts = {name: _read(folder / file) for name, file in _FILES.items() if file in contents["files"]}
        _require_fit(parts)
        return {
            "people": parts["people"],
            "parties": parts["parties"],
            "matters": parts["matters"],
            "columns": _group(Columns, "event", parts),
            "kinds": _group(Kinds, "kind", parts),
            "corrections": _corrections(parts, contents["book"]),
            "limits": Limits(**contents["limits"]),
            "world": contents["world"],
        }
    except (KeyError, ValueError, TypeError, pa.ArrowException) as fault:
        raise BookError(f"{folder}: damaged ({fault}); build the book again from its events") from fault


def _require_sizes(folder: Path, contents: Mapping[str, Any]) -> None:
    for name, size in contents["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise BookError(f"{path}: missing, or not of the {size:,} bytes it was saved with; build the book again")


def _corrections(parts: dict[str, Any], version: int) -> Corrections:
    corrections: Corrections = _group(Corrections, "correction", parts)
    return corrections.in_order() if version == FIRST else corrections


def _contents(folder: Path) -> dict[str, Any]:
    path = folder / CONTENTS
    if not path.is_file():
        raise BookError(f"{folder}: not a book; make one with `goodstanding book build EVENTS --out {folder}`")
    try:
        contents = json.loads(path.read_text(encoding="utf-8"))
        version = contents["book"]
        if version in (FIRST, VERSION):
            _require_sense(contents)
    except (ValueError, KeyError, TypeError) as fault:
        raise BookError(f"{path}: damaged ({fault}); build the book again from its events") from fault
    if version not in (FIRST, VERSION):
        raise BookError(f"{path}: a book of layout {version}; this version reads {VERSION}: build it again")
    return contents


def _require_sense(contents: Mapping[str, Any]) -> None:
    """Whether a contents page says what one can say.

    Raises:
        KeyError, TypeError, ValueError: it does not.
    """
    files, limits, world = contents["files"], contents["limits"], contents["world"]
    if not isinstance(files, dict) or not set(files) <= set(_FILES.values()):
        raise ValueError("other files than those of a book")
    if world not in ("live", "synthetic"):
        raise ValueError(f"the world {world!r}")
    if not all(isinstance(number, int) for number in (*files.values(), *asdict(Limits(**limits)).values())):
        raise ValueError("sizes that are no whole numbers")
    if contents["book"] != FIRST and set(contents["sha256"]) != set(files):
        raise ValueError("sums of other files")


def _require_fit(parts: Mapping[str, Any]) -> None:
    """Whether columns are there, of their type, and of lengths that fit: the kernel takes that for granted.

    Only ends are looked at, no column is read through: a book opens in milliseconds.

    Raises:
        ValueError: something does not fit.
    """
    if missing := [file for name, file in _FILES.items() if name not in parts and name not in _OPTIONAL]:
        raise ValueError(f"no {', '.join(missing)}")
    for name, dtype in _DTYPES.items():
        if name in parts and (parts[name].dtype != dtype or parts[name].ndim != 1):
            raise ValueError(f"{_FILES[name]} is no column of {dtype}")
    for names in _ALIKE:
        if len({len(parts[name]) for name in names if name in parts}) != 1:
            raise ValueError(f"{', '.join(names)} are not of one length")
    for name, words in (("kind_type", "kind_types"), ("kind_source", "kind_sources"), ("kind_label", "kind_labels")):
        if int(parts[name].max(initial=0)) > len(parts[words]):
            raise ValueError(f"{_FILES[name]} names what {_FILES[words]} does not hold")
    offsets = parts["event_offsets"]
    if offsets.size != len(parts["people"]) + 1 or offsets[0] != 0 or offsets[-1] != len(parts["event_time"]):
        raise ValueError("event_offsets does not fit people and events")
    if (np.diff(offsets) < 0).any():
        raise ValueError("event_offsets does not ascend")


def _read(path: Path) -> Any:
    """One column or dictionary, by memory map; a private one, so that arrays are of the kind that the kernel knows."""
    if path.suffix == ".npy":
        column = np.load(path, mmap_mode="c") if path.stat().st_size > _EMPTY else np.load(path)
        return np.asarray(column)
    with pa.memory_map(str(path)) as file:
        column = pa.ipc.open_file(file).read_all().column(path.stem)
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)


_EMPTY = 128
"""The size of a `.npy` file without entries, which cannot be mapped."""

_WORDS = ("people", "parties", "matters", "event_ids", "kind_types", "kind_sources", "kind_labels", "correction_ids")
_CODES = (
    "event_kind",
    "event_party",
    "event_matter",
    "kind_type",
    "kind_source",
    "kind_label",
    "correction_void_kinds",
)
_NUMBERS = (
    *("event_offsets", "event_time", "event_amount", "event_value", "event_recorded"),
    *("correction_rows", "correction_targets", "correction_void"),
)
_OPTIONAL = ("event_recorded", "event_ids")
_DTYPES = {**dict.fromkeys(_CODES, np.dtype(np.uint32)), **dict.fromkeys(_NUMBERS, np.dtype(np.int64))}
_FILES = {name: f"{name}.npy" for name in _DTYPES} | {name: f"{name}.arrow" for name in _WORDS}
"""The file of each column and dictionary."""

_ALIKE = (
    ("event_time", "event_kind", "event_amount", "event_value", "event_party", "event_matter", *_OPTIONAL),
    ("kind_type", "kind_source", "kind_label"),
    ("correction_rows", "correction_targets", "correction_ids"),
    ("correction_void", "correction_void_kinds"),
)
"""What is as long as each other."""


def _group(kind: type[Any], prefix: str, parts: dict[str, Any]) -> Any:
    """One group of columns; what was not saved is None."""
    return kind(**{field.name: parts.get(f"{prefix}_{field.name}") for field in fields(kind)})
