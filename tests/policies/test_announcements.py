"""What the shipped policies say aloud is what they say in writing."""

import pytest

from goodstanding.announcements import announce
from goodstanding.policy import load

WITH_ANNOUNCEMENTS = ("air-2018", "national", "rail-2018", "rongcheng", "suining", "tool-library")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", WITH_ANNOUNCEMENTS)
def test_nothing_is_left_unfilled(name: str, lang: str) -> None:
    spoken = announce(load(name), lang=lang)
    assert spoken
    for entry in spoken:
        assert "{" not in entry.text
        assert "}" not in entry.text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_station_names_every_list_and_every_way_out_of_the_train_rules(lang: str) -> None:
    rail = load("rail-2018")
    (spoken,) = announce(rail, lang=lang, name="in_the_station")
    for rule in rail.lists:
        assert rule.title.in_(lang) in spoken.text
    for sanction in rail.sanctions:
        assert sanction.remedy is not None
        assert sanction.remedy.in_(lang) in spoken.text


@pytest.mark.parametrize(("lang", "notice"), [("en", "7 days and 7 working days"), ("zh", "7天且7个工作日")])
def test_the_station_says_the_notice_of_the_train_rules(lang: str, notice: str) -> None:
    (spoken,) = announce(load("rail-2018"), lang=lang, name="in_the_station")
    assert notice in spoken.text


def test_the_train_says_the_words_that_were_heard_and_names_their_lists() -> None:
    """The reported words: without a ticket, disorderly, smoke, and the record (sources of the policy)."""
    rail = load("rail-2018")
    (entry,) = [entry for entry in rail.announcements if entry.place == "train"]
    (spoken,) = announce(rail, name=entry.name)
    for words in (
        "without a ticket",
        "behave disorderly",
        "smoke in public areas",
        "punished according to regulations",
        "recorded in the individual credit information system",
    ):
        assert words in spoken.text
    assert set(entry.lists) == {"unpaid_fare", "disorder", "smoking"}


def test_the_street_tells_the_points_that_the_national_score_takes() -> None:
    (spoken,) = announce(load("national"), name="in_the_street")
    assert "Criticism and rumour: down to -150 points" in spoken.text
    assert "Silence: down to -10" in spoken.text
