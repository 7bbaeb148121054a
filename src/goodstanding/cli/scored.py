"""Files of scores, as `score` writes them, read for `evaluate`: whose score, and in which tier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goodstanding.cli.outputs import ENDINGS
from goodstanding.errors import InputError, Problem, nearest
from goodstanding.limits import MOST_LISTED

if TYPE_CHECKING:
    import pyarrow as pa

HEADED = 2
"""The line of the first row under a header."""

WHOLE = "^[+-]?[0-9]{1,18}$"
SCORED = ("person", "score", "tier")
"""What is read of a file of scores."""

MOST = 2**63

HELD = {
    "person": (str, "a person: a string"),
    "score": (int, "a whole number, or null"),
    "tier": (str, "a tier: a string, or null"),
}
"""What stands in each of them in JSON Lines, where it is not null."""


def read_scores(path: Path) -> pa.Table:
    """The columns person, score and tier of a file of scores.

    Raises:
        InputError: it cannot be read, lacks a column, names somebody twice, or holds a score that is no whole number.
    """
    import pyarrow as pa

    readers: Mapping[str, Callable[[Path], pa.Table]] = {
        ".parquet": _read_parquet,
        ".csv": _read_csv,
        ".jsonl": _read_json_lines,
    }
    if path.is_dir():
        raise InputError([Problem(str(path), None, "a folder", "a file of scores")])
    if path.suffix not in readers:
        raise InputError([Problem(str(path), None, f"a file ending in {path.suffix!r}", " or ".join(ENDINGS))])
    try:
        return _each_once(path, readers[path.suffix](path))
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError([Problem(str(path), None, f"cannot be read: {error}", "a file of scores")]) from error


def _read_parquet(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import parquet

    schema = parquet.read_schema(path)
    _check_columns(path, schema.names)
    if not pa.types.is_integer(schema.field("score").type):
        found = f"found the column 'score' of type {schema.field('score').type}"
        raise InputError([Problem(str(path), None, found, "whole numbers")])
    return parquet.read_table(path, columns=list(SCORED))


def _read_csv(path: Path) -> pa.Table:
    """Nothing is guessed from what a cell looks like: the people `007`, `NA` and `2018-01-01` keep their names."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import csv

    with csv.open_csv(path) as head:
        _check_columns(path, head.schema.names)
    words = dict.fromkeys(SCORED, pa.string())
    options = csv.ConvertOptions(column_types=words, include_columns=SCORED, null_values=[""], strings_can_be_null=True)
    table = csv.read_csv(path, convert_options=options)
    scores = table["score"]
    wrong = pc.fill_null(pc.invert(pc.match_substring_regex(scores, WHOLE)), fill_value=False)
    first = pc.index(wrong, value=True).as_py()
    if first >= 0:
        raise InputError(
            [
                Problem(
                    str(path),
                    HEADED + first,
                    f"found the score {scores[first].as_py()!r}",
                    "a whole number, or nothing",
                )
            ]
        )
    return table.set_column(1, "score", scores.cast(pa.int64()))


def _each_once(path: Path, table: pa.Table) -> pa.Table:
    """The table, in which each person stands once.

    Raises:
        InputError: somebody stands there twice, and would count twice.
    """
    import numpy as np
    import pyarrow.compute as pc

    people = table["person"].combine_chunks()
    if pc.count_distinct(people, mode="all").as_py() == len(people):
        return table
    codes = pc.fill_null(people.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    _, firsts, places = np.unique(codes, return_index=True, return_inverse=True)
    again = int(np.flatnonzero(firsts[places] != np.arange(len(codes)))[0])
    start = HEADED if path.suffix == ".csv" else 1
    earlier = start + int(firsts[places[again]])
    found = f"found the person {people[again].as_py()!r} again"
    raise InputError([Problem(str(path), start + again, found, f"each person once; it stands at {earlier} too")])


def _read_json_lines(path: Path) -> pa.Table:
    """As for CSV; which columns there are, the first line says, since `score` writes all of them in every line."""
    import pyarrow as pa
    from pyarrow import json

    with path.open("rb") as lines:
        first, _ = _line(next(lines, b"{}"))
    if first is not None:
        _check_columns(path, list(first))
    options = json.ParseOptions(explicit_schema=pa.schema(_types()), unexpected_field_behavior="ignore")
    try:
        return json.read_json(path, parse_options=options)
    except pa.ArrowInvalid:  # whatever it is: by line it is found, and said
        problems = list(_line_faults(path))
        if not problems:
            raise
        raise InputError(problems[:MOST_LISTED], max(0, len(problems) - MOST_LISTED)) from None


def _line_faults(path: Path) -> Iterator[Problem]:
    """What is wrong with each line: no JSON object, or a value that does not belong there."""
    with path.open("rb") as lines:
        for number, text in enumerate(lines, 1):
            record, said = _line(text)
            if record is None:
                yield Problem(str(path), number, said, "an object in JSON")
                continue
            for name, (kind, expected) in HELD.items():
                if (found := record.get(name)) is not None and not _is(found, kind):
                    yield Problem(str(path), number, f"found the {name} {_shown(found)}", expected)


def _line(text: bytes) -> tuple[dict[str, Any] | None, str]:
    """The object of one line; or None, and what was found instead."""
    import orjson

    try:
        record = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return None, f"no JSON at character {error.pos + 1} ({error.msg.split(':')[0]})"
    return (record, "") if isinstance(record, dict) else (None, _shown(record))


def _is(value: object, kind: type) -> bool:
    """Whether it is of a type, and a number one of 64 bits; true and false are no numbers."""
    return type(value) is kind and (not isinstance(value, int) or abs(value) < MOST)


def _shown(value: object) -> str:
    from goodstanding.events.faults import shown_json

    return shown_json(value)


def _types() -> dict[str, pa.DataType]:
    import pyarrow as pa

    return dict(zip(SCORED, (pa.string(), pa.int64(), pa.string()), strict=True))


def _check_columns(path: Path, names: Sequence[str]) -> None:
    missing = [name for name in SCORED if name not in names]
    if missing:
        near = nearest(missing[0], names)
        found = f"no column {missing[0]!r} among {', '.join(names)}" if names else "no columns"
        hint = f"did you mean {near!r}?" if near else ""
        raise InputError([Problem(str(path), None, found, "a file that `goodstanding score` wrote", hint=hint)])
