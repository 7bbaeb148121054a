"""`compare` and `evaluate`: two policies over the same people, and scores against what became of them."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

WHEN = ("--as-of", "2020-01-01T00:00:00Z")


@pytest.fixture
def other(folder: Path) -> Path:
    """A second policy: lateness costs, and a list costs nothing."""
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    text = (
        text.replace('"points": -30', '"points": 0')
        .replace('"base": 0', '"base": 5')
        .replace('"score": 40', '"score": 45')
    )
    path = folder / "other.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_who_moves_and_what_did_it_is_told(run: Any, other: Path) -> None:
    text = run("compare", "policy.yaml", other.name, "events.csv", *WHEN, "--ties", "ties.csv").stdout
    assert "2 people: A small policy (small 1, policy.yaml) → A small policy (small 1, other.yaml)" in text
    assert "Up 2, down 0, the same 0; the mean change is +20.0, half of all lie between +5 and +5" in text
    assert "  from ↓ to →  Low  High\n  Low            1     1" in text
    assert "+15.00      15.00       1  Factor 2 (listed)" in text
    assert "+5.00       5.00       2  base" in text


def test_a_comparison_is_json_and_a_table_of_people(run: Any, other: Path, folder: Path) -> None:
    told = json.loads(
        run("compare", "policy.yaml", other.name, "events.csv", *WHEN, "--out", "moves.csv", "--json").stdout
    )
    assert told["tiers"]["people"] == [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert (folder / "moves.csv").read_text(encoding="utf-8").splitlines() == [
        "person,score_before,score_after,change,tier_before,tier_after",
        "p,0,5,5,low,low",
        "q,10,45,35,low,high",
    ]
    assert (
        "Written to moves.parquet"
        in run("compare", "policy.yaml", other.name, "events.csv", *WHEN, "--out", "moves.parquet").stdout
    )
    said = pq.read_schema(folder / "moves.parquet").metadata
    assert said[b"goodstanding.world"] == b"world not declared"
    assert said[b"goodstanding.before"].startswith(b"small ")


def test_a_person_whose_name_holds_a_comma_is_written_in_quotes(run: Any, folder: Path) -> None:
    text = (folder / "events.csv").read_text(encoding="utf-8")
    (folder / "commas.csv").write_text(text.replace(",q,", ',"q, ""the"" other",'), encoding="utf-8")
    policies = ("policy.yaml", "policy.yaml")
    run("compare", *policies, "commas.csv", *WHEN, "--out", "moves.csv")
    with (folder / "moves.csv").open(encoding="utf-8", newline="") as rows:
        assert [row["person"] for row in csv.DictReader(rows)] == ["p", 'q, "the" other']


def test_policies_that_do_the_same_differ_in_no_line(run: Any) -> None:
    text = run("compare", "policy.yaml", "policy.yaml", "events.csv", *WHEN, "--lang", "zh").stdout
    assert (
        text.splitlines()[0] == "2人：A small policy（small 1, policy.yaml） → A small policy（small 1, policy.yaml）"
    )
    assert "上升0人，下降0人，不变2人" in text
    assert "各项均无差别。" in text
    assert "No line differs." in run("compare", "policy.yaml", "policy.yaml", "events.csv", *WHEN).stdout


def test_a_comparison_in_chinese_has_no_english_label(run: Any, root: Path) -> None:
    events = (root / "examples/people/events.csv", "--as-of", "2018-11-06T00:00:00Z", "--lang", "zh")
    text = run("compare", "sesame", "national", *events).stdout
    assert [word for word in ("people", "mean", "from", "What", "more lines", "no tier", "Tiers") if word in text] == []
    assert "基础分（base）" in text
    assert "没有分数" in run("compare", "sesame", "consumer-credit", *events).stdout


def test_more_lines_than_fit_are_counted_and_people_without_a_score_have_a_column(run: Any, root: Path) -> None:
    events = (root / "examples/people/events.csv", "--as-of", "2018-11-06T00:00:00Z")
    assert "more lines; --json has all" in run("compare", "sesame", "national", *events).stdout
    text = run("compare", "sesame", "consumer-credit", *events).stdout
    assert "no score" in text
    assert "mean change" not in text


def test_where_a_comparison_is_written_is_checked_first(run: Any) -> None:
    assert (
        "the ending says the format"
        in run("compare", "sesame", "national", "x.csv", *WHEN, "--out", "m.txt", code=2).stderr
    )


# --- Evaluation -------------------------------------------------------------------------------------------------------


@pytest.fixture
def scored(folder: Path) -> Path:
    """Scores of five people, one of them without a score, and the outcomes of four and of a stranger."""
    (folder / "scores.csv").write_text(
        "person,score,tier\na,400,low\nb,500,low\nc,600,high\nd,700,high\ne,,\nf,650,high\n", encoding="utf-8"
    )
    (folder / "outcomes.csv").write_text("person,outcome\na,1\nb,1\nc,1\nd,0\ne,1\nz,0\n", encoding="utf-8")
    return folder


@pytest.mark.usefixtures("scored")
def test_figures_are_told_with_intervals_and_what_was_left_out(run: Any) -> None:
    text = run("evaluate", "scores.csv", "outcomes.csv", "--bootstrap", 50).stdout
    for said in (
        "4 people with a score and an outcome; outcome 1 for 3 (75.0%)",
        "AUC   1.000  95 %: ",
        "Tiers are in order.",
        "Without a score: 1, outcome 1 for 1",
        "Without an outcome, left out: 1",
        "Outcomes of people who were not scored, left out: 1",
    ):
        assert said in text, said


@pytest.mark.usefixtures("scored")
def test_tiers_stand_in_the_policys_order_and_disorder_is_said(run: Any, folder: Path) -> None:
    (folder / "outcomes.csv").write_text("person,outcome\na,0\nb,0\nc,1\nd,1\n", encoding="utf-8")
    text = run("evaluate", "scores.csv", "outcomes.csv", "--policy", "policy.yaml", "--bootstrap", 0).stdout
    assert text.index("  low ") < text.index("  high ")
    assert "Tiers are not in order: a higher one has a higher rate." in text
    assert "95 %" not in text


@pytest.mark.usefixtures("scored")
def test_a_tier_that_the_policy_lacks_is_an_error(run: Any) -> None:
    told = run("evaluate", "scores.csv", "outcomes.csv", "--policy", "sesame", "--bootstrap", 0, code=1)
    assert "found the tiers high, low; expected only poor, " in told.stderr
    assert "in order" not in told.stdout


@pytest.mark.usefixtures("scored")
def test_an_empty_tier_has_no_rate(run: Any, folder: Path) -> None:
    (folder / "outcomes.csv").write_text("person,outcome\nc,0\nd,1\n", encoding="utf-8")
    text = run("evaluate", "scores.csv", "outcomes.csv", "--policy", "policy.yaml", "--bootstrap", 0).stdout
    assert re.search(r"^  low +0 +–$", text, re.MULTILINE)


@pytest.mark.usefixtures("scored")
def test_an_evaluation_is_json_and_a_picture(run: Any, folder: Path) -> None:
    options = ("--bootstrap", 0, "--plot", "e.svg")
    assert json.loads(run("evaluate", "scores.csv", "outcomes.csv", *options, "--json").stdout)["people"] == 4
    assert (folder / "e.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "Drawn in e.svg" in run("evaluate", "scores.csv", "outcomes.csv", *options).stdout


def test_scores_of_every_format_are_read(run: Any, folder: Path) -> None:
    (folder / "outcomes.csv").write_text("person,outcome\np,1\nq,0\n", encoding="utf-8")
    answers = []
    for ending in ("parquet", "csv", "jsonl"):
        run("score", "policy.yaml", "events.csv", *WHEN, "--out", f"s.{ending}")
        answers.append(run("evaluate", f"s.{ending}", "outcomes.csv", "--bootstrap", 0).stdout)
    assert len(set(answers)) == 1


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("people", [("007", "7"), ("NA", "null"), ("2018-01-01", "2018-01-02T00:00:00Z")])
def test_people_whose_names_look_like_something_else_keep_them(
    run: Any, folder: Path, ending: str, people: tuple[str, str]
) -> None:
    p, q = people
    text = (folder / "events.csv").read_text(encoding="utf-8")
    (folder / "named.csv").write_text(text.replace(",p,", f",{p},").replace(",q,", f",{q},"), encoding="utf-8")
    (folder / "outcomes.csv").write_text(f"person,outcome\n{p},1\n{q},0\n", encoding="utf-8")
    run("score", "policy.yaml", "named.csv", *WHEN, "--out", f"s.{ending}")
    told = json.loads(run("evaluate", f"s.{ending}", "outcomes.csv", "--bootstrap", 0, "--json").stdout)
    assert (told["people"], told["outcomes_of_nobody_scored"]) == (2, 0)
    assert [tier["tier"] for tier in told["tiers"]] == ["low"]


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("s.jsonl", "", 1, "s.jsonl: no columns; expected a file that `goodstanding score` wrote"),
        ("s.jsonl", "[1]\n", 1, "s.jsonl:1: [1]; expected an object in JSON"),
        ("s.jsonl", "{\n", 1, "s.jsonl:1: no JSON at character "),
        ("s.jsonl", '{"person": "p", "score": 1}\n', 1, "no column 'tier' among person, score"),
        ("s.jsonl", '{"person": 7, "score": 1, "tier": null}\n', 1, "s.jsonl:1: found the person 7; expected a person"),
        (
            "s.csv",
            "person,score,tier\np,many,low\n",
            1,
            "s.csv:2: found the score 'many'; expected a whole number, or nothing",
        ),
        ("s.csv", "", 1, "s.csv: cannot be read: Empty CSV file"),
        ("s.csv", "person,score,tier\np,1,\nq,99999999999999999999,\n", 1, "s.csv:3: found the score '9999"),
        (".", None, 1, ".: a folder; expected a file of scores"),
        ("s.txt", "", 1, "s.txt: a file ending in '.txt'; expected .parquet or .csv or .jsonl"),
        ("s.csv", None, 1, "s.csv: cannot be read: "),
        ("s.csv", "person,scor,tier\n", 1, "no column 'score' among person, scor, tier; expected a file that"),
        ("s.csv", "a,b,c\n", 1, "no column 'person' among a, b, c"),
        ("s.csv", "person,score,tier\n", 1, ""),
        (
            "s.csv",
            "person,score,tier\np,1,\nq,,\nr,1.5,\ns,abc,\n",
            1,
            "s.csv:4: found the score '1.5'; expected a whole number, or nothing",
        ),
        (
            "s.csv",
            "tier,person,score\n,p,1\n,q,2\n,p,1\n",
            1,
            "s.csv:4: found the person 'p' again; expected each person once; it stands at 2 too",
        ),
        (
            "s.jsonl",
            '{"person": "p", "score": 1, "tier": null}\n{"person": "p", "score": 2, "tier": null}\n',
            1,
            "s.jsonl:2: found the person 'p' again; expected each person once; it stands at 1 too",
        ),
    ],
)
def test_scores_that_cannot_be_read_are_an_error(
    run: Any, folder: Path, name: str, text: str | None, code: int, said: str
) -> None:
    (folder / "outcomes.csv").write_text("person,outcome\np,1\n", encoding="utf-8")
    if text is not None:
        (folder / name).write_text(text, encoding="utf-8")
    assert said in run("evaluate", name, "outcomes.csv", code=code).stderr


@pytest.mark.usefixtures("scored")
def test_a_picture_that_cannot_be_drawn_is_said_to_be_so(run: Any) -> None:
    options = ("--bootstrap", 0, "--plot", "scores.csv/x.svg")
    told = run("evaluate", "scores.csv", "outcomes.csv", *options, code=2).stderr
    assert told == "--plot scores.csv/x.svg: this would take the place of the input scores.csv; name another file\n"
    told = run("evaluate", "scores.csv", "outcomes.csv", *options[:3], "policy.yaml/x.svg", code=1).stderr
    assert told == "policy.yaml/x.svg: cannot be written: Not a directory\n"


@pytest.mark.usefixtures("scored", "other")
@pytest.mark.parametrize(
    "command",
    [
        "score policy.yaml events.csv {when} --out events.csv",
        "score policy.yaml events.csv {when} --out ./folder/../events.csv",
        "score policy.yaml events.csv {when} --out link.csv",
        "score policy.yaml link.csv {when} --out events.csv",
        "score policy.yaml events.csv {when} --people people.csv --out people.csv",
        "score policy.yaml events.csv {when} --ties ties.csv --out ties.csv",
        "score policy.csv events.csv {when} --out policy.csv",
        "score policy.yaml book {when} --out book/scores.parquet",
        "compare policy.yaml other.yaml events.csv {when} --out events.csv",
        "compare policy.yaml policy.csv events.csv {when} --out policy.csv",
        "compare policy.yaml other.yaml events.csv {when} --people people.csv --out people.csv",
        "compare policy.yaml other.yaml events.csv {when} --ties ties.csv --out ties.csv",
        "evaluate scores.csv outcomes.csv --policy policy.svg --plot policy.svg",
        "announce policy.yaml --audio policy.yaml",
        "book build events.csv --world live --out events.csv",
    ],
)
def test_no_command_writes_over_what_it_reads(run: Any, folder: Path, command: str) -> None:
    (folder / "folder").mkdir()
    (folder / "link.csv").symlink_to("events.csv")
    for name in ("policy.csv", "policy.svg"):
        (folder / name).write_bytes((folder / "policy.yaml").read_bytes())
    run("book", "build", "events.csv", "--world", "live", "--out", "book")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    told = run(*command.format(when=" ".join(WHEN)).split(), code=2).stderr
    assert "this would take the place of the input " in told
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_picture_is_svg_or_png(run: Any) -> None:
    assert "write one of .svg, .png" in run("evaluate", "s.csv", "o.csv", "--plot", "e.pdf", code=2).stderr
