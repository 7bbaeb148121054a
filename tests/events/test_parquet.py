"""Parquet and Arrow files: sensible types are taken, others named, and row groups of any make read exactly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import ipc, parquet

from goodstanding.events import EVENT_SCHEMA, read_events
from goodstanding.events.parquet import ParquetFile
from goodstanding.events.schema import EVENT

Refused = Callable[..., list[str]]
UTC = pa.timestamp("us", "UTC")
ENDINGS = ["parquet", "arrow"]


def table(**columns: Any) -> Any:
    """Two events that are in order, but for the columns given; None leaves one out."""
    usual = {
        "id": pa.array(["e1", "e2"]),
        "source": pa.array(["bank", "court"]),
        "type": pa.array(["bill.paid", "listed"]),
        "person": pa.array(["p1", "p2"]),
        "time": pa.array([0, 1], UTC),
    }
    return pa.table({name: column for name, column in (usual | columns).items() if column is not None})


def write(content: Any, path: Path, **options: Any) -> Path:
    if path.suffix == ".parquet":
        parquet.write_table(content, path, **options)
    else:
        with ipc.new_file(str(path), content.schema, options=ipc.IpcWriteOptions(**options)) as sink:
            sink.write_table(content)
    return path


def read(path: Path) -> Any:
    return pa.Table.from_batches(list(read_events([path])), EVENT_SCHEMA)


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_column_comes_in_its_canonical_type(tmp_path: Path, ending: str) -> None:
    found = read(write(table(amount=pa.array([5, None])), tmp_path / f"events.{ending}"))
    assert found.schema == EVENT_SCHEMA
    assert found.column("type").to_pylist() == ["bill.paid", "listed"]
    assert found.column("amount").to_pylist() == [5, None]
    assert found.column("recorded").null_count == 2


STRINGS = [
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int8(), pa.string()),
    pa.dictionary(pa.int32(), pa.large_string()),
]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("kind", STRINGS, ids=str)
def test_strings_of_any_sort_are_read(tmp_path: Path, ending: str, kind: Any) -> None:
    plain = table(label=pa.array(["x", None]))
    texts = ["id", "source", "type", "person", "label"]
    columns = {
        name: pa.array(plain.column(name).to_pylist(), kind) if name in texts else plain.column(name)
        for name in plain.column_names
    }
    assert read(write(pa.table(columns), tmp_path / f"a.{ending}")) == read(write(plain, tmp_path / f"b.{ending}"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_other_columns_have_the_types_that_fit(tmp_path: Path, ending: str) -> None:
    nullable = {
        "label": pa.nulls(2),
        "recorded": pa.nulls(2),
        "value": pa.nulls(2),
        "amount": pa.array([1, 2], pa.uint16()),
    }
    found = read(
        write(
            table(time=pa.array([0, 1], pa.timestamp("ms", "Asia/Shanghai")), **nullable), tmp_path / f"events.{ending}"
        )
    )
    assert found.column("time").to_pylist() == [0, 1000]
    assert found.column("amount").to_pylist() == [1, 2]
    assert found.column("label").null_count == 2


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("column", "said"),
    [
        (
            {"time": pa.array([0, 1], pa.timestamp("us"))},
            "column 'time' of type timestamp[us]; expected a timestamp with a time zone; say",
        ),
        ({"time": pa.array([0, 1])}, "column 'time' of type int64; expected a timestamp"),
        ({"time": pa.array(["a", "b"])}, "column 'time' of type string; expected a timestamp"),
        ({"amount": pa.array([1.0, 2.5])}, "column 'amount' of type double; expected whole numbers"),
        (
            {"amount": pa.array([1, 2], pa.decimal128(5, 2))},
            "column 'amount' of type decimal128(5, 2); expected whole numbers",
        ),
        ({"amount": pa.array(["1", "2"])}, "column 'amount' of type string; expected whole numbers"),
        ({"id": pa.array([1, 2])}, "column 'id' of type int64; expected strings"),
        ({"id": pa.array([b"a", b"b"])}, "column 'id' of type binary; expected strings"),
        ({"id": pa.nulls(2)}, "column 'id' of type null; expected strings"),
        ({"id": pa.array([["a"], ["b"]])}, "column 'id' of type list<"),
        ({"person": None}, "no column 'person'; expected id, source, type, person, time in every event"),
        ({"vaule": pa.array([1, 2])}, "unknown column 'vaule'; expected one of id, source"),
    ],
)
def test_a_column_of_another_type_is_named(
    tmp_path: Path, refused: Refused, ending: str, column: dict[str, Any], said: str
) -> None:
    found = refused(write(table(**column), tmp_path / f"events.{ending}"))
    assert len(found) == 1
    assert found[0].startswith(f"events.{ending}: {said}")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"id": pa.array(["e1", None])}, "no id; expected a string of 1 to 128 characters"),
        ({"id": pa.array(["e1", ""])}, "id an empty string; expected a string of 1 to 128 characters"),
        ({"person": pa.array(["e1", "例" * 129])}, "person '例"),
        (
            {"label": pa.array([None, "a\u202eb"])},
            r"label 'a\u202eb' (U+202E); expected no control and no bidirectional mark",
        ),
        ({"type": pa.array(["a", "A"])}, "type 'A'; expected lower-case words joined by dots"),
        ({"amount": pa.array([None, 10**12 + 1])}, "amount 1000000000001; expected a whole number from"),
        (
            {"time": pa.array([0, 2**62], UTC)},
            "time 4611686018427387904 microseconds since 1970; expected a time from 1900-01-01",
        ),
        (
            {"recorded": pa.array([None, 1001], pa.timestamp("ns", "UTC"))},
            "recorded 1970-01-01T00:00:00.000001Z and 1 nanoseconds",
        ),
    ],
)
def test_a_faulty_value_is_named_by_its_row(
    tmp_path: Path, refused: Refused, ending: str, column: dict[str, Any], said: str
) -> None:
    found = refused(write(table(**column), tmp_path / f"events.{ending}"))
    assert len(found) == 1
    assert found[0].startswith(f"events.{ending}:2: {said}")


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_column_twice_is_named(tmp_path: Path, refused: Refused, ending: str) -> None:
    content = table().append_column("id", pa.array(["a", "b"]))
    assert refused(write(content, tmp_path / f"events.{ending}")) == [
        f"events.{ending}: column 'id' twice; expected each column once"
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_without_rows_is_no_events(tmp_path: Path, ending: str) -> None:
    assert read(write(table().slice(0, 0), tmp_path / f"events.{ending}")).num_rows == 0


def many(rows: int) -> Any:
    """Events whose identifiers are of several lengths, and too many for one dictionary page."""
    numbers = np.arange(rows)
    words = pa.array([f"e{number}" for number in numbers])
    return pa.table(
        {
            "id": words,
            "source": pa.array(["bank"] * rows),
            "type": pa.array(["bill.paid"] * rows),
            "person": pa.array([f"p{number % (rows // 3)}" for number in numbers]),
            "time": pa.array(numbers * 10**6, UTC),
            "amount": pa.array(numbers, mask=numbers % 3 == 0),
            "party": pa.array([f"shop {number % 977} 例" if number % 5 else None for number in numbers]),
        }
    )


MAKES: dict[str, dict[str, Any]] = {
    "usual": {},
    "uncompressed": {"compression": "none"},
    "gzip": {"compression": "gzip"},
    "lz4": {"compression": "lz4"},
    "brotli": {"compression": "brotli"},
    "small groups": {"row_group_size": 1000, "compression": "zstd"},
    "version 2 pages": {"data_page_version": "2.0", "compression": "zstd"},
    "no dictionary": {"use_dictionary": False},
    "small dictionary": {"dictionary_pagesize_limit": 2000, "data_page_size": 4000},
    "checksums": {"write_page_checksum": True},
    "no statistics": {"write_statistics": False},
    "delta": {
        "use_dictionary": False,
        "column_encoding": {
            "id": "DELTA_BYTE_ARRAY",
            "person": "DELTA_LENGTH_BYTE_ARRAY",
            "time": "DELTA_BINARY_PACKED",
        },
    },
}


@pytest.mark.parametrize("make", MAKES)
def test_parquet_of_any_make_is_read_exactly(tmp_path: Path, make: str) -> None:
    content = many(30_000)
    found = read(write(content, tmp_path / "events.parquet", **MAKES[make]))
    for name in content.column_names:
        expected = content.column(name).cast(pa.int64()) if name == "time" else content.column(name)
        assert found.column(name).to_pylist() == expected.to_pylist()


@pytest.mark.parametrize("compression", [None, "lz4", "zstd"])
def test_arrow_files_of_any_make_are_read_exactly(tmp_path: Path, compression: str | None) -> None:
    content = many(30_000)
    found = read(write(content, tmp_path / "events.arrow", compression=compression))
    assert found.column("id").to_pylist() == content.column("id").to_pylist()
    assert found.column("party").to_pylist() == content.column("party").to_pylist()


@pytest.mark.parametrize("ending", ENDINGS)
def test_rows_are_counted_on_over_batches_and_row_groups(tmp_path: Path, refused: Refused, ending: str) -> None:
    content = many(300_000)
    ids = content.column("id").to_pylist()
    ids[299_990] = ""
    content = content.set_column(0, "id", pa.array(ids))
    options = {"row_group_size": 70_000} if ending == "parquet" else {}
    assert refused(write(content, tmp_path / f"events.{ending}", **options)) == [
        f"events.{ending}:299991: id an empty string; expected a string of 1 to 128 characters"
    ]


def test_batches_are_small_where_strings_are_long(tmp_path: Path) -> None:
    words = pa.array([f"{number % 50:0128d}" for number in range(1000)])
    source = ParquetFile(write(many(1000).set_column(0, "id", words), tmp_path / "events.parquet"), EVENT)
    with source.path.open("rb") as raw:
        assert source._batch_rows(0, raw.fileno()) == (64 << 20) // 132


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("world", ["live", "synthetic", None])
def test_the_world_is_known_before_anything_is_read(tmp_path: Path, ending: str, world: str | None) -> None:
    content = table().replace_schema_metadata({"goodstanding.world": world} if world else {"other": "x"})
    path = write(content, tmp_path / f"events.{ending}")
    assert read_events([path]).worlds == {path: world}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_third_world_is_refused(tmp_path: Path, refused: Refused, ending: str) -> None:
    path = write(table().replace_schema_metadata({"goodstanding.world": "real"}), tmp_path / f"events.{ending}")
    assert refused(path) == [f"events.{ending}: goodstanding.world 'real'; expected live or synthetic"]
