"""A saved book is whole or not there, and a damaged one says so in words."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodstanding.book import Book
from goodstanding.book.saving import CONTENTS, is_book, verify
from goodstanding.errors import BookError
from goodstanding.testing import table

pytestmark = pytest.mark.kernel

EVENTS = """id | person | amount | party | matter | recorded | replaces
            x  | p      | 7      | shop  | loan   | -3d      |
            y  | p      | 8      | shop  | loan   |          | x
            z  | q      |        |       |        |          |"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Book.of(table(EVENTS), world="live").save(tmp_path / "book")
    return tmp_path / "book"


def contents(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / CONTENTS).read_text())
    return found


def test_what_was_saved_is_opened(folder: Path) -> None:
    book, opened = Book.of(table(EVENTS), world="live"), Book.open(folder)
    assert opened.world == "live"
    assert opened.limits == book.limits
    for person in ("p", "q"):
        assert opened.events_of(person) == book.events_of(person)
        assert opened.events_of(person, recorded_by=0) == book.events_of(person, recorded_by=0)
    assert opened.corrections.unknown == 0
    assert is_book(folder)
    assert not is_book(folder.parent)


@pytest.mark.parametrize("text", ["id", "id\nx"])
def test_an_empty_book_and_a_book_of_one_event_are_saved_too(tmp_path: Path, text: str) -> None:
    book = Book.of(table(text), world="synthetic")
    book.save(tmp_path / "deep" / "book")
    opened = Book.open(tmp_path / "deep" / "book")
    assert opened.people.to_pylist() == book.people.to_pylist()
    assert opened.events_of("p") == book.events_of("p")


def test_a_book_without_a_world_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="world of these events is not declared"):
        Book.of(table(EVENTS)).save(tmp_path / "book")
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_is_left_as_it_is(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BookError, match="exists already"):
        Book.of(table("id\nw"), world="live").save(folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    (folder.parent / "file").write_text("mine")
    with pytest.raises(BookError, match="exists already"):
        Book.of(table("id\nw"), world="live").save(folder.parent / "file")
    assert (folder.parent / "file").read_text() == "mine"


def test_a_save_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space left"):
        Book.of(table(EVENTS), world="live").save(tmp_path / "book")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_book_says_how_to_make_one(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BookError, match="not a book; make one with `goodstanding book build"):
            Book.open(folder)


def as_first_layout(folder: Path) -> None:
    """Make of a book what the first layout would have saved: no sums, corrections in whatever order."""
    ids = pa.table({"correction_ids": pa.array(Book.open(folder).corrections.ids.to_pylist()[::-1], pa.large_string())})
    said = contents(folder)
    del said["sha256"]
    (folder / CONTENTS).write_text(json.dumps({**said, "book": 1}))
    for name in ("correction_rows", "correction_targets"):
        np.save(folder / f"{name}.npy", np.load(folder / f"{name}.npy")[::-1])
    with pa.OSFile(str(folder / "correction_ids.arrow"), "wb") as file, pa.ipc.new_file(file, ids.schema) as writer:
        writer.write_table(ids)


CHAIN = "id | person | replaces\na | q |\nb | p | a\nc | p | b\nd | q | zz\ne | o | yyy"


def test_a_book_of_the_first_layout_is_still_read(tmp_path: Path) -> None:
    book, folder = Book.of(table(CHAIN), world="live"), tmp_path / "book"
    book.save(folder)
    as_first_layout(folder)
    opened = Book.open(folder)
    for person in ("o", "p", "q"):
        assert opened.events_of(person) == book.events_of(person)
    assert [opened.event_at(row) for row in range(5)] == [book.event_at(row) for row in range(5)]
    with pytest.raises(BookError, match="a book of layout 1, which kept no sums; build it again to have them"):
        verify(folder)


def test_what_was_saved_is_as_it_was_and_what_was_touched_is_named(folder: Path) -> None:
    assert verify(folder) == sum(contents(folder)["files"].values())
    for name in ("people.arrow", "event_amount.npy"):
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 4
        (folder / name).write_bytes(data)
    with pytest.raises(BookError, match=r"not as it was saved: event_amount.npy, people.arrow; build the book again"):
        verify(folder)


@pytest.mark.parametrize("sums", [{}, {"people.arrow": "0"}, 7, None])
def test_sums_of_other_files_are_a_damaged_contents_page(folder: Path, sums: Any) -> None:
    tell(folder, sha256=sums)
    with pytest.raises(BookError, match="build the book again"):
        Book.open(folder)


def test_every_file_and_the_folder_are_on_the_disk_before_the_book_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted(opened: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{opened}").readlink()))
        fsync(opened)

    def named(path: Path, target: Path) -> Path:
        synced.append("named")
        return rename(path, target)

    monkeypatch.setattr("os.fsync", noted)
    monkeypatch.setattr(Path, "rename", named)
    Book.of(table(EVENTS), world="live").save(tmp_path / "book")
    before, after = synced[: synced.index("named")], synced[synced.index("named") + 1 :]
    assert {Path(path).name for path in before[:-1]} == {path.name for path in (tmp_path / "book").iterdir()}
    assert Path(before[-1]).name.startswith(".book.")
    assert after == [str(tmp_path)]


# --- Damage -----------------------------------------------------------------------------------------------------------


def cut(folder: Path) -> None:
    path = folder / "event_time.npy"
    path.write_bytes(path.read_bytes()[:-8])


def lose(folder: Path) -> None:
    (folder / "people.arrow").unlink()


def spoil_header(folder: Path) -> None:
    path = folder / "event_time.npy"
    path.write_bytes(b"\0" * path.stat().st_size)


def spoil_dictionary(folder: Path) -> None:
    path = folder / "people.arrow"
    path.write_bytes(b"\0" * path.stat().st_size)


def pickled(folder: Path) -> None:
    save_as(folder, "event_time", np.array([{}, {}, {}], object))


def save_as(folder: Path, name: str, column: Any) -> None:
    """Put another column into a file's place, its size told as it is."""
    np.save(folder / f"{name}.npy", column, allow_pickle=True)
    said = contents(folder)
    said["files"][f"{name}.npy"] = (folder / f"{name}.npy").stat().st_size
    (folder / CONTENTS).write_text(json.dumps(said))


def shorter(folder: Path) -> None:
    save_as(folder, "event_amount", np.zeros(2, np.int64))


def of_another_type(folder: Path) -> None:
    save_as(folder, "event_kind", np.zeros(3, np.int64))


def of_more_dimensions(folder: Path) -> None:
    save_as(folder, "event_time", np.zeros((3, 1), np.int64))


def of_no_dimension(folder: Path) -> None:
    save_as(folder, "event_time", np.int64(3))


def offsets_that_lead_astray(folder: Path) -> None:
    save_as(folder, "event_offsets", np.array([0, 2, 9]))


def offsets_of_fewer_people(folder: Path) -> None:
    save_as(folder, "event_offsets", np.array([0, 3]))


def labels_of_fewer_kinds(folder: Path) -> None:
    save_as(folder, "kind_label", np.zeros(1, np.uint32))


def void_of_other_length(folder: Path) -> None:
    save_as(folder, "correction_void", np.zeros(2, np.int64))


def corrections_of_other_length(folder: Path) -> None:
    save_as(folder, "correction_targets", np.zeros(2, np.int64))


def swap_columns(folder: Path) -> None:
    swap(folder, "event_time.npy", "event_kind.npy")


def swap_dictionaries(folder: Path) -> None:
    swap(folder, "parties.arrow", "matters.arrow")


def swap(folder: Path, one: str, other: str) -> None:
    """Swap two files, and what is told of their sizes."""
    (folder / one).rename(folder / "spare")
    (folder / other).rename(folder / one)
    (folder / "spare").rename(folder / other)
    tell(folder, files={name: (folder / name).stat().st_size for name in contents(folder)["files"]})


def tell(folder: Path, **otherwise: Any) -> None:
    (folder / CONTENTS).write_text(json.dumps({**contents(folder), **otherwise}))


def leave_out_a_file(folder: Path) -> None:
    tell(folder, files={name: size for name, size in contents(folder)["files"].items() if name != "event_time.npy"})


def leave_out_a_dictionary(folder: Path) -> None:
    tell(folder, files={name: size for name, size in contents(folder)["files"].items() if name != "people.arrow"})


@pytest.mark.parametrize(
    "damage",
    [
        cut,
        lose,
        spoil_header,
        spoil_dictionary,
        pickled,
        shorter,
        of_another_type,
        of_more_dimensions,
        of_no_dimension,
        offsets_that_lead_astray,
        offsets_of_fewer_people,
        labels_of_fewer_kinds,
        void_of_other_length,
        corrections_of_other_length,
        swap_columns,
        swap_dictionaries,
        leave_out_a_file,
        leave_out_a_dictionary,
    ],
)
def test_a_damaged_book_is_refused_in_words(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(folder)
    with pytest.raises(BookError, match=r"build the book again"):
        Book.open(folder)


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", "7", '{"book": 1}', "\ud800",
        '{"book": 1, "world": "live", "limits": {}, "files": []}',
        '{"book": 1, "world": "live", "limits": {}, "files": {}}',
        '{"book": 1, "world": "live", "limits": [], "files": {}}',
        '{"book": 1, "world": "live", "limits": {"events": 1}, "files": {"a.npy": null}}',
    ],
)  # fmt: skip
def test_a_garbled_contents_page_is_refused_in_words(folder: Path, text: str) -> None:
    (folder / CONTENTS).write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(BookError, match=r"build the book again"):
        Book.open(folder)


@pytest.mark.parametrize(
    "otherwise",
    [{"world": "real"}, {"world": None}, {"limits": {"events": "many", "amount": 0, "value": 0}}, {"limits": {}}],
)
def test_a_contents_page_that_says_what_cannot_be_is_refused_in_words(folder: Path, otherwise: dict[str, Any]) -> None:
    tell(folder, **otherwise)
    with pytest.raises(BookError, match=r"build the book again"):
        Book.open(folder)


@pytest.mark.parametrize("version", [0, 3, "1", None])
def test_a_book_of_another_layout_says_which(folder: Path, version: Any) -> None:
    tell(folder, book=version)
    with pytest.raises(BookError, match=rf"a book of layout {version}; this version reads 2: build it again"):
        Book.open(folder)


def test_a_file_named_outside_the_folder_is_not_opened(folder: Path) -> None:
    shutil.copy(folder / "people.arrow", folder.parent / "people.arrow")
    files = contents(folder)["files"]
    size = files.pop("people.arrow")
    tell(folder, files={**files, "../people.arrow": size})
    with pytest.raises(BookError, match=r"build the book again"):
        Book.open(folder)


@pytest.mark.parametrize("column", ["kind", "party", "matter"])
def test_codes_that_name_nothing_are_a_damaged_book_before_anything_is_scored(tmp_path: Path, column: str) -> None:
    folder = tmp_path / "book"
    Book.of(table("id | party | matter\na | x | y\nb | x | y"), world="synthetic").save(folder)
    file = folder / f"event_{column}.npy"
    codes = np.load(file)
    codes[1] = np.iinfo(codes.dtype).max
    np.save(file, codes)
    book = Book.open(folder)
    with pytest.raises(BookError, match=f"event_{column} names what it does not hold"):
        book.events_of("p")
    with pytest.raises(BookError, match="damaged"):
        book.kinds_by(None)


@pytest.mark.parametrize("column", ["type", "source", "label"])
def test_a_kind_that_names_nothing_is_a_damaged_book(tmp_path: Path, column: str) -> None:
    folder = tmp_path / "book"
    Book.of(table("id | label\na | x"), world="synthetic").save(folder)
    file = folder / f"kind_{column}.npy"
    codes = np.load(file)
    codes[-1] = 77
    np.save(file, codes)
    with pytest.raises(BookError, match=f"kind_{column}.npy names what kind_{column}s.arrow does not hold"):
        Book.open(folder)


def test_offsets_that_do_not_ascend_are_a_damaged_book(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    Book.of(table("id | person\na | p\nb | q\nc | r"), world="synthetic").save(folder)
    file = folder / "event_offsets.npy"
    offsets = np.load(file)
    offsets[1], offsets[2] = 2, 1
    np.save(file, offsets)
    with pytest.raises(BookError, match="event_offsets does not ascend"):
        Book.open(folder)
