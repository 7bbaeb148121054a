"""The command line as a whole: quick, quiet when nobody reads, and honest in its exit codes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main

from goodstanding import __version__
from goodstanding.cli import app, demo_town, progress
from goodstanding.cli.options import Lang, moment, policy_names
from goodstanding.cli.tables import bar, counts_bars, even
from goodstanding.events import format_moment
from goodstanding.explanation.words import WORDS
from goodstanding.policy import shipped

COMMAND = [str(Path(sys.executable).parent / "goodstanding")]
HEAVY = ("numpy", "numba", "pyarrow", "yaml", "orjson")


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something."""
    found = typer.main.get_command(app) if command is None else command
    if not getattr(found, "commands", {}):
        yield path, found
    for name, part in getattr(found, "commands", {}).items():
        yield from commands(part, (*path, name))


def test_nothing_heavy_is_loaded_before_a_command_needs_it() -> None:
    program = f"import goodstanding.cli.app, sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""


def test_the_version_is_the_packages(run: Any) -> None:
    assert run("--version").stdout == f"goodstanding {__version__}\n"


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_has_help_with_examples_and_takes_json(run: Any, path: tuple[str, ...]) -> None:
    text = run(*path, "--help").stdout
    assert "Examples:" in text
    assert "--json" in text
    command = dict(commands())[path]
    assert f"goodstanding {' '.join(path)}" in command.epilog


def test_without_a_command_help_is_shown(run: Any) -> None:
    assert "Commands" in run(code=2).output
    assert "Commands" in run("policy", code=2).output


@pytest.mark.parametrize("arguments", [("nonsense",), ("policy", "nonsense"), ("score", "--nonsense")])
def test_what_the_command_line_does_not_know_leaves_with_2(run: Any, arguments: tuple[str, ...]) -> None:
    assert "Error" in run(*arguments, code=2).stderr


def test_shells_can_complete_commands_and_policies() -> None:
    env = {**os.environ, "_GOODSTANDING_COMPLETE": "complete_bash", "COMP_CWORD": "2"}
    env["COMP_WORDS"] = "goodstanding explain rail"
    done = subprocess.run(COMMAND, env=env, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["rail-2018"]
    assert policy_names("") == sorted(shipped())


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    program = "import sys, goodstanding.cli as cli; sys.argv = ['goodstanding', 'policy', 'show', 'sesame']; cli.main()"
    first = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
    )
    assert first.stdout is not None
    assert first.stderr is not None
    first.stdout.close()
    assert first.wait(timeout=60) == 0
    assert first.stderr.read() == b""
    first.stderr.close()


@pytest.mark.parametrize("arguments", ["policy list", "policy show sesame", "--help", "policy list --json"])
def test_output_that_was_closed_before_the_start_is_no_fault(arguments: str) -> None:
    program = "import sys, goodstanding.cli as cli; sys.argv = ['goodstanding', *sys.argv[1:]]; cli.main()"
    command = ["sh", "-c", 'exec "$@" >&-', "sh", sys.executable, "-c", program, *arguments.split()]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_leaves_quietly(folder: Path) -> None:
    fifo = folder / "events.jsonl"
    os.mkfifo(fifo)
    started = subprocess.Popen(
        [*COMMAND, "score", "policy.yaml", "events.jsonl", "--as-of", "2020-01-01T00:00:00Z", "--out", "s.csv"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    with fifo.open("wb"):  # opened only when the command reads, so it is well under way
        started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=60)
    assert (started.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert not (folder / "s.csv").exists()


# --- Parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "time_us", "written"),
    [
        ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
        ("1970-01-01T08:00:00+08:00", 0, "1970-01-01T00:00:00Z"),
        ("1900-01-01T00:00:00.000001Z", -2_208_988_799_999_999, "1900-01-01T00:00:00.000001Z"),
        ("2018-01-01T12:30:00Z", 1_514_809_800_000_000, "2018-01-01T12:30:00Z"),
    ],
)
def test_a_moment_is_whole_microseconds(text: str, time_us: int, written: str) -> None:
    assert (moment(text), format_moment(time_us)) == (time_us, written)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2018-01-01", "is a day, not a moment: write "),
        ("2018-W01-1T00:00:00Z", "is no moment (not a date and a time): write "),
        ("2018-01-01 12:30:00Z", "is no moment (a blank between day and time, where a T belongs): write "),
        ("2018-01-01T12:30Z", "is no moment (a time without seconds): write "),
        ("2018-01-01T12:30:00", "is no moment (a time without a zone): write "),
        ("2018-02-30T12:30:00Z", "is no moment (day "),
        ("2200-01-01T00:00:00Z", "is not in the years 1900 to 2199"),
    ],
)
def test_a_moment_is_written_as_in_files_of_events(text: str, said: str) -> None:
    with pytest.raises(typer.BadParameter) as caught:
        moment(text)
    assert str(caught.value).startswith(f"{text!r} {said}")


def test_every_language_of_explanations_can_be_asked_for() -> None:
    assert get_args(Lang) == tuple(WORDS)


def test_columns_are_even_where_characters_are_wide() -> None:
    assert even([["甲乙", "1"], ["a", "22"], ["b"]], right=(1,)) == "甲乙   1\na     22\nb"
    assert even([]) == ""


def test_bars_are_as_long_as_what_they_count() -> None:
    assert (bar(8, 8, 4), bar(1, 800, 4), bar(0, 8), bar(0, 0), bar(5, 8, 1)) == ("████", "▏", "", "", "▋")
    assert counts_bars([("none", 0)]).strip() == "none  0"


class Terminal:
    """Standard error that says it is a terminal or not, and keeps what is written."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.is_terminal, self.text = is_terminal, ""

    def isatty(self) -> bool:
        return self.is_terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def test_progress_is_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal(is_terminal=False)
    clock = iter([0.0, 1.0, 10.0, 20.0])
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with progress.progress("Reading events", "events") as step:
        step(5)
        step(1000, 4000)
        step(3000)
    assert seen.text.splitlines() == [
        "Reading events: 1,000 of 4,000 events, 100 a second, about 30 s left",
        "Reading events: 3,000 events, 150 a second",
    ]


def test_progress_is_a_bar_in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Terminal(is_terminal=True)
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setenv("TERM", "xterm")
    with progress.progress("Reading events", "events") as step:
        step(1000, 4000)
    assert "Reading events" in seen.text
    assert "1,000 events · " in seen.text


# --- Demo -------------------------------------------------------------------------------------------------------------


def test_the_demo_shows_what_it_promises(run: Any, folder: Path) -> None:
    text = run("demo", "--out", "shown").stdout
    for said in (
        "30,000 real credit-card clients",
        "AUC   0.768  95 %: 0.758 to 0.777",
        "Score 661 · tier Good",
        "   661  Score",
        "04 pays everything and would stand at 722; with those friends it is 692.",
        "A made-up town of 10,000",
        "with “With loyalty”, against 0% with “Without loyalty”",
        "The whole page: shown/friends.html",
        "What to try next",
    ):
        assert said in text, said
    assert (folder / "shown" / "loyalty.html").stat().st_size > 100_000


def test_the_demo_makes_its_folder_anew_and_touches_no_other(run: Any, folder: Path) -> None:
    (folder / "shown" / "mine").mkdir(parents=True)
    assert "--out shown: holds something that no demo made" in run("demo", "--out", "shown", code=2).stderr
    (folder / "shown" / "mine").rmdir()
    (folder / "shown" / "loyalty.html").write_text("old")
    demo_town.clear(folder / "shown")
    assert list((folder / "shown").iterdir()) == []


def test_the_demo_is_json_too(run: Any, root: Path) -> None:
    told = json.loads(run("demo", "--examples", root / "examples", "--no-town", "--json").stdout)
    assert told["credit"]["people"] == 30_000
    assert told["people"]["resident-12"]["national"]["tier"] == "d"


def test_the_examples_can_be_copied_and_tried(run: Any, folder: Path) -> None:
    assert run("demo", "--copy", "tried").stdout == "Copied to tried\n"
    assert (folder / "tried" / "people" / "events.csv").is_file()
    assert "is there already" in run("demo", "--copy", "tried", code=2).stderr


def test_what_to_try_next_can_be_typed_where_one_stands(
    run: Any, folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = folder / "my examples"
    odd.mkdir()
    for part in ("taiwan", "people"):
        (odd / part).symlink_to(root / "examples" / part)
    assert (
        "explain national 'my examples/people/events.csv' --world "
        in run("demo", "--no-town", "--examples", odd).stdout
    )
    monkeypatch.chdir(root)
    assert "explain national examples/people/events.csv --world " in run("demo", "--no-town").stdout


def test_examples_are_not_copied_into_themselves(run: Any, folder: Path, root: Path) -> None:
    shutil.copytree(root / "examples" / "people", folder / "ex" / "people")
    (folder / "ex" / "taiwan").symlink_to(root / "examples" / "taiwan")
    told = run("demo", "--examples", "ex", "--copy", "ex/again", code=2).stderr
    assert "--copy ex/again: this would take the place of the input ex; name another" in told


# --- What the system refuses ------------------------------------------------------------------------------------------

LONG = "x" * 300


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("demo", "--copy", "events.csv/x"), "events.csv/x: Not a directory\n"),
        (("demo", "--copy", LONG), f"{LONG}: File name too long\n"),
        (("book", "build", "events.csv", "--world", "live", "--out", "/proc/none"), "/proc/"),
        (("book", "build", LONG, "--out", "book"), f"{LONG}: File name too long\n"),
    ],
)
def test_what_the_system_refuses_is_said_in_one_sentence(run: Any, command: tuple[str, ...], said: str) -> None:
    result = run(*command, code=1)
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


def test_without_examples_that_is_said_with_what_to_do(run: Any) -> None:
    assert "name the folder `examples` of a checkout" in run("demo", "--examples", "nowhere", code=2).stderr
