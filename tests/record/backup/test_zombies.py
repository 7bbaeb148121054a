"""Nobody who was erased comes back out of a backup, whoever was stopped at whatever moment."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from goodstanding.errors import RecordError, TamperError
from goodstanding.record import deriving
from goodstanding.record.auditing import checks_of
from goodstanding.record.backup import Folders, Work, backup, restore
from goodstanding.record.erasing import erase
from goodstanding.record.home import Home
from goodstanding.record.ingest import seal, take
from goodstanding.record.ledger.entries.backups import HomeRestored
from goodstanding.record.ledger.verifying import verify
from tests.record.backup.conftest import GONE, mentions, of_secret, rows_of, url_of
from tests.record.sending import DAY, START, event, send, send_file, welcome

PEOPLE = 200
RESTORES = 3


def is_sound(home: Home) -> bool:
    return verify(home.store, home.signer.verifier, checks=checks_of(home)).ok


def export(home: Home, file: Path) -> Path:
    """What `ledger export` writes."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    file.write_bytes(b"".join(orjson.dumps(one.to_json(), option=options) for one in home.ledger.entries()))
    return file


def test_nothing_is_restored_before_it_is_said_what_was_erased_since(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    backup(full.folder, folders, work, database=url_of(full))
    with pytest.raises(RecordError, match=r"would come back: bring the erasures \(the vault/erased.jsonl of the home"):
        restore(folders, tmp_path / "again", work)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("brought", ["home", "file", "export", "newer vault"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_was_erased_since_is_erased_again_from_wherever_that_is_known(
    full: Home, folders: Folders, work: Work, tmp_path: Path, brought: str
) -> None:
    made = backup(full.folder, folders, work, database=url_of(full))
    erase(full, [GONE], why="asked for it", actor="test")
    newer = backup(full.folder, folders, work, database=url_of(full))
    given = {
        "home": full.folder,
        "file": full.folder / "vault" / "erased.jsonl",
        "export": export(full, tmp_path / "ledger.jsonl"),
        "newer vault": newer.vault,
    }[brought]
    done = restore(replace(folders, record=made.folder), tmp_path / "again", work, erasures=[given])
    assert (done.erased, done.refused) == (1, 0)
    with Home.open(tmp_path / "again", clock=work.clock) as again:
        assert mentions(again) == []
        assert deriving.book_of(again).people.to_pylist() == ["ada", "bob"]
        assert again.ledger.entry(done.entry).read(HomeRestored).erased == 1
        assert take(again, [of_secret(9)])[0].state == "erased"
        assert is_sound(again)


def test_who_came_and_was_erased_after_the_backup_is_refused_and_gone_from_quarantine(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    ahead = event("yara-ahead", person="yara", time=START + 2000 * DAY)
    send(full, ahead)
    backup(full.folder, folders, work, database=url_of(full))
    send(full, event("yara-1", person="yara"))
    erase(full, ["yara"], why="asked for it", actor="test")
    done = restore(folders, tmp_path / "again", work, erasures=[full.folder / "vault"])
    assert (done.erased, done.refused) == (0, 1)
    with Home.open(tmp_path / "again", clock=work.clock) as again:
        assert mentions(again, "yara") == []
        assert take(again, [ahead])[0].state == "erased"
        second = backup(again.folder, replace(folders, record=tmp_path / "second"), work)
    # The list that the restored home keeps knows them too.
    third = restore(
        replace(folders, record=second.folder), tmp_path / "third", work, erasures=[tmp_path / "again" / "vault"]
    )
    assert (third.erased, third.refused) == (0, 1)


def test_a_list_that_is_older_than_the_backup_or_cut_or_of_another_home_is_refused(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    erase(full, ["bob"], why="asked for it", actor="test")
    backup(full.folder, folders, work, database=url_of(full))
    (tmp_path / "erased.jsonl").write_bytes(b"")
    with pytest.raises(RecordError, match="lack 1 which the backup itself knows"):
        restore(folders, tmp_path / "again", work, erasures=[tmp_path / "erased.jsonl"])
    line = (full.folder / "vault" / "erased.jsonl").read_bytes()
    (tmp_path / "erased.jsonl").write_bytes(line.replace(full.origin.encode(), b"goodstanding/live/" + b"0" * 32))
    with pytest.raises(RecordError, match=r"erasures of goodstanding/live/0000"):
        restore(folders, tmp_path / "again", work, erasures=[tmp_path / "erased.jsonl"])
    (tmp_path / "erased.jsonl").write_bytes(b"{}\n")
    with pytest.raises(RecordError, match=r"erased.jsonl:1: no erasure"):
        restore(folders, tmp_path / "again", work, erasures=[tmp_path / "erased.jsonl"])
    told = export(full, tmp_path / "ledger.jsonl").read_bytes()
    (tmp_path / "ledger.jsonl").write_bytes(told.replace(b"asked for it", b"asked for us"))
    with pytest.raises(TamperError, match="not as it was written; export the ledger again"):
        restore(folders, tmp_path / "again", work, erasures=[tmp_path / "ledger.jsonl"])
    with pytest.raises(RecordError, match="not there; expected a home's"):
        restore(folders, tmp_path / "again", work, erasures=[tmp_path / "nowhere"])
    (tmp_path / "erased.jsonl").write_bytes(line + b'{"erased":1,"ori')  # a line that was being written
    assert restore(folders, tmp_path / "again", work, erasures=[tmp_path / "erased.jsonl"]).erased == 0


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_of_200_people_erased_none_is_in_any_file_of_any_restore(
    home: Home, folders: Folders, work: Work, tmp_path: Path, other: str, another: Callable[[str], str | None]
) -> None:
    """Backups at random moments between erasures; from each a home, and everybody erased gone from every byte."""
    drawn = random.Random(other)  # noqa: S311 repeatable
    welcome(home)
    names = [f"zombie{number:04}" for number in range(PEOPLE)]
    rows = [event(f"{name}-{more}", person=name, matter=f"{name}-m") for name in names for more in range(2)]
    send_file(home, tmp_path, [*rows, event("a1")])
    send(home, *(event(f"{name}-single", person=name) for name in names[::3]))
    seal(home, actor="test")
    send(home, *(event(f"{name}-late", person=name) for name in names[::5]))
    drawn.shuffle(names)
    backups, ends = [], sorted(drawn.sample(range(1, PEOPLE), RESTORES))
    for first, last in zip([0, *ends], [*ends, PEOPLE], strict=True):
        backups.append(backup(home.folder, folders, work, database=url_of(home)))
        erase(home, names[first:last], why="asked for it", actor="test")
    for number, made in enumerate(drawn.sample(backups, RESTORES)):
        to, database = tmp_path / f"again-{number}", another(other)
        restore(replace(folders, record=made.folder), to, work, database=database, erasures=[home.folder])
        with Home.open(to, clock=work.clock, database=database) as again:
            assert mentions(again, "zombie") == []
            assert deriving.book_of(again).people.to_pylist() == ["ada"]
            assert is_sound(again)


# --- Stopped in the middle -------------------------------------------------------------------------------------------

STOPPED = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from goodstanding.record.backup import Folders, Work, restore
from goodstanding.record.clock import SetClock
from goodstanding.record.disk import RealDisk
from goodstanding.record.erasing import erase
from goodstanding.record.home import Home

class Killing(RealDisk):
    left = int(sys.argv[1])
    def change(self):
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def write(self, path, chunks):
        self.change()
        super().write(path, chunks)
    def append(self, path, data, at):
        self.change()
        super().append(path, data, at)
    def overwrite(self, path, at, data):
        self.change()
        super().overwrite(path, at, data)
    def remove(self, path):
        self.change()
        super().remove(path)

what, clock, database = sys.argv[2], SetClock(int(sys.argv[3])), sys.argv[4] or None
paths = [Path(one) for one in sys.argv[5:]]
if what == "erase":
    with Home.open(paths[0], clock=clock, database=database, disk=Killing()) as home:
        erase(home, ["zebulon"], why="asked for it", actor="test")
else:
    folders = Folders(*paths[:3])
    restore(folders, paths[3], Work("test", clock, Killing()), database=database, erasures=[paths[4]])
"""


def killed(left: int, what: str, work: Work, database: str | None, paths: Iterable[Path]) -> bool:
    """Run something in a process that is killed before a change of the disk; whether it was."""
    arguments = [str(left), what, str(work.clock()), database or "", *map(str, paths)]
    done = subprocess.run([sys.executable, "-c", STOPPED, *arguments], capture_output=True, check=False)
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr.decode()
    return done.returncode != 0


def test_an_erasure_that_was_killed_is_finished_in_what_is_backed_up_and_restored(
    full: Home, folders: Folders, work: Work, tmp_path: Path
) -> None:
    database = url_of(full)
    before = backup(full.folder, folders, work, database=database)
    full.close()
    assert killed(3, "erase", work, database, [full.folder])
    done = restore(replace(folders, record=before.folder), tmp_path / "again", work, erasures=[full.folder])
    assert done.erased == 1
    with Home.open(tmp_path / "again", clock=work.clock) as again:
        assert mentions(again) == []
    with pytest.raises(RecordError, match=r"an erasure is not finished|somebody is being erased"):
        backup(full.folder, folders, work, database=database)


@pytest.mark.parametrize(
    ("other", "left"),
    [*(("sqlite", left) for left in (0, 15, 17, 19, 21)), *(("postgresql", left) for left in (14, 16, 20))],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_restore_that_was_killed_is_finished_by_the_same_command(
    full: Home,
    folders: Folders,
    work: Work,
    tmp_path: Path,
    other: str,
    another: Callable[[str], str | None],
    left: int,
) -> None:
    backup(full.folder, folders, work, database=url_of(full))
    erase(full, [GONE], why="asked for it", actor="test")
    assert folders.vault is not None
    assert folders.keys is not None
    to, database = tmp_path / "again", another(other)
    paths = [folders.record, folders.vault, folders.keys, to, full.folder / "vault"]
    assert killed(left, "restore", work, database, paths)
    assert not to.exists()
    assert not killed(10**6, "restore", work, database, paths)
    assert not list(tmp_path.glob(".again*"))
    with Home.open(to, clock=work.clock, database=database) as again:
        assert mentions(again) == []
        assert deriving.book_of(again).people.to_pylist() == ["ada", "bob"]
        assert is_sound(again)
        kinds = [row[1] for row in rows_of(again)["entry"]]  # type: ignore[index]
        assert (kinds.count("home.restored"), kinds.count("person.erased")) == (1, 1)
