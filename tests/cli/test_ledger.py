"""`ledger` shows, signs, proves, exports and verifies; `ledger trust` and `ledger witness` bring others in."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from goodstanding.cli import app
from goodstanding.record import merkle
from goodstanding.record.clock import SetClock
from goodstanding.record.home import Home
from goodstanding.record.ingest import register, take
from goodstanding.record.ledger import Said, commit, salt_of
from goodstanding.record.ledger.entries.correcting import CorrectionMade
from goodstanding.record.ledger.requests import Receipt, Request
from goodstanding.record.notes import Verifier


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["ledger", *arguments])
    assert done.exit_code == code, done.output
    return done


def of(*arguments: str) -> object:
    return json.loads(run(*arguments, "--json").stdout)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home whose ledger has four entries, one of them about Ada; in the folder where commands run."""
    monkeypatch.chdir(tmp_path)
    clock = SetClock(1_767_225_600_000_000)
    with Home.create(tmp_path / "home", world="synthetic", clock=clock, actor="tester") as made:
        register(made, "bank", types=["*"], actor="tester")
        event = {"id": "e1", "source": "bank", "type": "a", "person": "ada", "time": 1_700_000_000_000_000}
        take(made, [event])
        committed = commit("ada", salt_of(made.people.key(0), "bank", "c1"))
        about = Said(CorrectionMade("retracted", ("time",), committed, committed, committed), "bank", "c1", "=tester")
        with made.store.writing() as connection:
            made.ledger.append(connection, [about])
    return "home"


def test_entries_are_shown_as_a_table_as_json_and_as_csv(home: str) -> None:
    lines = run("show", home).stdout.splitlines()
    assert lines[0].split() == ["entry", "recorded", "kind", "source", "id", "by", "says"]
    assert [line.split()[0] for line in lines[1:]] == ["0", "1", "2", "3"]
    assert "2026-01-01T00:00:00" in lines[1]
    said = of("show", home, "--kind", "home.opened")
    assert isinstance(said, list)
    assert said[0]["entry"]["body"]["world"] == "synthetic"
    rows = list(csv.DictReader(io.StringIO(run("show", home, "--first", "2", "--csv").stdout)))
    assert [(row["seq"], row["kind"], row["actor"]) for row in rows] == [
        ("2", "events.taken", rows[0]["actor"]),
        ("3", "correction.made", "'=tester"),
    ]
    assert run("show", home, "--first", "9").stdout == "No such entry is on record.\n"


def test_entries_about_a_person_are_found_with_the_persons_key(home: str) -> None:
    said = of("show", home, "--person", "ada")
    assert isinstance(said, list)
    assert [one["entry"]["seq"] for one in said] == [3]
    assert "not known in this home" in run("show", home, "--person", "bo", code=1).stderr


def test_a_kind_that_is_none_is_refused(home: str) -> None:
    assert "docs/ledger-entries.md lists them" in run("show", home, "--kind", "home", code=2).stderr


def test_a_head_is_signed_written_and_shown_again(home: str) -> None:
    assert "no head was signed" in run("head", home, "--signed", code=1).stderr
    note = run("head", home).stdout
    assert run("head", home, "--signed").stdout == note
    run("head", home, "--out", "h.txt")
    assert Path("h.txt").read_text(encoding="utf-8") == note
    assert "take the place of" in run("head", home, "--out", "home/x", code=2).stderr
    said = of("head", home)
    assert isinstance(said, dict)
    assert (said["size"], said["note"], said["witnesses"], said["quorum"]) == (4, note, [], True)


def test_proofs_can_be_checked_with_the_key_alone(home: str) -> None:
    head = of("head", home)
    assert isinstance(head, dict)
    receipt = Receipt.parse(run("prove", home, "2").stdout)
    assert receipt.require(Verifier.from_vkey(head["key"])).size == 4
    run("prove", home, "2", "--out", "p.tlog-proof")
    assert Path("p.tlog-proof").read_text(encoding="utf-8") == str(receipt)
    with Home.open(Path(home), clock=SetClock(0), read_only=True) as there:
        old = merkle.root(there.ledger.leaves(3))
    assert Request.parse(run("prove", home, "--from", "3").stdout).holds(old)
    said = of("prove", home, "--from", "3", "--to", "4")
    assert isinstance(said, dict)
    assert (said["from"], len(said["proof"]), said["head"]["size"]) == (3, 3, 4)
    assert "name one of the two" in run("prove", home, code=2).stderr
    assert "entry 4 is not among the first 4" in run("prove", home, "4", code=1).stderr
    assert "no head of 3 entries was signed" in run("prove", home, "--from", "1", "--to", "3", code=1).stderr


def test_an_export_passes_the_auditors_script(home: str, root: Path) -> None:
    run("head", home, "--out", "h.txt")
    key = of("head", home)
    assert isinstance(key, dict)
    assert run("export", home, "l.jsonl").stdout == "4 entries written to l.jsonl\n"
    assert of("export", home, "l.jsonl") == {"file": "l.jsonl", "entries": 4}
    done = subprocess.run(
        [sys.executable, "-I", str(root / "docs" / "verify.py"), "l.jsonl", key["key"], "h.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith("4 entries, each as it was written and signed for\n"), done.stderr
    assert "take the place of" in run("export", home, "home/l.jsonl", code=2).stderr


def test_what_is_as_it_was_written_verifies_with_a_head_that_was_kept(home: str) -> None:
    run("head", home, "--out", "h.txt")
    said = run("verify", home, "--head", "h.txt").stdout
    assert said.startswith("All is as it was written: 4 entries, held against 2 signed heads.\n")
    verdict = of("verify", home, "--quick")
    assert isinstance(verdict, dict)
    assert (verdict["ok"], verdict["entries"], verdict["faults"]) == (True, 4, [])
    Path("x.txt").write_text("no head", encoding="utf-8")
    assert "x.txt: no signed head" in run("verify", home, "--head", "x.txt", code=1).stderr


def test_an_altered_entry_is_named_and_leaves_with_1(home: str) -> None:
    with sqlite3.connect("home/record.db") as connection:
        connection.execute("DROP TRIGGER entry_no_update")
        connection.execute("UPDATE entry SET actor = 'somebody' WHERE seq = 1")
    connection.close()
    said = run("verify", home, code=1).stdout
    assert said.startswith("1 thing is not as written:\n  entry 1: what it says was altered")
    verdict = json.loads(run("verify", home, "--json", code=1).stdout)
    assert (verdict["ok"], verdict["faults"][0]["entry"]) == (False, 1)


def witnesses(home: str) -> str:
    """Three of them in folders, trusted by the home; its key."""
    said = of("head", home)
    assert isinstance(said, dict)
    for name in ("court", "press", "office"):
        run("witness", "init", name, "--name", f"witness.example/{name}", "--log", said["key"])
        run("trust", home, name, "--at", name)
    return str(said["key"])


def test_witnesses_are_trusted_asked_and_counted(home: str) -> None:
    witnesses(home)
    done = run("head", home, "--witness", "court", "--out", "h.txt")
    assert done.stderr == "signed by 1 of 3 witnesses, which is no quorum\n"
    done = run("head", home, "--witness", "all", "--out", "h.txt")
    assert done.stderr == "signed by 3 of 3 witnesses, which is a quorum\n"
    verdict = of("verify", home, "--head", "h.txt", "--trust", "home/witnesses.txt")
    assert isinstance(verdict, dict)
    assert verdict["cosignatures"] == 6
    note = Path("h.txt").read_text(encoding="utf-8").split("\n")
    Path("h.txt").write_text("\n".join([*note[:6], ""]), encoding="utf-8")
    assert run("verify", home, "--head", "h.txt").exit_code == 0
    said = run("verify", home, "--head", "h.txt", "--trust", "home/witnesses.txt", code=1).stdout
    assert "h.txt: signed by 1 of 3 witnesses; expected a quorum of those who are trusted" in said
    shown = of("witness", "show", "court")
    assert isinstance(shown, dict)
    assert (shown["witness"], shown["logs"][0]["size"]) == ("witness.example/court", 4)
    assert "4 entries" in run("witness", "show", "court").stdout
    assert "none that this home can ask" in run("head", home, "--witness", "nobody", code=2).stderr


def test_a_witness_that_cannot_be_asked_is_told_and_holds_up_no_other(home: str) -> None:
    witnesses(home)
    Path("press/witness.key").unlink()
    done = run("head", home, "--witness", "all")
    assert "witness press did not sign" in done.stderr
    assert "signed by 2 of 3 witnesses, which is a quorum" in done.stderr


def test_an_older_copy_of_a_home_gets_no_signature_and_is_told_why(home: str) -> None:
    witnesses(home)
    shutil.copytree(home, "older")
    with Home.open(Path(home), clock=SetClock(0)) as made:
        take(made, [{"id": "e2", "source": "bank", "type": "a", "person": "bo", "time": 1_700_000_000_000_000}])
    run("head", home, "--witness", "court")
    said = run("head", "older", "--witness", "court", code=1).stderr
    assert "court: it has seen 5 entries of this ledger, and 4 are here: entries were cut off" in said


def test_trust_shows_a_policy_and_needs_a_key(home: str) -> None:
    assert run("trust", home).stdout.endswith("quorum none\n")
    assert "a witness's KEY is needed" in run("trust", home, "far", "--at", "http://x", code=2).stderr
    assert "no verifier key" in run("trust", home, "far", "far+00+AA==", code=1).stderr
    key = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
    said = of("trust", home, "far", key, "--at", "https://far.example", "--quorum", "1")
    assert isinstance(said, dict)
    assert said["witnesses"] == ["far"]
    assert f"witness far {key} https://far.example\ngroup most 1 far\nquorum most\n" in said["policy"]


def test_a_witness_follows_more_ledgers(home: str) -> None:
    key = witnesses(home)
    assert "follows goodstanding/synthetic/" in run("witness", "follow", "court", key, code=1).stderr
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert "PeterNeumann: nothing signed yet" in run("witness", "follow", "court", other).stdout
    assert "no witness; make one" in run("witness", "show", "nowhere", code=1).stderr


def test_a_witness_serves_until_it_is_stopped(home: str) -> None:
    witnesses(home)
    command = [sys.executable, "-m", "goodstanding", "ledger", "witness", "serve", "court", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = re.search(r"http://\S+[0-9]", server.stdout.readline())
        assert url is not None
        trusted = Path("home/witnesses.txt").read_text(encoding="utf-8").replace(str(Path("court").absolute()), url[0])
        Path("home/witnesses.txt").write_text(trusted, encoding="utf-8")
        assert "signed by 1 of 3" in run("head", home, "--witness", url[0]).stderr
        server.send_signal(signal.SIGINT)
        assert server.wait(15) == 0
        assert server.stderr is not None
        assert server.stderr.read() == "stopped\n"
