"""The commands `sources`, `ingest`, `quarantine` and `seal`, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli.app import app
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.ingest import take
from tests.record.conftest import BEGINNING
from tests.record.ingest.conftest import PEOPLE, an_event, lines


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A live home with nobody registered, and files beside it."""
    monkeypatch.chdir(tmp_path)
    Home.create(Path("home"), world="live", clock=SetClock(BEGINNING)).close()
    Path("people.csv").write_text("\n".join(["person", *PEOPLE]))
    Path("events.jsonl").write_bytes(lines([*(an_event(n) for n in range(20)), an_event(20, type="card.used")]))
    return Path("home")


def registered(folder: Path) -> Path:
    assert (
        run("sources", "register", folder, "bank", "--types", "bill.paid, loan.*", "--people", "people.csv").exit_code
        == 0
    )
    return folder


def test_a_home_without_sources_says_what_to_do(folder: Path) -> None:
    assert (
        "Nobody may send events yet: goodstanding sources register home NAME" in run("sources", "list", folder).output
    )
    refused = run("ingest", folder, "events.jsonl", "--source", "bank")
    assert refused.exit_code == 1
    assert "not registered" in refused.output


def test_sources_are_listed_with_what_they_may_send(folder: Path) -> None:
    assert "about 10 people who consented" in run("sources", "list", registered(folder)).output
    (told,) = json.loads(run("sources", "list", folder, "--json").stdout)
    assert (told["source"], told["types"], told["people"]) == ("bank", ["bill.paid", "loan.*"], 10)
    made = run("sources", "register", folder, "court", "--types", "court.*", "--people", "people.csv", "--json")
    assert json.loads(made.stdout)["sensitivity"] == "financial"


def test_ingest_says_what_became_of_the_batch(folder: Path) -> None:
    first = run("ingest", registered(folder), "events.jsonl", "--source", "bank", "--batch", "monday")
    assert first.output.startswith("20 new, 0 known (")
    assert "1 in quarantine (type 1); see goodstanding quarantine list" in first.output
    assert "10 people are new" in first.output
    told = json.loads(run("ingest", folder, "events.jsonl", "--source", "bank", "--json").stdout)
    assert (told["new"], told["known"], told["rows"], told["segments"]) == (0, 21, 21, [])


def test_quarantine_is_shown_and_decided(folder: Path) -> None:
    assert "Nothing is in quarantine." in run("quarantine", "list", folder).output
    run("ingest", registered(folder), "events.jsonl", "--source", "bank")
    shown = run("quarantine", "list", folder).output
    assert "card.used" in shown
    assert "type: its source is not registered to send this type" in shown
    (told,) = json.loads(run("quarantine", "list", folder, "--json").stdout)
    both = run("quarantine", "release", folder, told["name"], "--source", "bank", "--why", "yes")
    assert both.exit_code == 2
    released = run("quarantine", "release", folder, told["name"][:6], "--why", "they may")
    assert released.output == "1 event is released; 1 taken.\n"
    assert "Nothing is in quarantine." in run("quarantine", "list", folder).output
    assert json.loads(run("quarantine", "list", folder, "--state", "all", "--json").stdout)[0]["state"] == "released"


def test_all_of_one_reason_are_decided_at_once(folder: Path) -> None:
    Path("events.jsonl").write_bytes(lines(an_event(n, type="card.used") for n in range(30)))
    run("ingest", registered(folder), "events.jsonl", "--source", "bank")
    assert "… and 10 more (--json shows all)" in run("quarantine", "list", folder).output
    refused = run("quarantine", "refuse", folder, "--reason", "type", "--why", "no", "--json")
    assert json.loads(refused.stdout) == {"refused": 30}


def test_seal_says_what_it_moved(folder: Path) -> None:
    with Home.open(registered(folder), clock=SetClock(BEGINNING)) as home:
        take(home, [an_event(n) for n in range(3)])
    assert run("seal", folder).output.startswith("bank: 3 events in segment ")
    assert run("seal", folder).output == "No single events wait to be sealed.\n"
    assert json.loads(run("seal", folder, "--json").stdout) == []
