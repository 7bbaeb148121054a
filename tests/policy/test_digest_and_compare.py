"""The digest is that of what a document says, and two documents are compared by what they say."""

import json
import random
from decimal import Decimal
from typing import Any

import pytest
import yaml

from goodstanding.document import plain, read
from goodstanding.policy import loads
from goodstanding.policy.compare import Difference, compare, differences
from goodstanding.policy.digest import canonical, digest
from tests.policy.drafts import SOUND, edited


def shuffled(value: Any, order: random.Random) -> Any:
    """The same document with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


LAYOUTS = {
    "comments": "# A policy.\n" + SOUND.replace("\ntiers:", "\n\n# Steps.\ntiers: # ascending"),
    "line ends": SOUND.replace("\n", "\r\n"),
    "a byte order mark": "\ufeff" + SOUND,
    "quotes": edited(("about: A draft.", "about: 'A draft.'"), ("name: draft", 'name: "draft"')),
    "zeros": edited(("base: 500", "base: +500.00"), ("{from: 0.8, ", "{from: .80, ")),
    "blocks": edited(("refresh: {day_of_month: 6}", "refresh:\n  day_of_month: 6")),
    "json": json.dumps(plain(read(SOUND)), default=float),
    "keys in another order": yaml.safe_dump(json.loads(json.dumps(plain(read(SOUND)), default=float)), width=60),
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_the_layout_of_a_document_changes_nothing(text: str) -> None:
    one, other = loads(SOUND), loads(text)
    assert other.digest == one.digest
    assert compare(one, other) == ()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_keys_changes_nothing(seed: int) -> None:
    document = plain(read(SOUND))
    assert digest(shuffled(document, random.Random(seed))) == digest(document)  # noqa: S311 an order, not a secret


@pytest.mark.parametrize(
    "change",
    [
        ("base: 500", "base: 501"),
        ("{from: 0.8, ", "{from: 0.8001, "),
        ("about: A draft.", "about: A draft"),
        ("a week late", "two weeks late"),
        ("{bachelor: 10, master: 20}", "{bachelor: 20, master: 10}"),
    ],
)
def test_every_other_word_and_number_changes_the_digest(change: tuple[str, str]) -> None:
    assert loads(edited(change)).digest != loads(SOUND).digest


def test_the_canonical_form_is_json_with_sorted_keys_and_bare_numbers() -> None:
    value = {"b": [Decimal("0.50"), 7, None, True], "a": "例\n", "\U0001f600": 1, "\ufb33": 2}
    assert canonical(value) == '{"a":"例\\n","b":[0.5,7,null,true],"\U0001f600":1,"\ufb33":2}'
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


# --- Comparison -------------------------------------------------------------------------------------------------------


def sentences(*changes: tuple[str, str]) -> list[str]:
    return [str(difference) for difference in compare(loads(SOUND), loads(edited(*changes)))]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("base: 500", "base: 510", "score.base changed from 500 to 510"),
        ("dispute: 30d\n", "", 'dispute was removed: "30d"'),
        ("about: A draft.", "about: {en: A draft.}", 'about changed from "A draft." to {"en": "A draft."}'),
        (
            "{from: 1, points: 40}",
            "{from: 1, points: 45}",
            "factors.on_time.points.bands[2].points changed from 40 to 45",
        ),
        (
            ", {from: 1, points: 40}",
            "",
            'factors.on_time.points.bands[2] was removed: {"from": 1, "points": 40}',
        ),
        ("master: 20}", "master: 20, doctor: 30}", "factors.degree.points.labels.doctor was added: 30"),
        (
            "on: [defaulters], below",
            "on: [defaulters, defaulters], below",
            'sanctions.no_trains.when.on[1] was added: "defaulters"',
        ),
        (
            "type: degree.earned, title: A degree was earned",
            "type: degree.earned, title: Earned",
            'catalogue.degree.earned.title changed from "A degree was earned" to "Earned"',
        ),
        (
            "{name: best, title: Best, from: 700}",
            "{name: top, title: Best, from: 700}",
            'tiers.best was removed: {"name": "best", "title": "Best", "from": 700}',
        ),
    ],
)
def test_a_change_is_told_by_its_path_before_and_after(old: str, new: str, sentence: str) -> None:
    assert sentences((old, new))[0] == sentence


def test_what_is_added_and_removed_under_other_names_is_told_as_such() -> None:
    assert [line.split(":")[0] for line in sentences(("{name: best,", "{name: top,"))] == [
        "tiers.best was removed",
        "tiers.top was added",
    ]


def test_a_thing_that_moved_among_others_of_its_group_is_told_where_order_shows() -> None:
    degree = SOUND[SOUND.index("  - name: degree\n") : SOUND.index("  - name: listed\n")]
    moved = edited((degree, ""), ("tiers:\n", f"{degree}tiers:\n"))
    assert [str(one) for one in compare(loads(SOUND), loads(moved))] == [
        'factors stand in another order: ["on_time", "listed", "friends", "degree"]'
    ]


def test_the_order_of_a_group_where_it_does_not_show_is_no_difference() -> None:
    dimensions = "  - {name: history, title: History, min: -150, max: 200}\n", "  - {name: people, title: People}\n"
    assert sentences((dimensions[0] + dimensions[1], dimensions[1] + dimensions[0])) == []


def test_one_and_true_differ() -> None:
    assert [one.what for one in differences({"a": 1, "b": [0]}, {"a": True, "b": [False]})] == ["changed", "changed"]


def test_lists_whose_things_share_a_name_are_compared_by_place() -> None:
    assert [one.path for one in differences([{"name": "a"}, {"name": "a"}], [{"name": "a"}, {"name": "b"}])] == [
        "[1].name"
    ]


def test_two_documents_that_are_no_mappings_are_compared_as_wholes() -> None:
    assert [one.sentence for one in differences("a", "b")] == ['the document changed from "a" to "b"']


def test_a_difference_is_told_in_json_with_its_sentence() -> None:
    assert Difference("a.b", "changed", Decimal("0.5"), [Decimal("1.25"), {"c": None}]).as_json() == {
        "path": "a.b",
        "what": "changed",
        "before": 0.5,
        "after": [1.25, {"c": None}],
        "sentence": 'a.b changed from 0.5 to [1.25, {"c": null}]',
    }


def test_a_long_value_is_whole_in_the_sentence_too() -> None:
    difference = Difference("about", "added", None, "x" * 100)
    assert difference.sentence == f'about was added: "{"x" * 100}"'
    band = {"bands": [{"points": -3}, {"from": Decimal("0.1000"), "points": 4}], "on": True, "to": None}
    assert Difference("f", "removed", band, None).sentence == (
        'f was removed: {"bands": [{"points": -3}, {"from": 0.1000, "points": 4}], "on": true, "to": null}'
    )
    assert difference.as_json()["after"] == "x" * 100
