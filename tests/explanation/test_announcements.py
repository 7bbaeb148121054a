"""What is said aloud is what the policy says."""

from __future__ import annotations

from typing import Any

import pytest

from goodstanding.announcements import announce, notice_text
from goodstanding.policy import Policy, loads
from goodstanding.testing import as_yaml, small_policy

COUNT: dict[str, Any] = {"measure": {"kind": "count", "of": "a"}}


def policy_of(factor: dict[str, Any], sanction: dict[str, Any] | None = None, **entry: Any) -> Policy:
    document = small_policy(
        {"name": "smoke", "title": {"en": "Smoking", "zh": "吸烟"}, **COUNT, **factor},
        lists=[{"name": "smoke", "title": "The list", "opened": "a"}],
        sanctions=[
            {"name": "ban", "title": "No ticket", "actions": ["x"], "when": {"on": ["smoke"]}, **(sanction or {})}
        ],
        announcements=[
            {"name": "one", "place": "train", "text": {"en": "none", "zh": "无"}, **entry},
            {"name": "two", "place": "hall", "text": "Two."},
        ],
    )
    return loads(as_yaml(document | {"calendar": "cn"}))


def said(policy: Policy, lang: str = "en") -> str:
    return announce(policy, lang=lang, name="one")[0].text


@pytest.mark.parametrize(
    ("factor", "least"),
    [
        ({"points": {"bands": [{"points": -5}, {"from": 2, "points": -50}]}}, "-50"),
        ({"points": {"each": {"points": -15, "per": 1, "min": -60}}}, "-60"),
        ({"points": {"each": {"points": -15}}}, "-10000"),
        ({"points": {"each": {"points": 15}}}, "0"),
        ({"points": {"bands": [{"points": -5}], "none": -9}}, "-5"),
        (
            {
                "points": {"bands": [{"points": -5}], "none": -9},
                "measure": {"kind": "share", "among": "a", "of": {}},
            },
            "-9",
        ),
        (
            {
                "points": {"labels": {"x": 4}, "other": -3},
                "measure": {"kind": "latest", "of": "a", "field": "label"},
            },
            "-3",
        ),
    ],
)
def test_points_are_the_least_that_a_factor_can_give(factor: dict[str, Any], least: str) -> None:
    assert said(policy_of(factor, text="Costs {smoke.points}.", factors=["smoke"])) == f"Costs {least}."


def test_titles_come_in_the_language_and_a_factor_goes_before_a_list_of_its_name() -> None:
    both = policy_of({}, text={"en": "{smoke.title}!", "zh": "{smoke.title}！"}, factors=["smoke"], lists=["smoke"])
    assert (said(both), said(both, "zh")) == ("Smoking!", "吸烟！")
    assert said(policy_of({}, text="{smoke.title}", lists=["smoke"])) == "The list"


def test_a_remedy_and_a_notice_are_filled_in() -> None:
    sanction = {"notice": "7d", "remedy": {"en": "Pay.", "zh": "付款。"}}
    policy = policy_of({}, sanction, text="{ban.title}: {ban.notice}. {ban.remedy}", sanctions=["ban"])
    assert said(policy) == "No ticket: 7 days. Pay."
    assert said(policy, "zh") == "No ticket: 7天. 付款。"


@pytest.mark.parametrize(
    ("sanction", "en", "zh"),
    [
        ({}, "0 days", "0天"),
        ({"notice": "1d"}, "1 day", "1天"),
        ({"notice": "0d", "notice_working_days": 1}, "1 working day", "1个工作日"),
        ({"notice": "7d", "notice_working_days": 7}, "7 days and 7 working days", "7天且7个工作日"),
    ],
)
def test_a_notice_is_in_days_or_working_days_or_both(sanction: dict[str, Any], en: str, zh: str) -> None:
    (rule,) = policy_of({}, sanction).sanctions
    assert (notice_text(rule, "en"), notice_text(rule, "zh")) == (en, zh)


def test_all_are_said_in_the_policys_order_and_one_by_its_name() -> None:
    policy = policy_of({})
    assert [(one.name, one.place) for one in announce(policy)] == [("one", "train"), ("two", "hall")]
    assert [one.text for one in announce(policy, name="two", lang="zh")] == ["Two."]
    assert announce(policy, name="three") == []
