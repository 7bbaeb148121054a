"""`explain`, `whatif` and `reach`: one person, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

WHEN = ("--as-of", "2020-01-01T00:00:00Z", "--world", "synthetic")
OF_P = ("policy.yaml", "events.csv", "--person", "p", *WHEN)
OF_Q = ("policy.yaml", "events.csv", "--person", "q", *WHEN)


def test_an_explanation_adds_up_in_words(run: Any) -> None:
    text = run("explain", *OF_Q).stdout
    assert "Score 10 · tier Low" in text
    assert "   +40    On time: 1/1\n            1 of 1.\n            bank/e3\n" in text
    assert "\n    10  Score\n" in text
    assert "The list, since 2019-12-05" in text


def test_what_friends_change_is_told_apart(run: Any) -> None:
    assert "Score 11 · tier Low · 10 without friends" in run("explain", *OF_Q, "--ties", "ties.csv").stdout


def test_an_explanation_is_json_of_the_specification(run: Any) -> None:
    found = json.loads(run("explain", *OF_Q, "--ties", "ties.csv", "--people", "people.csv", "--json").stdout)
    assert (found["person"], found["score"], found["tier"], found["base"]) == ("q", 10, "low", 0)
    assert [line["points"] for line in found["contributions"]] == [40, -30, 0]
    assert found["bounds"] == {"bounds.d": 0, "bounds": 0}
    assert found["lists"] == [{"name": "l", "since": "2019-12-05T00:00:00Z"}]
    assert found["sanctions"] == [{"name": "ban", "state": "in_force"}]


def test_an_explanation_in_chinese_and_with_what_was_on_record_then(run: Any) -> None:
    text = run("explain", *OF_P, "--lang", "zh", "--recorded-by", "2019-12-10T00:00:00Z", "--every-event").stdout
    assert "分数40 · 等级：高" in text
    assert "按时: 1/1" in text


def test_a_person_whom_no_event_names_is_an_error_with_the_nearest_name(run: Any) -> None:
    result = run("explain", "policy.yaml", "events.csv", "--person", "pp", *WHEN, code=1)
    assert result.stderr == "no event names 'pp'; the events name 2 people; did you mean 'p'?\n"
    assert result.stdout == ""


# --- What if ----------------------------------------------------------------------------------------------------------


def test_what_if_tells_the_lines_that_move(run: Any) -> None:
    text = run("whatif", *OF_P, "--minus", "bank/e2").stdout
    assert text.splitlines() == [
        "p: 0 → 40 (+40) · tier Low → High",
        "   +40    On time: 1/2 → 1/1",
        "",
        "  + perk: Door",
    ]


def test_what_is_added_may_be_json_in_which_the_obvious_is_left_out(run: Any) -> None:
    closed = '{"type": "c", "matter": "case-1"}'
    found = json.loads(run("whatif", *OF_Q, "--plus", closed, "--json").stdout)
    assert (found["change"], found["added"], found["removed"], found["unread"]) == (30, 1, 0, 0)
    assert [line["line"] for line in found["moved"]] == ["listed"]
    assert found["before"]["score"] == 10
    assert found["after"]["lists"] == []
    text = run("whatif", *OF_Q, "--plus", f"[{closed}]", "--lang", "zh").stdout
    assert text.splitlines() == [
        "q: 10 → 40 (+30) · 等级：Low → 高",
        "   +30    Factor 2: 1 → 0",
        "",
        "  + 优惠：Gate",
        "  − 在名单“名单”上",
        "  − Ban：生效中",
    ]


def test_what_is_added_may_be_a_file(run: Any, folder: Path) -> None:
    (folder / "more.csv").write_text(
        "id,source,type,person,time,value\nx,bank,a,p,2019-12-30T00:00:00Z,0\n", encoding="utf-8"
    )
    assert "p: 0 → 10 (+10)" in run("whatif", *OF_P, "--plus", "more.csv").stdout


def test_what_is_not_read_moves_nothing_and_is_said(run: Any) -> None:
    text = run("whatif", *OF_P, "--plus", '{"type": "a", "time": "2021-01-01T00:00:00Z"}').stdout
    assert "No line moves." in text
    assert "whatif/whatif-1 is not read: it is later than the moment of scoring." in text


def test_without_a_score_before_or_after_no_change_is_told(run: Any) -> None:
    of_p = ("consumer-credit", "events.csv", "--person", "p", "--as-of", "2020-01-01T00:00:00Z")
    text = run("whatif", *of_p, "--plus", '{"type": "card.status", "value": 0}').stdout
    assert text.startswith("p: no score → no score\n")
    assert (
        json.loads(run("whatif", *of_p, "--plus", '{"type": "card.limit", "amount": 5}', "--json").stdout)["change"]
        is None
    )


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "nothing is changed: say which events with --plus, --minus or both"),
        (("--minus", "e2"), 2, "an event is named SOURCE/ID, as explain shows it"),
        (("--minus", "bank/e9"), 1, "no such event to leave out: bank/e9; the person has 2: bank/e1, bank/e2"),
        (("--plus", "nowhere.csv"), 2, "neither a file that is there nor JSON"),
        (("--plus", "x" * 300), 2, "neither a file that is there nor JSON"),
        (("--plus", "{"), 2, "--plus: no JSON: "),
        (("--plus", "[1]"), 2, "--plus: an event is a JSON object, not 1"),
        (("--plus", '{"type": "a", "value": "x"}'), 1, "--plus:1: value "),
        (("--plus", '{"type": "a", "person": "q"}'), 1, "event whatif/whatif-1 is about 'q'; expected 'p'"),
    ],
)
def test_what_cannot_be_changed_is_refused(run: Any, options: tuple[str, ...], code: int, said: str) -> None:
    assert said in run("whatif", *OF_P, *options, code=code).stderr


# --- Reach ------------------------------------------------------------------------------------------------------------


def test_reach_tells_what_to_do_in_words_and_as_json(run: Any) -> None:
    text = run("reach", *OF_Q, "--ties", "ties.csv").stdout
    assert "q has a score of 11: Low." in text
    assert "to leave the list The list: " in text
    found = json.loads(run("reach", *OF_Q, "--lang", "zh", "--json").stdout)
    assert (found["state"], found["next"]["name"]) == ("found", "high")
    assert found["ways"][0]["steps"][0]["event"] == {"type": "c", "matter": "case-1"}
    assert found["ways"][0]["steps"][0]["text"].startswith("离开名单“名单”：")


def test_reach_says_at_the_top_that_there_is_no_higher_tier(run: Any) -> None:
    text = run("reach", *OF_P, "--recorded-by", "2019-12-10T00:00:00Z").stdout
    assert text == "p has a score of 40: High.\nThere is no tier above High.\n"


def test_a_sum_of_own_scores_beyond_64_bits_is_json_all_the_same(run: Any, folder: Path) -> None:
    text = (folder / "policy.yaml").read_text(encoding="utf-8")
    text = text.replace('"take": "count"', '"take": "mean"').replace('"max": 100', f'"max": {10**18}')
    text = text.replace('"base": 0', f'"base": {10**18 - 50}').partition("cases:")[0]
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    people = [f"f{n}" for n in range(20)]
    (folder / "people.csv").write_text("\n".join(["person", "p", *people]) + "\n", encoding="utf-8")
    ties = [f"p,{person},2019-01-01T00:00:00Z,," for person in people]
    (folder / "ties.csv").write_text("\n".join(["a,b,since,until,kind", *ties]) + "\n", encoding="utf-8")
    found = json.loads(run("explain", *OF_P, "--people", "people.csv", "--ties", "ties.csv", "--json").stdout)
    assert found["contributions"][2]["measure"] == {"numerator": 20 * (10**18 - 50), "denominator": 20}


def test_events_added_one_by_one_need_no_ids_of_their_own(run: Any) -> None:
    paid = '{"type": "a", "value": 0}'
    told = json.loads(run("whatif", *OF_P, "--plus", paid, "--plus", paid, "--json").stdout)
    assert (told["added"], told["not_read"]) == (2, [])
