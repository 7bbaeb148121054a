"""A witness answers as c2sp.org/tlog-witness says, remembers before it answers, and never signs two histories."""

from __future__ import annotations

import http.client
import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from goodstanding.errors import RecordError, TamperError
from goodstanding.record.clock import SetClock
from goodstanding.record.ledger.asking import Asked, ask, ask_all, posting
from goodstanding.record.ledger.heads import standing
from goodstanding.record.ledger.requests import Request
from goodstanding.record.ledger.serving import MOST, serve
from goodstanding.record.ledger.trust import Trust, Witness
from goodstanding.record.ledger.witness import SIZE_TYPE, Answer, WitnessDesk, public_key
from goodstanding.record.notes import Checkpoint, Note, NoteError, Signature, Signer
from tests.record.witness.forking import fork_faults
from tests.record.witness.towns import DISK, LOG, a_log, a_witness, grow, leaves, request


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> WitnessDesk:
    return a_witness(tmp_path / "w1", clock)


@contextmanager
def at_the_door(desk: WitnessDesk) -> Iterator[int]:
    """The witness served over HTTP; the port."""
    server = serve(desk, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def posted(port: int, body: bytes, path: str = "/add-checkpoint", **headers: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers.get_content_type()
    finally:
        connection.close()


def test_a_head_that_goes_on_is_cosigned_with_the_time(desk: WitnessDesk, clock: SetClock) -> None:
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 9)):
        asked = request(old, leaves(size))
        answer = desk.answer(str(asked))
        assert answer.code == 200
        line = Signature.parse(answer.text.rstrip("\n"))
        assert line.time == clock.time // 1_000_000
        assert Note(asked.note.text, (line,)).signed_by(desk.signer.witness) == line
        assert Checkpoint.parse(str(desk.seen(LOG.name)).split("\n\n")[0] + "\n").size == size


def test_an_empty_ledger_is_witnessed_too(desk: WitnessDesk) -> None:
    assert desk.answer(str(request(0, []))).code == 200
    assert desk.answer(str(request(0, leaves(2)))).code == 200


def test_an_unknown_ledger_is_404(desk: WitnessDesk) -> None:
    other = Signer("goodstanding/live/other", bytes(32))
    assert desk.answer(str(request(0, leaves(3), other, other.name))).code == 404


def test_a_head_that_the_ledger_has_not_signed_is_403(desk: WitnessDesk) -> None:
    assert desk.answer(str(request(0, leaves(3), Signer(LOG.name, bytes(32))))).code == 403
    assert desk.seen(LOG.name) is None


def test_another_size_than_was_seen_is_409_and_tells_it(desk: WitnessDesk) -> None:
    desk.answer(str(request(0, leaves(5))))
    for old, size in ((0, 8), (4, 8), (6, 8), (0, 3)):
        assert desk.answer(str(request(old, leaves(size)))) == Answer(409, "5\n", SIZE_TYPE)


def test_another_root_of_the_size_that_was_seen_is_409_and_kept(desk: WitnessDesk) -> None:
    desk.answer(str(request(0, leaves(5))))
    assert desk.answer(str(request(5, leaves(5, 4)))) == Answer(409, "5\n", SIZE_TYPE)
    kept = [path.read_text(encoding="utf-8") for path in (desk.folder / "refused").iterdir()]
    assert kept == [str(request(5, leaves(5, 4)))]


def test_a_proof_that_does_not_lead_there_is_422_and_kept(desk: WitnessDesk) -> None:
    desk.answer(str(request(0, leaves(5))))
    assert desk.answer(str(request(5, leaves(8, 4)))).code == 422
    proof = request(5, leaves(8))
    assert desk.answer(str(Request(5, proof.proof[:-1], proof.note))).code == 422
    assert desk.answer(str(Request(5, (), proof.note))).code == 422
    assert len(list((desk.folder / "refused").iterdir())) == 3
    assert desk.answer(str(proof)).code == 200


def test_a_first_request_with_a_proof_is_422(desk: WitnessDesk) -> None:
    assert desk.answer(str(Request(0, (bytes(32),), request(0, leaves(2)).note))).code == 422


@pytest.mark.parametrize("body", ["", "old 0\n", "nonsense", "old 0\n\nno note\n"])
def test_what_is_no_request_is_400(desk: WitnessDesk, body: str) -> None:
    assert desk.answer(body).code == 400


def test_an_old_size_beyond_the_head_is_400(desk: WitnessDesk) -> None:
    assert desk.answer(str(request(9, leaves(5)))).code == 400


def test_more_than_63_lines_of_a_proof_are_400(desk: WitnessDesk) -> None:
    note = request(0, leaves(5)).note
    assert desk.answer(str(Request(5, (bytes(32),) * 64, note))).code == 400
    assert desk.answer(str(Request(0, (bytes(32),) * 63, note))).code == 422


def test_evidence_cannot_fill_the_disk(desk: WitnessDesk) -> None:
    desk.answer(str(request(0, leaves(5))))
    for at in range(110):
        assert desk.answer(str(request(5, leaves(6 + at, 3)))).code == 422
    assert len(list((desk.folder / "refused").iterdir())) == 100


def test_what_was_seen_is_on_the_disk_before_it_is_signed_for(desk: WitnessDesk, clock: SetClock) -> None:
    class Full(type(DISK)):  # type: ignore[misc] # the disk's own class
        def write(self, *_: object) -> None:
            raise OSError("no room")

    full = WitnessDesk(desk.folder, clock=clock, disk=Full())
    with pytest.raises(OSError, match="no room"):
        full.answer(str(request(0, leaves(3))))
    assert desk.seen(LOG.name) is None
    with at_the_door(full) as port:
        assert posted(port, str(request(0, leaves(3))).encode())[0] == 500


def test_a_witness_opened_again_remembers(desk: WitnessDesk, clock: SetClock) -> None:
    desk.answer(str(request(0, leaves(5))))
    again = WitnessDesk(desk.folder, clock=clock, disk=DISK)
    assert again.answer(str(request(0, leaves(8)))) == Answer(409, "5\n", SIZE_TYPE)
    assert again.signer.seed == desk.signer.seed


def test_its_key_can_be_read_by_its_owner_alone(desk: WitnessDesk) -> None:
    assert stat.S_IMODE((desk.folder / "witness.key").stat().st_mode) & 0o077 == 0
    assert public_key(desk.folder) == desk.signer.witness


def test_what_is_there_is_not_made_again(desk: WitnessDesk, clock: SetClock, tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="lives there already"):
        WitnessDesk.create(desk.folder, "other", clock=clock, disk=DISK)
    with pytest.raises(RecordError, match="follows goodstanding/live/town already"):
        desk.follow(LOG.verifier)
    with pytest.raises(RecordError, match="neither spaces nor"):
        WitnessDesk.create(tmp_path / "w2", "a name", clock=clock, disk=DISK)
    for look in (lambda: public_key(tmp_path / "nowhere"), lambda: WitnessDesk(tmp_path, clock=clock, disk=DISK)):
        with pytest.raises(RecordError, match="goodstanding ledger witness init"):
            look()


def test_a_rewritten_ledger_signed_with_the_real_key_is_refused_wherever_it_was_rewritten(
    tmp_path: Path, clock: SetClock
) -> None:
    """The programme's 1,000 run as a fault, in tests/faults."""
    assert fork_faults(tmp_path / "w", clock, 100, seed=1) == []


def test_of_two_heads_asked_for_at_once_the_smaller_never_takes_the_place_of_the_greater(desk: WitnessDesk) -> None:
    desk.answer(str(request(0, leaves(10))))
    asked = [str(request(10, leaves(size))) for size in range(11, 31)]
    with ThreadPoolExecutor(8) as pool:
        codes = [answer.code for answer in pool.map(desk.answer, asked)]
    assert sorted(codes) == [200] + [409] * 19
    assert Checkpoint.parse(desk.seen(LOG.name).text).size == 11 + codes.index(200)  # type: ignore[union-attr] # signed


# --- Over HTTP, and from the ledger's side ---------------------------------------------------------------------------


def test_over_http_the_answers_are_the_same(desk: WitnessDesk) -> None:
    with at_the_door(desk) as port:
        code, line, kind = posted(port, str(request(0, leaves(3))).encode())
        assert (code, line[:21], kind) == (200, "— witness.example/w1 ", "text/plain")
        assert posted(port, str(request(0, leaves(4))).encode()) == (409, "3\n", SIZE_TYPE)
        assert posted(port, b"\xff")[0] == 400
        assert posted(port, str(request(3, leaves(4))).encode(), "/other")[0] == 404
        assert posted(port, b"x" * 10, **{"Content-Length": str(MOST + 1)})[0] == 400
        assert posted(port, b"x" * 10, **{"Content-Length": "ten"})[0] == 400


def test_one_connection_serves_several_requests_and_there_is_nothing_to_get(desk: WitnessDesk) -> None:
    with at_the_door(desk) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        for method, size, code in (("POST", 1, 200), ("POST", 2, 409), ("GET", 0, 404)):
            connection.request(method, "/add-checkpoint", str(request(0, leaves(size))).encode())
            answer = connection.getresponse()
            answer.read()
            assert answer.status == code
        connection.close()


def test_a_ledger_asks_its_witnesses_and_two_of_three_are_enough(tmp_path: Path, clock: SetClock) -> None:
    heads = a_log(tmp_path / "log", clock, 5)
    desks = [a_witness(tmp_path / f"w{at}", clock, f"witness.example/w{at}") for at in (1, 2, 3)]
    with at_the_door(desks[0]) as port:
        places = [f"http://127.0.0.1:{port}", str(desks[1].folder), "http://127.0.0.1:1/nobody"]
        witnesses = [
            Witness(f"w{at}", one.signer.witness, place)
            for at, one, place in zip((1, 2, 3), desks, places, strict=True)
        ]
        trust = Trust.of(LOG.verifier, witnesses)
        for _ in range(3):
            asked = ask_all(heads, heads.sign(), trust.witnesses.values(), clock=clock, disk=DISK)
            assert [one.witness for one in asked if not one.why] == ["w1", "w2"]
            assert "refused" in asked[2].why
            assert (standing(heads.at(), trust).by, standing(heads.at(), trust).enough) == (("w1", "w2"), True)
            grow(heads, 3)
    heads.ledger.store.close()


def test_a_ledger_that_lost_its_cosignatures_learns_from_the_witness_where_it_was(
    tmp_path: Path, clock: SetClock, desk: WitnessDesk
) -> None:
    heads = a_log(tmp_path / "log", clock, 5)
    desk.answer(str(heads.grown(0, heads.sign())))  # whose answer never came back
    grow(heads, 4)
    note = ask(heads, heads.sign(), desk.signer.witness, desk.answer)
    assert len(note.signatures) == 2
    heads.ledger.store.close()


def test_a_ledger_that_was_cut_or_rewritten_is_told_so_by_its_witness(
    tmp_path: Path, clock: SetClock, desk: WitnessDesk
) -> None:
    heads = a_log(tmp_path / "log", clock, 8)
    ask(heads, heads.sign(), desk.signer.witness, desk.answer)
    shorter, key = a_log(tmp_path / "shorter", clock, 5), desk.signer.witness
    with pytest.raises(TamperError, match="it has seen 8 entries of this ledger, and 5 are here"):
        ask(shorter, shorter.sign(), key, desk.answer)
    grow(shorter, 3)  # at other moments: other entries under the same numbers
    with pytest.raises(TamperError, match="other entries under these numbers, up to 8"):
        ask(shorter, shorter.sign(), key, desk.answer)
    grow(shorter, 1)
    witness = Witness("w1", key, str(desk.folder))
    with pytest.raises(TamperError, match=r"w1: what it has seen \(8 entries\) is not how this ledger begins"):
        ask_all(shorter, shorter.sign(), [witness], clock=clock, disk=DISK)
    heads.ledger.store.close()
    shorter.ledger.store.close()


def asking_one_that_answers(tmp_path: Path, clock: SetClock, desk: WitnessDesk, *answers: Answer) -> Note:
    heads, said = a_log(tmp_path / "log", clock, 5), iter(answers)
    try:
        return ask(heads, heads.sign(), desk.signer.witness, lambda _: next(said))
    finally:
        heads.ledger.store.close()


def test_a_witness_that_refuses_or_answers_nonsense_is_told_and_believed_nothing(
    tmp_path: Path, clock: SetClock, desk: WitnessDesk
) -> None:
    with pytest.raises(RecordError, match=r"it refuses \(404\): not here"):
        asking_one_that_answers(tmp_path / "a", clock, desk, Answer(404, "not here\n"))
    with pytest.raises(NoteError, match=r"has no signature of witness\.example/w1"):
        asking_one_that_answers(tmp_path / "b", clock, desk, Answer(200, ""))
    line = desk.signer.cosign("another text\n", 5).line()
    with pytest.raises(NoteError, match="does not hold"):
        asking_one_that_answers(tmp_path / "c", clock, desk, Answer(200, line))
    told = [Answer(409, f"{size}\n", SIZE_TYPE) for size in (1, 2, 3)]
    with pytest.raises(RecordError, match="another size each time"):
        asking_one_that_answers(tmp_path / "d", clock, desk, *told)
    with pytest.raises(RecordError, match=r"it refuses \(409\)"):
        asking_one_that_answers(tmp_path / "e", clock, desk, Answer(409, "many\n", SIZE_TYPE))


@pytest.mark.parametrize("at", ["ftp://example.com", "http://", "file:///etc"])
def test_an_address_that_is_no_http_is_refused(at: str, clock: SetClock) -> None:
    with pytest.raises(RecordError, match="an address http"):
        posting(at, clock=clock, disk=DISK)


def test_one_witness_that_fails_holds_up_no_other(tmp_path: Path, clock: SetClock, desk: WitnessDesk) -> None:
    heads = a_log(tmp_path / "log", clock, 5)
    places = [str(tmp_path / "nowhere"), "ftp://x", str(desk.folder)]
    witnesses = [Witness(f"w{at}", desk.signer.witness, place) for at, place in enumerate(places)]
    asked = ask_all(heads, heads.sign(), witnesses, clock=clock, disk=DISK)
    assert [bool(one.why) for one in asked] == [True, True, False]
    assert asked[2] == Asked("w2")
    heads.ledger.store.close()
