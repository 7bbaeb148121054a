"""A run: the same bytes for any number of processes, and after it was killed; whole cells, or none."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pyarrow import parquet

from goodstanding.errors import GoodstandingError, InputError, UsageError
from goodstanding.lab.experiments import run as run_module
from goodstanding.lab.experiments.model import Experiment
from goodstanding.lab.experiments.resolving import read_experiment
from goodstanding.lab.experiments.run import run
from goodstanding.lab.experiments.running import Job, Work, run_cells, serve
from goodstanding.lab.experiments.tables import CellTables, is_whole, part_of, write_cell
from goodstanding.policy import shipped
from tests.lab.experiments import KNOWN, quiet, read, written
from tests.lab.made_cells import counting, dying, failing, made

SMALL = written("variants: [{name: a}, {name: b}]", policies="[national, sesame]", city="{residents: 50, months: 2}")


def of(folder: Path) -> dict[str, bytes]:
    """Every file of a run by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def go(
    experiment: Experiment, out: Path, *, cores: int = 1, resume: bool = False, work: Work = made
) -> dict[str, bytes]:
    run(experiment, out, cores=cores, step=quiet, resume=resume, work=work)
    return of(out)


def test_the_bytes_are_the_same_for_one_process_and_for_three(tmp_path: Path) -> None:
    experiment = read(SMALL)
    alone = go(experiment, tmp_path / "alone")
    assert go(experiment, tmp_path / "three", cores=3) == alone
    assert len([name for name in alone if name.startswith("cells/")]) == 8 * 4


def test_a_run_leaves_the_document_its_digests_and_the_tables(tmp_path: Path) -> None:
    experiment = read(SMALL)
    there = go(experiment, tmp_path / "out")
    assert {name for name in there if "/" not in name} == {
        "experiment.yaml", "run.json", "measures.parquet", "residents.parquet", "history.parquet", "stories.parquet",
        "summary.parquet", "comparisons.parquet",
    }  # fmt: skip
    assert there["experiment.yaml"].decode() == SMALL
    told = json.loads(there["run.json"])
    assert (told["experiment"], told["digest"], told["seeds"]) == ("small", experiment.digest, [1, 2])
    assert list(told["cells"]) == [cell.name for cell in experiment.cells()]
    assert set(told["versions"]) == {"goodstanding", "python", "numpy", "pyarrow", "scipy"}


def test_every_table_says_that_its_people_are_made_up(tmp_path: Path) -> None:
    go(read(SMALL), tmp_path / "out")
    worlds = {
        parquet.read_schema(path).metadata[b"goodstanding.world"] for path in (tmp_path / "out").rglob("*.parquet")
    }
    assert worlds == {b"synthetic"}


def test_a_table_of_all_cells_holds_them_in_order_and_null_where_a_cell_has_no_such_column(tmp_path: Path) -> None:
    experiment = read(SMALL)
    go(experiment, tmp_path / "out")
    measures = parquet.read_table(tmp_path / "out" / "measures.parquet").to_pylist()
    cells = dict.fromkeys(f"{row['policy']}--{row['variant']}--{row['seed']}" for row in measures)
    assert list(cells) == [cell.name for cell in experiment.cells()]
    assert list(measures[0]) == ["policy", "variant", "seed", "month", "scorer", "measure", "group", "value"]
    history = parquet.read_table(tmp_path / "out" / "history.parquet").to_pylist()
    assert {(row["policy"], row["points.national"], row["points.sesame"]) for row in history} == {
        ("national", 1, None),
        ("sesame", None, 1),
    }


def test_progress_tells_resident_months_and_how_many_there_are(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    run(read(SMALL), tmp_path / "out", cores=2, step=lambda done, total: told.append((done, total)), work=made)
    assert told[-1] == (8 * 50 * 2, 8 * 50 * 2)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_whoever_has_more_cores_than_cells_gives_each_cell_more_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTED", str(tmp_path))
    go(read(written(seeds="2")), tmp_path / "out", cores=4, work=counting)
    traces = [path.name.split("-") for path in tmp_path.glob("national--*")]
    assert {trace[-2] for trace in traces} == {"2"}
    assert len({trace[-1] for trace in traces}) == 2, "each in a process of its own"


# --- Taking up -------------------------------------------------------------------------------------------------------


def test_cells_that_are_there_are_not_lived_through_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = tmp_path / "counted"
    counted.mkdir()
    monkeypatch.setenv("COUNTED", str(counted))
    experiment = read(SMALL)
    whole = go(experiment, tmp_path / "out", work=counting)
    gone = tmp_path / "out" / "cells" / "sesame--b--2"
    for file in gone.iterdir():
        file.unlink()
    gone.rmdir()
    assert go(experiment, tmp_path / "out", resume=True, work=counting) == whole
    names = sorted(path.name.rsplit("-", 2)[0] for path in counted.iterdir())
    assert names == sorted([cell.name for cell in experiment.cells()])
    assert go(experiment, tmp_path / "out", resume=True, work=failing) == whole, "nothing is left to live through"


def test_what_a_killed_run_left_half_done_is_swept_up(tmp_path: Path) -> None:
    experiment = read(SMALL)
    whole = go(experiment, tmp_path / "out")
    half = tmp_path / "out" / "cells" / ".national--a--1.part-123"
    half.mkdir()
    (half / "measures.parquet").write_bytes(b"PAR1")
    assert go(experiment, tmp_path / "out", resume=True) == whole


def test_a_run_that_was_killed_before_its_document_was_kept_is_taken_up(tmp_path: Path) -> None:
    experiment = read(SMALL)
    whole = go(experiment, tmp_path / "out")
    (tmp_path / "out" / "experiment.yaml").unlink()
    assert go(experiment, tmp_path / "out", resume=True) == whole


def test_a_cell_of_another_making_is_lived_through_again(tmp_path: Path) -> None:
    experiment, other = read(SMALL), read(SMALL + "observe_every: 2\n")
    whole = go(experiment, tmp_path / "out")
    cell, foreign = next(experiment.cells()), next(other.cells())
    folder = tmp_path / "out" / "cells" / cell.name
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    write_cell(folder, foreign, made(foreign, 1, lambda _: None))
    assert not is_whole(folder, cell)
    assert go(experiment, tmp_path / "out", resume=True) == whole


def test_a_cell_that_two_processes_have_lived_through_is_kept_once(tmp_path: Path) -> None:
    cell = next(read(SMALL).cells())
    tables = made(cell, 1, lambda _: None)
    write_cell(tmp_path / "cell", cell, tables)
    there = of(tmp_path)
    write_cell(tmp_path / "cell", cell, tables)
    assert of(tmp_path) == there
    assert not part_of(tmp_path / "cell").exists()


def test_a_folder_that_holds_something_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="the folder holds something; give --resume"):
        go(read(SMALL), tmp_path)
    with pytest.raises(UsageError, match="the folder holds something; there is no run in it to take up"):
        go(read(SMALL), tmp_path, resume=True)
    assert of(tmp_path) == {"letter.txt": b"mine"}


def test_a_run_of_another_experiment_or_program_is_not_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(read(SMALL), tmp_path / "out")
    with pytest.raises(UsageError, match=r"it holds a run of another experiment \(small\), or of other numbers"):
        go(read(SMALL + "observe_every: 2\n"), tmp_path / "out", resume=True)
    monkeypatch.setattr(run_module, "__version__", "9.9")
    with pytest.raises(UsageError, match=r"it was begun with goodstanding 0\.1\.0, and this is 9\.9"):
        go(read(SMALL), tmp_path / "out", resume=True)


def test_resume_begins_where_nothing_has_begun(tmp_path: Path) -> None:
    assert go(read(SMALL), tmp_path / "one", resume=True) == go(read(SMALL), tmp_path / "other")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(GoodstandingError, match="cannot be written"):
        go(read(SMALL), tmp_path / "file" / "out")


def test_policies_that_stood_beside_the_experiment_stand_beside_its_tables(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mine.yaml").write_bytes(shipped()["sesame"].read_bytes())
    text = written(policies="[{policy: mine.yaml, as: mine}]")
    (tmp_path / "in" / "e.yaml").write_text(text, encoding="utf-8")
    whole = go(read_experiment(tmp_path / "in" / "e.yaml", KNOWN), tmp_path / "out")
    assert whole["mine.yaml"] == shipped()["sesame"].read_bytes()
    again = read_experiment(tmp_path / "out" / "experiment.yaml", KNOWN)
    assert go(again, tmp_path / "again") == whole


# --- Processes -------------------------------------------------------------------------------------------------------


def test_a_process_that_dies_ends_the_run_and_says_how_to_go_on(tmp_path: Path) -> None:
    experiment = read(SMALL)
    with pytest.raises(GoodstandingError, match="died; perhaps memory ran out: run again with --resume"):
        go(experiment, tmp_path / "out", cores=2, work=dying)
    assert go(experiment, tmp_path / "out", resume=True) == go(experiment, tmp_path / "other")


@pytest.mark.parametrize("cores", [1, 2])
def test_what_is_wrong_in_a_cell_is_raised_whatever_process_it_was_in(cores: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be lived through"):
        go(read(SMALL), tmp_path / "out", cores=cores, work=failing)


def answered(job: Any, work: Work) -> Iterator[Any]:
    """What a worker says at its end of the pipe, up to the end of a job; it leaves when nobody has another."""
    ours, theirs = Pipe()
    worker = Thread(target=serve, args=(theirs, work, 1))
    worker.start()
    ours.send(job)
    while (said := ours.recv()) is not None and not isinstance(said, Exception):
        yield said
    yield said
    ours.close()
    worker.join(timeout=10)
    assert not worker.is_alive()


def test_a_worker_tells_each_month_and_then_that_it_is_done(tmp_path: Path) -> None:
    cell = next(read(SMALL).cells())
    assert list(answered(Job(cell, tmp_path / "cell"), made)) == [50, 50, None]
    assert is_whole(tmp_path / "cell", cell)
    (error,) = answered(Job(cell, tmp_path / "other"), failing)
    assert isinstance(error, InputError)
    assert "Traceback" in error.__notes__[0]


KILLED = """
import sys
from pathlib import Path
from goodstanding.lab.experiments.run import run
from tests.lab.experiments import quiet, read
from tests.lab.made_cells import slow

if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    run(read(text), Path(sys.argv[2]), cores=2, step=quiet, work=slow)
"""


def started(folder: Path, root: Path) -> subprocess.Popen[bytes]:
    """A run in a process of its own."""
    (folder / "killed.py").write_text(KILLED, encoding="utf-8")
    (folder / "experiment.yaml").write_text(SMALL, encoding="utf-8")
    command = [sys.executable, str(folder / "killed.py"), str(folder / "experiment.yaml"), str(folder / "out")]
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(root)})


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something that must come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_a_run_that_was_killed_is_taken_up_to_the_same_bytes(tmp_path: Path, root: Path) -> None:
    process = started(tmp_path, root)
    cells = tmp_path / "out" / "cells"
    until(lambda: cells.is_dir() and any(not one.name.startswith(".") for one in cells.iterdir()))
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    done = [one for one in cells.iterdir() if not one.name.startswith(".")]
    assert 0 < len(done) < 8
    assert go(read(SMALL), tmp_path / "out", resume=True) == go(read(SMALL), tmp_path / "other")


def test_cells_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = next(read(SMALL).cells())
    tables = made(cell, 1, lambda _: None)
    broken = CellTables(tables.measures, tables.residents, tables.history, None)
    with pytest.raises(AttributeError):
        write_cell(tmp_path / "cell", cell, broken)
    assert not (tmp_path / "cell").exists()
    run_cells([Job(cell, tmp_path / "cell")], made, 1, quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["cell"]


def test_a_cell_that_cannot_be_written_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = next(read(SMALL).cells())

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space left"):
        write_cell(tmp_path / "cell", cell, made(cell, 1, lambda _: None))
