"""A run is put on record with what it rested on; whoever does it again comes to the same, or is told who differs."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from struct import pack
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from goodstanding import __version__
from goodstanding.errors import RecordError, TamperError
from goodstanding.record import merkle
from goodstanding.record.deriving import derive, forget
from goodstanding.record.home import Home
from goodstanding.record.ledger import Entry
from goodstanding.record.ledger.entries.runs import PolicyKept, ScoreRun
from goodstanding.record.runs import Asked, find_run, kept_leaves, kept_result, recompute, record_run, running, runs
from goodstanding.record.runs import forget as forget_results
from goodstanding.scoring import Scores, score
from goodstanding.ties import Ties
from tests.record.policies import DOCUMENT, policy
from tests.record.sending import DAY, START, event, send, send_file, welcome

AS_OF = START + 30 * DAY
EVENTS = [event(f"{person}-{n}", person=person) for n, person in enumerate(["ada", "bo", "ada", "cy", "zoe", "bo"])]


@pytest.fixture
def sent(home: Home, tmp_path: Path) -> Home:
    welcome(home)
    send_file(home, tmp_path, EVENTS)
    return home


def run(home: Home, asked: Asked | None = None, **more: Any) -> tuple[Entry, Scores]:
    """Score everybody, and put it on record."""
    asked = asked or Asked()
    book, cover = derive(home)
    given = {"recorded_by": asked.recorded_by, "people": asked.people, "ties": asked.ties, **more}
    scores = score(policy(), book, as_of=AS_OF, **given)
    return record_run(home, policy(), DOCUMENT, scores, cover.size, asked, "op"), scores


def test_a_run_says_what_it_rested_on(sent: Home) -> None:
    size = sent.ledger.head().size
    entry, _ = run(sent)
    said = entry.read(ScoreRun)
    assert (said.size, said.policy, said.as_of, said.recorded_by) == (size, policy().digest, AS_OF, None)
    assert (said.code, said.people, said.strangers, entry.actor) == (__version__, 4, 0, "op")
    assert (sent.folder / "policies" / f"{said.policy}.yaml").read_bytes() == DOCUMENT


def test_the_root_is_that_of_rfc_9162_over_salted_rows_as_they_are_described(sent: Home) -> None:
    entry, scores = run(sent)
    said = entry.read(ScoreRun)
    leaves = []
    for slot in range(said.people):
        (person,) = sent.people.ids(np.array([slot])).to_pylist()
        at = scores.people.to_pylist().index(person)
        row = pack("<qqB", int(scores.score[at]), int(scores.own_score[at]), 1)
        row += b"".join(pack("<q", number) for number in scores.contributions(at).values())
        salt = sha256(sent.people.key(slot) + bytes.fromhex(said.nonce)).digest()[:16]
        leaves.append(merkle.leaf_hash(salt + row))
    assert merkle.root(leaves).hex() == said.root


def test_a_policy_is_kept_once_and_said_once(sent: Home) -> None:
    run(sent)
    run(sent)
    assert [entry.read(PolicyKept).digest for entry in sent.ledger.entries(kind="policy.kept")] == [policy().digest]
    assert len(list(runs(sent))) == 2


def test_a_run_comes_out_the_same_however_much_was_recorded_since(sent: Home, tmp_path: Path) -> None:
    entry, _ = run(sent)
    send(sent, event("late", person="ada"), event("wrong", person="bo", replaces="bo-1", type="b"))
    send(sent, event("gone", person="zoe", replaces="zoe-4", type="retracted"), event("new", person="newcomer"))
    send_file(sent, tmp_path, [event(f"more-{n}", person="cy") for n in range(3)], "more")
    found = recompute(sent, entry, Asked())
    assert (found.holds, found.alike, found.erased) == (True, 4, 0)
    changed, scores = run(sent)
    assert recompute(sent, changed, Asked()).alike == len(scores) == 5


def test_a_run_of_what_was_known_earlier_is_done_again_so(sent: Home) -> None:
    known = sent.ledger.head().recorded
    send(sent, event("late", person="ada"))
    entry, scores = run(sent, Asked(recorded_by=known))
    assert dict(zip(scores.people.to_pylist(), scores.score.tolist(), strict=True))["ada"] == 120
    assert recompute(sent, entry, Asked()).holds


def test_a_kept_score_that_was_changed_is_found_and_its_person_named(sent: Home) -> None:
    entry, _ = run(sent)
    root = entry.read(ScoreRun).root
    kept = kept_result(sent, root)
    slot = int(sent.people.find(pa.array(["cy"]))[0])
    score_ = kept.score.copy()
    score_[kept.slots == slot] += 100
    (sent.folder / "runs" / f"{root}.parquet").write_bytes(replace(kept, score=score_).to_bytes())
    found = recompute(sent, entry, Asked())
    assert (found.holds, found.changed, found.differing) == (False, ["cy"], [])


def test_whoever_comes_out_otherwise_is_named(sent: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, _ = run(sent)

    def other(*given: Any, **more: Any) -> Scores:
        scores = score(*given, **more)
        points = scores.points.copy()
        points[0, scores.people.to_pylist().index("bo")] += 1
        return replace(scores, points=points)

    monkeypatch.setattr(running, "score", other)
    found = recompute(sent, entry, Asked())
    assert (found.holds, found.changed, found.differing, found.alike) == (False, [], ["bo"], 3)


def test_of_whoever_was_erased_the_leaf_that_was_kept_stands(sent: Home) -> None:
    entry, _ = run(sent)
    slots = sent.people.find(pa.array(["ada"]))
    forget(sent, slots.tolist(), pa.array(["ada"]))
    forget_results(sent, slots.tolist())
    sent.people.erase(slots.tolist())
    found = recompute(sent, entry, Asked())
    assert (found.holds, found.alike, found.erased) == (True, 3, 1)
    assert slots[0] not in kept_result(sent, entry.read(ScoreRun).root).slots


def test_changed_leaves_and_a_changed_policy_are_refused(sent: Home) -> None:
    entry, _ = run(sent)
    said = entry.read(ScoreRun)
    leaves, document = sent.folder / "runs" / f"{said.root}.leaves", sent.folder / "policies" / f"{said.policy}.yaml"
    was = leaves.read_bytes()
    leaves.write_bytes(was[:-1] + bytes([was[-1] ^ 1]))
    with pytest.raises(TamperError, match="leaves"):
        recompute(sent, entry, Asked())
    leaves.write_bytes(was)
    document.write_bytes(DOCUMENT.replace(b"100", b"200"))
    with pytest.raises(TamperError, match="changed"):
        recompute(sent, entry, Asked())
    document.unlink()
    with pytest.raises(TamperError, match="missing"):
        recompute(sent, entry, Asked())


def test_a_result_that_is_gone_or_no_result_is_refused(sent: Home) -> None:
    root = run(sent)[0].read(ScoreRun).root
    path = sent.folder / "runs" / f"{root}.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(TamperError, match="not readable"):
        kept_result(sent, root)
    path.unlink()
    with pytest.raises(TamperError, match="missing"):
        kept_result(sent, root)


def test_people_and_ties_are_asked_for_again(sent: Home) -> None:
    ties = Ties.of(pa.table({"a": ["ada"], "b": ["bo"], "since": [START], "until": [None], "kind": ["friend"]}))
    asked = Asked(people=["ada", "bo", "stranger"], people_digest="p", ties=ties, ties_digest="t")
    entry, scores = run(sent, asked)
    assert (entry.read(ScoreRun).people, entry.read(ScoreRun).strangers, len(scores)) == (2, 1, 3)
    assert recompute(sent, entry, asked).holds
    with pytest.raises(RecordError, match="--people: not given"):
        recompute(sent, entry, Asked())
    with pytest.raises(RecordError, match="--ties: another file; expected the file whose SHA-256 is t"):
        recompute(sent, entry, replace(asked, ties_digest="u"))


def test_a_run_is_called_by_its_number_its_root_or_as_the_last(sent: Home) -> None:
    first, second = run(sent)[0], run(sent)[0]
    assert find_run(sent, str(first.seq)) == first
    assert find_run(sent, second.read(ScoreRun).root[:10]) == second
    assert find_run(sent, "last") == second
    with pytest.raises(RecordError, match="no run 9999"):
        find_run(sent, "9999")


def test_a_document_that_is_not_the_policys_is_not_kept(sent: Home) -> None:
    book, cover = derive(sent)
    scores = score(policy(), book, as_of=AS_OF)
    with pytest.raises(RecordError, match="was changed"):
        record_run(sent, policy(), DOCUMENT.replace(b"100", b"200"), scores, cover.size, Asked(), "op")


def test_a_leaf_stands_for_whoever_was_scored(sent: Home) -> None:
    entry, _ = run(sent)
    assert kept_leaves(sent, entry.read(ScoreRun).root).slots.tolist() == [0, 1, 2, 3]
