"""Files, the audit, the attack and the arms, in towns small enough to look at; the command, from end to end."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from goodstanding.cli.app import app
from goodstanding.cli.lab_findings import told as told_at_the_terminal
from goodstanding.lab.city.city import City, found
from goodstanding.lab.findings import document_of, figure, judged, last_run, markdown, run, summary
from goodstanding.lab.findings.attack import attacked
from goodstanding.lab.findings.auditing import audited
from goodstanding.lab.findings.files import Files
from goodstanding.lab.findings.good_news import told
from goodstanding.lab.findings.living import ARMS, WARM_UP
from goodstanding.lab.findings.model import Table
from goodstanding.lab.findings.rulebooks import meter
from goodstanding.lab.parameters import load as load_parameters
from goodstanding.lab.society.rules import Rule
from goodstanding.lab.society.society import Society
from goodstanding.policy import load
from goodstanding.scoring import score

PEOPLE = 300


def city(parameters: Mapping[str, float] | None = None) -> City:
    return found(PEOPLE, 1, load_parameters().changed(parameters or {}, "test"), 1)


def files_of(parameters: Mapping[str, float] | None = None, months: int = 12) -> Files:
    files = Files(city(parameters), 1)
    files.live(months)
    return files


MANY_ERRORS = {"errors.missed": 1.8, "errors.doubled": 1.5, "errors.somebody_else": 2.0}


def test_what_is_put_right_makes_the_record_that_there_would_be_without_errors() -> None:
    none = {"errors.missed": 0.1, "errors.doubled": 0.08, "errors.somebody_else": 0.12}
    wrong, policy = files_of(MANY_ERRORS), load("sesame")
    before = score(policy, wrong.book(), as_of=wrong.as_of).score
    (persons, times), missing = wrong.wrong(), wrong.missing()
    wrong.put_right(persons, times, missing)
    after = score(policy, wrong.book(), as_of=wrong.as_of).score
    right = files_of(none)
    (persons, times), missing = right.wrong(), right.missing()
    right.put_right(persons, times, missing)
    assert not np.array_equal(before, after)
    assert np.array_equal(after, score(policy, right.book(), as_of=right.as_of).score)


def test_an_audit_in_which_no_dispute_fails_changes_every_file_with_an_error() -> None:
    found_ = audited(files_of({**MANY_ERRORS, "disputes.success_if_error": 0.95}), 12)
    assert found_["with an error"] > 0.4
    assert found_["with an error"] >= found_["file changed"] > 0.85 * found_["with an error"]
    assert found_["score changed"] >= found_["better tier"]
    assert found_["rows on file"] > 12


def test_an_audit_where_disputes_are_won_less_often_changes_fewer_files() -> None:
    often, seldom = (audited(files_of({**MANY_ERRORS, "disputes.success_if_error": won}), 12) for won in (0.95, 0.4))
    assert seldom["with an error"] == often["with an error"]
    assert seldom["file changed"] < often["file changed"]


def test_good_news_alone_makes_nobody_fall() -> None:
    news = told(files_of())
    assert news["fell"] == 0
    assert news["rose"] > 0.5
    assert 0 < news["gain"] < 0.5


def test_false_friends_give_points_and_more_of_them_give_no_fewer() -> None:
    gains = attacked(files_of(months=3))
    for name in ("sesame", "national"):
        assert gains[f"{name}: greatest gain"] >= gains[f"{name}: gain by one"]
        assert gains[f"{name}: who gains"] > 0.5


def test_a_meter_moves_nobody() -> None:
    with_meter, without = (Society(city(), rules, threads=1, warm_up=2) for rules in ([Rule("meter", meter())], []))
    for society in (with_meter, without):
        society.run(6)
    for name in ("bills_late", "offences", "defaults", "spoken", "praised", "settled", "listings"):
        assert np.array_equal(getattr(with_meter.tally, name), getattr(without.tally, name)), name


SAID: list[tuple[int, int | None]] = []


@pytest.fixture(scope="module")
def lived() -> Table:
    return run(100, [1, 2], workers=1, step=lambda done, total: SAID.append((done, total)))


def test_every_arm_gives_the_figures_that_are_judged(lived: Table) -> None:
    outcomes = judged(lived)
    judged_ones = {(test.name, found.seeds) for one in outcomes for test, found, _ in one.tests}
    # Nobody's score changes by an audit of so few, and few are ever listed.
    may_lack = {"E2", "E10 small", "E9 accuracy", "E3 older", "E1", "E1 in one's own time", "E3a sign", "E3a size"}
    may_lack |= {"E3b sign", "E3b size"}
    assert {name for name, seeds in judged_ones if not seeds} <= may_lack
    assert {one.finding.name for one in outcomes} == {f"E{number}" for number in range(1, 13)}


def test_a_seed_is_the_same_in_one_process_and_in_two_and_whatever_other_seeds_there_are(lived: Table) -> None:
    found_ = run(100, [2], workers=2)
    assert _comparable(found_.values) == _comparable({job: of for job, of in lived.values.items() if job[1] == 2})


def _comparable(values: Mapping[tuple[str, int], Mapping[str, float]]) -> dict[tuple[str, int], dict[str, str]]:
    """So that what is no number equals itself."""
    return {job: {name: repr(value) for name, value in figures.items()} for job, figures in values.items()}


def test_progress_is_told_in_resident_months_until_all_are_done(lived: Table) -> None:
    total = sum(arm.times for arm in ARMS.values()) * 100 * (WARM_UP + 24) * len(lived.seeds)
    assert SAID[-1] == (total, total)
    assert [done for done, _ in SAID] == sorted(done for done, _ in SAID)


def test_a_document_holds_every_figure_and_tells_it_in_both_languages(lived: Table) -> None:
    document = document_of(judged(lived), lived, 100)
    assert json.loads(json.dumps(document)) == document
    assert sum(document["summary"].values()) == 12
    assert document["parameters_as_committed"] is True
    assert len(document["figures"]) == 2 * len(ARMS)
    for language, words in (("en", "Of 12 published findings: "), ("zh", "12 项已公布的发现：")):
        text = markdown(document, language)
        assert text.startswith(words)
        assert text.count("\n## E") == 12
        assert summary(document, language) in text
    assert "## E7 Information lowers approval: not testable" in markdown(document)
    assert "## E5 谁赞成：已用作输入" in markdown(document, "zh")


@pytest.mark.parametrize(
    ("unit", "numbers", "english", "chinese"),
    [
        ("share", (0.1234, 0.1, 0.15), "12.3 % (10 to 15)", "12.3 % (10 至 15)"),
        ("ties", (-0.137, -0.5, 0.25), "−0.137 ties (−0.5 to 0.25)", "−0.137 个关系 (−0.5 至 0.25)"),
        ("points", (1234.5, 1000.0, 1500.0), "1234 points (1000 to 1500)", "1234 分 (1000 至 1500)"),
        ("ratio", (2.0, None, None), "2", "2"),
        ("share", (None, None, None), "no figure", "无数值"),
    ],
)
def test_figures_are_written_with_three_digits_and_their_interval(
    unit: str, numbers: tuple[float | None, ...], english: str, chinese: str
) -> None:
    test = {"unit": unit, **dict(zip(("mean", "low", "high"), numbers, strict=True))}
    assert (figure(test), figure(test, "zh")) == (english, chinese)


def test_the_command_leaves_a_document_and_both_texts(tmp_path: Path) -> None:
    out = tmp_path / "findings"
    asked = ["--out", str(out), "--residents", "100", "--seeds", "1", "--threads", "1", "--json"]
    done = CliRunner().invoke(app, ["lab", "findings", *asked])
    assert done.exit_code == 0, done.output
    document = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == document
    assert (out / "findings.md").read_text(encoding="utf-8") == markdown(document)
    assert (out / "findings.zh.md").read_text(encoding="utf-8") == markdown(document, "zh")
    # One seed decides nothing but what is not tested.
    assert set(document["summary"]) <= {"undecided", "not_testable", "used"}


def test_the_terminal_shows_every_test_and_the_sentence(lived: Table) -> None:
    document = document_of(judged(lived), lived, 100)
    text = told_at_the_terminal(document)
    assert summary(document) in text
    assert all(test["what"]["en"] in text for one in document["findings"] for test in one["tests"])
    assert "not those that were committed" not in text
    assert "not those that were committed" in told_at_the_terminal({**document, "parameters_as_committed": False})


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("", encoding="utf-8")
    done = CliRunner().invoke(app, ["lab", "findings", "--out", str(tmp_path / "there")])
    assert done.exit_code == 2
    assert "is no folder" in done.stderr


def test_the_last_run_is_a_document_of_all_findings_or_there_was_none() -> None:
    document = last_run()
    assert document is None or [one["name"] for one in document["findings"]] == [f"E{n}" for n in range(1, 13)]


def test_other_parameters_than_those_committed_are_said(lived: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("goodstanding.lab.findings.telling.committed_digest", lambda: "0" * 64)
    assert document_of(judged(lived), lived, 100)["parameters_as_committed"] is False
