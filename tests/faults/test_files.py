"""Files made to harm: each is refused by name, in bounded memory and time, and nothing of it is taken.

The Parquet files are put together byte by byte, since no writer would write them. All are read by one child process,
one after the other, so that its peak of memory is the greatest of them all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import ipc, parquet

from goodstanding.events import read_events, write_events

MEBI = 1 << 20
MOST_MEMORY = 512 * MEBI
MOST_SECONDS = 10

READ = """
import json, resource, sys, time
from pathlib import Path
from goodstanding.errors import EventsError
from goodstanding.events import read_events

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

limit = resource.getrlimit(resource.RLIMIT_AS)
base = peak()
for path in sys.argv[1:]:
    began, taken, said = time.process_time(), 0, ""
    reader = read_events([Path(path)])
    try:
        for batch in reader:
            taken += len(batch)
    except EventsError as error:
        said = str(error)
    assert resource.getrlimit(resource.RLIMIT_AS) == limit
    print(json.dumps([Path(path).name, said, taken, peak() - base, time.process_time() - began]), flush=True)
"""

# --- Parquet, byte by byte -------------------------------------------------------------------------------------------

Fields = dict[int, Any]  # a Thrift structure: ints, bytes, lists and structures by field
BYTE_ARRAY, INT64 = 6, 2
UTF8, TIMESTAMP_MICROS = 0, 10
PLAIN, DELTA_BYTE_ARRAY, RLE_DICTIONARY = 0, 7, 8
UNCOMPRESSED, GZIP, ZSTD = 0, 2, 6
REQUIRED = {"id": UTF8, "source": UTF8, "type": UTF8, "person": UTF8, "time": TIMESTAMP_MICROS}
LONG = 1_000_000


class Long(int):
    """A number that its structure declares as 64 bits wide."""


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def zigzag(number: int) -> bytes:
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def thrift_kind(value: object) -> int:
    return {int: 5, Long: 6, bytes: 8, list: 9, dict: 12}[type(value)]


def thrift(value: Any) -> bytes:
    """A value in Thrift's compact form."""
    if isinstance(value, int):
        return zigzag(value)
    if isinstance(value, bytes):
        return varint(len(value)) + value
    if isinstance(value, list):
        kind = thrift_kind(value[0]) if value else 12
        head = bytes([len(value) << 4 | kind]) if len(value) < 15 else bytes([0xF0 | kind]) + varint(len(value))
        return head + b"".join(map(thrift, value))
    body, last = b"", 0
    for name, inner in value.items():
        body += bytes([(name - last) << 4 | thrift_kind(inner)]) + thrift(inner)
        last = name
    return body + b"\0"


@dataclass
class Page:
    """One page: its bytes as they stand in the file, and what its header says of it."""

    data: bytes
    values: int
    encoding: int = PLAIN
    decompressed: int | None = None
    is_dictionary: bool = False

    def bytes(self) -> bytes:
        size = len(self.data) if self.decompressed is None else self.decompressed
        header: Fields = {1: 2 if self.is_dictionary else 0, 2: size, 3: len(self.data)}
        if self.is_dictionary:
            header[7] = {1: self.values, 2: PLAIN}
        else:
            header[5] = {1: self.values, 2: self.encoding, 3: 3, 4: 3}
        return thrift(header) + self.data


class Raw(Page):
    """Bytes where a page should be."""

    def bytes(self) -> bytes:
        return self.data


def string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "little") + value


def constant(value: bytes, rows: int) -> list[Page]:
    """As many rows of one string as one likes, in a few bytes: a dictionary of one, and one run of its code."""
    run = b"\1" + varint(rows << 1) + b"\0"
    return [Page(string(value), 1, is_dictionary=True), Page(run, rows, RLE_DICTIONARY)]


def moments(rows: int) -> list[Page]:
    run = b"\1" + varint(rows << 1) + b"\0"
    return [Page((10**15).to_bytes(8, "little"), 1, is_dictionary=True), Page(run, rows, RLE_DICTIONARY)]


def write_parquet(
    path: Path, rows: int, pages: dict[str, list[Page]], codec: int = UNCOMPRESSED, encodings: list[int] | None = None
) -> None:
    """A Parquet file of one row group with the required columns; those not given are constant.

    Args:
        codec: of the columns given; the constant ones are not compressed.
    """
    out = b"PAR1"
    columns = []
    for name, converted in REQUIRED.items():
        chosen = pages.get(name) or (moments(rows) if name == "time" else constant(b"x", rows))
        begin = len(out)
        body = [page.bytes() for page in chosen]
        out += b"".join(body)
        meta: Fields = {
            1: INT64 if converted else BYTE_ARRAY,
            2: encodings or [PLAIN, RLE_DICTIONARY, 3],
            3: [name.encode()],
        }
        meta |= {4: codec if name in pages else UNCOMPRESSED, 5: Long(rows), 6: Long(100), 7: Long(sum(map(len, body)))}
        meta |= {9: Long(begin + (len(body[0]) if chosen[0].is_dictionary else 0))}
        meta |= {11: Long(begin)} if chosen[0].is_dictionary else {}
        columns.append({2: Long(begin), 3: meta})
    schema: list[Fields] = [{4: b"schema", 5: len(REQUIRED)}]
    schema += [{1: INT64 if kind else BYTE_ARRAY, 3: 0, 4: name.encode(), 6: kind} for name, kind in REQUIRED.items()]
    footer = thrift({1: 1, 2: schema, 3: Long(rows), 4: [{1: columns, 2: Long(100), 3: Long(rows)}]})
    path.write_bytes(out + footer + len(footer).to_bytes(4, "little") + b"PAR1")


# --- The files -------------------------------------------------------------------------------------------------------


def delta_packed(first: int, deltas: list[int], count: int) -> bytes:
    """DELTA_BINARY_PACKED: the first value, up to 128 differences, and then no difference any more."""
    out = varint(128) + varint(4) + varint(count) + zigzag(first)
    least = min([0, *deltas])
    packed = sum((delta - least) << (20 * place) for place, delta in enumerate(deltas + [0] * (128 - len(deltas))))
    out += zigzag(least) + bytes([20] * 4) + packed.to_bytes(20 * 128 // 8, "little")
    return out + (zigzag(0) + bytes(4)) * (max(0, count - 129 + 127) // 128)


def one_long_string(path: Path) -> None:
    dictionary, codes = constant(b"x" * LONG, 10**6)
    packed = Page(
        pa.compress(dictionary.data, "zstd", asbytes=True), 1, PLAIN, len(dictionary.data), is_dictionary=True
    )
    codes.data, codes.decompressed = pa.compress(codes.data, "zstd", asbytes=True), len(codes.data)
    write_parquet(path, 10**6, {"id": [packed, codes]}, ZSTD)


def one_long_string_hidden_in_a_dictionary(path: Path) -> None:
    dictionary = b"".join(string(b"%07d" % number) for number in range(50_000)) + string(b"x" * LONG)
    run = bytes([16]) + varint(10**6 << 1) + (50_000).to_bytes(2, "little")
    write_parquet(
        path, 10**6, {"person": [Page(dictionary, 50_001, is_dictionary=True), Page(run, 10**6, RLE_DICTIONARY)]}
    )


def two_billion_rows(path: Path) -> None:
    write_parquet(path, 2**31 - 1, {})


def two_billion_rows_that_the_footer_denies(path: Path) -> None:
    write_parquet(path, 100, {name: constant(b"x", 2**31 - 1) for name in ("id", "source", "type", "person")})


def compressed_in_a_way_that_nobody_knows(path: Path) -> None:
    write_parquet(path, 1, {"id": [Page(string(b"x"), 1)]}, codec=47)


def gzipped_page_of_zeros(path: Path) -> None:
    size = 256 * MEBI
    write_parquet(
        path,
        size // 4,
        {"id": [Page(pa.compress(bytes(size), "gzip", asbytes=True), size // 4, decompressed=size)]},
        GZIP,
    )


def page_of_zeros(path: Path) -> None:
    frame = pa.compress(bytes(64 * MEBI), "zstd", asbytes=True)
    size = 16 * 64 * MEBI
    write_parquet(path, size // 4, {"id": [Page(frame * 16, size // 4, decompressed=size)]}, ZSTD)


def many_pages_of_zeros(path: Path) -> None:
    size = 16 * MEBI
    page = Page(pa.compress(bytes(size), "zstd", asbytes=True), size // 4, decompressed=size)
    write_parquet(path, size // 4 * 128, {"id": [page] * 128}, ZSTD)


def page_that_says_it_is_larger(path: Path) -> None:
    write_parquet(
        path, 1, {"id": [Page(pa.compress(string(b"x"), "zstd", asbytes=True), 1, decompressed=2**31 - 1)]}, ZSTD
    )


def page_that_says_it_is_smaller(path: Path) -> None:
    frame = pa.compress(bytes(64 * MEBI), "zstd", asbytes=True)
    write_parquet(path, 25, {"id": [Page(frame * 16, 25, decompressed=100)]}, ZSTD)


def page_of_negative_size(path: Path) -> None:
    write_parquet(path, 1, {"id": [Page(string(b"x"), 1, decompressed=-5)]})


def page_header_of_lists_within_lists(path: Path) -> None:
    write_parquet(path, 1, {"id": [Raw(b"\x19" * 4000, 1)]})


def delta_strings_with_one_long_prefix(path: Path) -> None:
    rows = 60_000
    prefixes = delta_packed(0, [LONG], rows)
    suffixes = delta_packed(LONG, [-LONG], rows)
    write_delta(path, rows, Page(prefixes + suffixes + b"x" * LONG, rows, DELTA_BYTE_ARRAY))


def delta_strings_that_promise_two_billion(path: Path) -> None:
    write_delta(path, 2, Page(delta_packed(0, [], 2**31 - 200)[:400] + b"x" * LONG, 2, DELTA_BYTE_ARRAY))


def write_delta(path: Path, rows: int, page: Page) -> None:
    write_parquet(path, rows, {"id": [page]}, encodings=[PLAIN, RLE_DICTIONARY, 3, DELTA_BYTE_ARRAY])


def delta_strings_that_the_footer_denies(path: Path) -> None:
    rows = 60_000
    data = delta_packed(0, [LONG], rows) + delta_packed(LONG, [-LONG], rows) + b"x" * LONG
    write_parquet(path, rows, {"id": [Page(data, rows, DELTA_BYTE_ARRAY)]})


def footer_of_many_row_groups(path: Path) -> None:
    footer = thrift({1: 1, 2: [{4: b"schema", 5: 0}], 3: Long(0)})[:-1]
    groups = bytes([0x19, 0xFC]) + varint(10**6) + b"\x19\x0c\x16\0\x16\0\0" * 10**6
    footer += groups + b"\0"
    path.write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")


def footer_longer_than_the_file(path: Path) -> None:
    path.write_bytes(b"PAR1" + b"x" * 100 + (2**31 - 1).to_bytes(4, "little") + b"PAR1")


def truncated_parquet(path: Path) -> None:
    write_parquet(path, 1000, {})
    path.write_bytes(path.read_bytes()[:-30])


def parquet_with_a_broken_page(path: Path) -> None:
    table = pa.table({name: ["x"] * 1000 for name in ("id", "source", "type", "person")})
    parquet.write_table(table.append_column("time", pa.array([0] * 1000, pa.timestamp("us", "UTC"))), path)
    data = bytearray(path.read_bytes())
    data[4:40] = b"\xff" * 36
    path.write_bytes(data)


def not_parquet_at_all(path: Path) -> None:
    path.write_bytes(b"id,source,type,person,time\n")


def arrow_schema(kind: Any) -> Any:
    fields = [(name, pa.string()) for name in ("source", "type", "person")]
    return pa.schema([("id", kind), *fields, ("time", pa.timestamp("us", "UTC"))])


def write_arrow(path: Path, ids: Any, compression: str | None = None) -> None:
    rows = len(ids)
    others = [pa.array(["x"] * rows)] * 3
    schema = arrow_schema(ids.type)
    batch = pa.RecordBatch.from_arrays([ids, *others, pa.array([0] * rows, schema.field("time").type)], schema=schema)
    with ipc.new_file(str(path), schema, options=ipc.IpcWriteOptions(compression=compression)) as sink:
        sink.write_batch(batch)


def compressed_zeros_in_arrow(path: Path) -> None:
    size = 768 * MEBI
    offsets = pa.py_buffer((0).to_bytes(4, "little") + size.to_bytes(4, "little"))
    write_arrow(path, pa.StringArray.from_buffers(1, offsets, pa.py_buffer(bytes(size))), "zstd")


def arrow_views_of_one_long_string(path: Path) -> None:
    view = LONG.to_bytes(4, "little") + b"xxxx" + bytes(8)
    ids = pa.Array.from_buffers(pa.string_view(), 2000, [None, pa.py_buffer(view * 2000), pa.py_buffer(b"x" * LONG)])
    write_arrow(path, ids)


def arrow_codes_of_one_long_string(path: Path) -> None:
    write_arrow(path, pa.DictionaryArray.from_arrays(pa.array([0] * 10**6, pa.int32()), pa.array(["x" * LONG])), "zstd")


def arrow_offsets_beyond_the_data(path: Path) -> None:
    write_arrow(path, pa.array(["abcdefgh"]))
    data = path.read_bytes()
    path.write_bytes(
        data.replace((8).to_bytes(8, "little"), (2**30).to_bytes(8, "little")).replace(
            bytes([0, 0, 0, 0, 8, 0, 0, 0]), bytes([0, 0, 0, 0, 0, 0, 0, 0x40])
        )
    )


def truncated_arrow(path: Path) -> None:
    write_arrow(path, pa.array(["a"]))
    path.write_bytes(path.read_bytes()[:-40])


def sparse(path: Path, head: bytes) -> None:
    with path.open("wb") as file:
        file.write(head)
        file.truncate(560 * MEBI)


def csv_line_without_end(path: Path) -> None:
    sparse(path, b"id,source,type,person,time\n")


def csv_header_without_end(path: Path) -> None:
    sparse(path, b"id,source")


def csv_quote_without_end(path: Path) -> None:
    path.write_bytes(b'id,source,type,person,time\n"' + b"x,\n" * 10**5)


def json_line_without_end(path: Path) -> None:
    sparse(path, b'{"id":"')


def deep_json(path: Path) -> None:
    path.write_bytes(b'{"id":' + b"[" * 400_000 + b"]" * 400_000 + b"}\n")


def json_of_middling_depth(path: Path) -> None:
    path.write_bytes(b'{"id":' + b'{"a":' * 1000 + b"1" + b"}" * 1001 + b"\n")


def json_of_many_brackets(path: Path) -> None:
    path.write_bytes((b'{"id":[' + b"[]," * 300_000 + b"[]]}\n") * 4)


Maker = Callable[[Path], None]
FILES: dict[str, tuple[Maker, str]] = {
    "long.parquet": (one_long_string, "that decode to"),
    "hidden.parquet": (one_long_string_hidden_in_a_dictionary, "that decode to"),
    "rows.parquet": (two_billion_rows, "that decode to"),
    "liar.parquet": (two_billion_rows_that_the_footer_denies, "row group 1: 2147483647 values of id in 100 rows"),
    "codec.parquet": (
        compressed_in_a_way_that_nobody_knows,
        "not readable as Parquet (its footer or a page header is damaged)",
    ),
    "zeros.parquet": (page_of_zeros, "that decode to"),
    "gzip.parquet": (gzipped_page_of_zeros, "that decode to"),
    "pages.parquet": (many_pages_of_zeros, "that decode to"),
    "larger.parquet": (page_that_says_it_is_larger, "that decode to"),
    "smaller.parquet": (page_that_says_it_is_smaller, "row group 1: "),
    "negative.parquet": (page_of_negative_size, "row group 1: its footer or a page header is damaged"),
    "lists.parquet": (page_header_of_lists_within_lists, "row group 1: its footer or a page header is damaged"),
    "prefix.parquet": (delta_strings_with_one_long_prefix, "more memory than a file of its size may"),
    "promise.parquet": (delta_strings_that_promise_two_billion, "expected a whole"),
    "denied.parquet": (delta_strings_that_the_footer_denies, "an encoding that the footer does not name"),
    "groups.parquet": (footer_of_many_row_groups, "not readable as Parquet"),
    "footer.parquet": (footer_longer_than_the_file, "not readable as Parquet"),
    "cut.parquet": (truncated_parquet, "not readable as Parquet"),
    "broken.parquet": (parquet_with_a_broken_page, "row group 1: its footer or a page header is damaged"),
    "text.parquet": (not_parquet_at_all, "not readable as Parquet"),
    "zeros.arrow": (compressed_zeros_in_arrow, "expected a"),
    "views.arrow": (arrow_views_of_one_long_string, "expected a"),
    "codes.arrow": (arrow_codes_of_one_long_string, "expected a string of 1 to 128 characters"),
    "offsets.arrow": (arrow_offsets_beyond_the_data, "expected a whole Arrow file"),
    "cut.arrow": (truncated_arrow, "not readable as an Arrow file"),
    "line.csv": (csv_line_without_end, ":2: a line of more than 1048576 bytes"),
    "header.csv": (csv_header_without_end, "a header with a line of more than 1048576 bytes"),
    "quote.csv": (csv_quote_without_end, ":2: a quoted field without its end"),
    "line.jsonl": (json_line_without_end, ":1: a line of more than 1048576 bytes"),
    "deep.jsonl": (deep_json, ":1: "),
    "middling.jsonl": (json_of_middling_depth, ":1: "),
    "brackets.jsonl": (json_of_many_brackets, ":1: "),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What the child said of each file: its words, the rows it took, its peak of memory so far, seconds."""
    folder = tmp_path_factory.mktemp("files")
    for name, (make, _) in FILES.items():
        make(folder / name)
    paths = [str(folder / name) for name in FILES]
    child = subprocess.run([sys.executable, "-c", READ, *paths], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in child.stdout.splitlines()]
    return {name: rest for name, *rest in lines}


@pytest.mark.parametrize("name", FILES)
def test_a_harmful_file_is_refused_by_name(name: str, outcomes: dict[str, list[Any]]) -> None:
    said, _, _, _ = outcomes[name]
    assert name in said
    assert FILES[name][1] in said


@pytest.mark.parametrize("name", FILES)
def test_a_harmful_file_takes_bounded_memory_and_time(name: str, outcomes: dict[str, list[Any]]) -> None:
    _, _, growth, seconds = outcomes[name]
    assert growth <= MOST_MEMORY
    assert seconds <= MOST_SECONDS


def test_the_smallest_bomb_is_smaller_than_a_page_of_text(tmp_path: Path) -> None:
    one_long_string(tmp_path / "bomb.parquet")
    assert (tmp_path / "bomb.parquet").stat().st_size < 1024


MUTATE = """
import random, sys
from pathlib import Path
from goodstanding.errors import EventsError
from goodstanding.events import read_events

random.seed(7)
refused = 0
for name in sys.argv[1:]:
    path = Path(name)
    whole = path.read_bytes()
    for _ in range(100):
        data = bytearray(whole)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(data))
            if random.random() < 0.5:  # near the end, where a footer is
                at = max(0, len(data) - random.randint(1, 1500))
            how = random.random()
            if how < 0.7:
                data[at] = random.randrange(256)
            elif how < 0.85:
                del data[at : at + random.randint(1, 20)]
            else:
                data[at:at] = random.randbytes(random.randint(1, 20))
        mutant = path.with_stem("mutant")
        mutant.write_bytes(data)
        try:
            rows = sum(map(len, read_events([mutant])))
        except EventsError as error:
            assert error.problems
            refused += 1
print(refused)
"""


def test_files_changed_at_random_are_read_or_refused_and_never_bring_the_reader_down(tmp_path: Path) -> None:
    events = [
        {
            "id": f"e{number}",
            "source": "bank",
            "type": "bill.paid",
            "person": f"p{number % 7}",
            "time": number,
            "label": "例",
        }
        for number in range(50)
    ]
    paths = [tmp_path / f"events.{ending}" for ending in ("parquet", "arrow", "csv", "jsonl")]
    for path in paths:
        write_events(events, path, world="live")
    child = subprocess.run(
        [sys.executable, "-c", MUTATE, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) > 200


def test_a_file_made_byte_by_byte_is_read_where_it_does_no_harm(tmp_path: Path) -> None:
    write_parquet(tmp_path / "good.parquet", 1000, {})
    assert sum(map(len, read_events([tmp_path / "good.parquet"]))) == 1000
