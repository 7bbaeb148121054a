"""What is made of a sound document: typed values, defaults, languages, cases filled in, and where it is looked for."""

import pickle
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from goodstanding.document.kinds import ListOf, Text
from goodstanding.document.shapes import Key, Shape
from goodstanding.errors import CharterError, PolicyError
from goodstanding.filters import FILTER_KEYS, Filter, Range
from goodstanding.measures import MEASURES, Count, Latest, OnList, Share, Ties
from goodstanding.points import FORM_KEYS, NONE_KEY, Bands, Each, Labels
from goodstanding.policy import Policy, Source, Window, load, loads, shipped
from goodstanding.policy.check import POLICY_KEYS
from tests.policy.drafts import SOUND, edited, said

DAY = 86_400_000_000


@pytest.fixture(scope="module")
def draft() -> Policy:
    return loads(SOUND, "draft.yaml")


def test_the_head_is_read(draft: Policy) -> None:
    assert (draft.name, draft.version, draft.world) == ("draft", "2024.1", "synthetic")
    assert (draft.base, draft.least, draft.most) == (500, 300, 900)
    assert (draft.dispute_days, draft.calendar, draft.file) == (30, "cn", "draft.yaml")
    assert draft.refresh is not None
    assert draft.refresh.day_of_month == 6
    assert draft.sources == (Source(Text({"": "A book"}), "https://example.org/book"),)


def test_what_is_left_out_has_its_default() -> None:
    start = SOUND.index("lists:\n")
    least = loads(
        SOUND[:start].replace('sources: [{title: A book, url: "https://example.org/book"}]\n', "") + "factors: []\n"
    )
    assert (least.lists, least.tiers, least.perks, least.sanctions, least.cases) == ((), (), (), (), ())
    assert (least.related, least.announcements, least.sources) == ((), (), ())
    assert (least.refresh, least.dispute_days, least.calendar) == (None, None, None)
    assert least.dimensions[1].least is None
    assert least.dimensions[1].most is None


def test_factors_are_read(draft: Policy) -> None:
    on_time, degree, listed, friends = draft.factors
    assert on_time.measure == Share(Filter(("bill.paid",)), Filter(value=Range(None, 0)))
    assert on_time.window == Window(730, 30)
    assert on_time.points == Bands(((None, -60), (Fraction(4, 5), -10), (Fraction(1), 40)))
    assert (degree.measure, degree.points) == (
        Latest(Filter(("degree.earned",)), "label"),
        Labels({"bachelor": 10, "master": 20}, other=1),
    )
    assert (listed.measure, listed.points) == (OnList("defaulters"), Each(-50, Fraction(1), -100, 0))
    assert friends.measure == Ties("mean", "friend")
    assert draft.requires[0].measure == Count(Filter(("bill.paid",)))
    assert (draft.requires[0].least, draft.requires[0].window) == (Fraction(1), Window(730))


def test_a_factor_is_found_by_its_name(draft: Policy) -> None:
    assert draft.factor("degree") is draft.factors[1]
    with pytest.raises(KeyError, match="none"):
        draft.factor("none")


def test_lists_tiers_perks_and_sanctions_are_read(draft: Policy) -> None:
    rule = draft.lists[0]
    assert (rule.closed_after_days, rule.expires_days, rule.times, rule.within_days, rule.key) == (
        30,
        730,
        2,
        365,
        "matter",
    )
    assert [(tier.least, tier.not_on) for tier in draft.tiers] == [(None, ()), (600, ("defaulters",)), (700, ())]
    perk, sanction = draft.perks[0], draft.sanctions[0]
    assert (perk.least, perk.tiers, perk.not_on, str(perk.giver)) == (600, ("good",), ("defaulters",), "The city")
    assert (sanction.on, sanction.below, sanction.notice_days, sanction.notice_working_days) == (
        ("defaulters",),
        400,
        7,
        5,
    )
    assert (draft.related[0].earned_in, draft.related[0].decides_in) == ("finance", "court")


def test_a_text_is_told_in_the_language_asked_for_or_in_another() -> None:
    both, once, chinese = Text({"en": "Good", "zh": "良好"}), Text({"": "Good"}), Text({"zh": "良好"})
    assert [both.in_("zh"), both.in_("zh-CN"), both.in_("fr"), str(both)] == ["良好", "良好", "Good", "Good"]
    assert [once.in_("zh"), chinese.in_("en")] == ["Good", "良好"]


def test_a_reason_without_words_is_told_by_the_title_of_its_factor() -> None:
    policy = loads(edited(("{code: R1, text: Bills were paid late}", "{code: R1}")))
    assert policy.factors[0].reason is not None
    assert str(policy.factors[0].reason.text) == "Bills paid on time"


def test_a_number_that_is_whole_is_an_int_however_it_is_written() -> None:
    policy = loads(edited(("base: 500", "base: 500.0"), ("{from: 1, points: 40}", "{from: 1.25, points: +40}")))
    assert policy.document["score"]["base"] == 500
    assert isinstance(policy.document["score"]["base"], int)
    assert policy.document["factors"][0]["points"]["bands"][2] == {"from": Decimal("1.25"), "points": 40}
    assert isinstance(policy.factors[0].points, Bands)
    assert policy.factors[0].points.bands[2] == (Fraction(5, 4), 40)


def test_tiers_may_begin_at_the_same_score() -> None:
    assert said(edited(("title: Best, from: 700", "title: Best, from: 600"))) == []


def test_an_announcement_may_tell_the_title_of_a_list_and_the_notice_of_a_sanction(draft: Policy) -> None:
    announcement = draft.announcements[0]
    assert (announcement.factors, announcement.lists, announcement.sanctions) == (
        ("on_time",),
        ("defaulters",),
        ("no_trains",),
    )


def keys_within(keys: Iterable[Key]) -> Iterator[Key]:
    """All keys of a document, however deep."""
    for key in keys:
        yield key
        kind: object = key.kind
        while isinstance(kind, ListOf):
            kind = kind.kind
        if isinstance(kind, Shape):
            yield from keys_within(kind.keys)


def test_every_key_says_what_it_is_and_what_is_expected_of_it() -> None:
    tables = [*POLICY_KEYS, *FILTER_KEYS, NONE_KEY, *(key for keys in FORM_KEYS.values() for key in keys)]
    tables += [key for measure in MEASURES.values() for key in measure.parameters]
    keys = list(keys_within(tables))
    assert len(keys) > 150
    assert [key.name for key in keys if not key.about.endswith(".") and "…" not in key.about] == []
    assert [key.name for key in keys if not key.kind.expected] == []


# --- Cases ------------------------------------------------------------------------------------------------------------


def test_a_case_knows_its_line_and_only_what_it_expects(draft: Policy) -> None:
    case = draft.cases[0]
    assert (case.name, case.line, case.as_of) == ("one bill a week late", 81, 17_532 * DAY)
    assert case.expect == {
        "score": 490,
        "points": {"on_time": -60, "bounds": 0},
        "tier": "poor",
        "lists": (),
        "perks": (),
        "sanctions": {},
        "reasons": ("R1",),
    }
    assert case.ties == ({"own_score": 700, "kind": "friend"},)


def test_id_source_and_person_are_filled_in_and_all_columns_are_there(draft: Policy) -> None:
    assert draft.cases[0].events == (
        {
            "id": "1",
            "source": "case",
            "type": "bill.paid",
            "person": "person",
            "time": 17_501 * DAY,
            "amount": 12_000,
            "value": 7,
            "label": None,
            "party": None,
            "matter": None,
            "recorded": None,
            "replaces": None,
        },
    )


def test_ids_that_are_filled_in_differ_from_those_given() -> None:
    event = "{type: bill.paid, time: 2017-12-01T00:00:00Z, amount: 12000, value: 7}"
    given = event.replace("{", "{id: '1', ")
    three = f"{event}\n      - {given}\n      - {event}"
    assert [event["id"] for event in loads(edited((event, three))).cases[0].events] == ["2", "1", "3"]


def test_a_case_is_about_the_person_of_its_first_event() -> None:
    event = "{type: bill.paid, time: 2017-12-01T00:00:00Z, amount: 12000, value: 7}"
    two = event.replace("{", "{person: p-7, ") + f"\n      - {event}"
    case = loads(edited((event, two))).cases[0]
    assert case.person == "p-7"
    assert [event["person"] for event in case.events] == ["p-7", "p-7"]


def test_a_case_may_have_no_events_and_expect_no_score() -> None:
    event = "    events:\n      - {type: bill.paid, time: 2017-12-01T00:00:00Z, amount: 12000, value: 7}\n"
    case = loads(edited((event, ""), ("score: 490", "score: null"), ("tier: poor", "tier: ~"))).cases[0]
    assert (case.events, case.person, case.expect["score"], case.expect["tier"]) == ((), "person", None, None)


def test_a_case_may_hold_types_outside_the_catalogue_and_columns_that_are_null() -> None:
    case = loads(
        edited(("{type: bill.paid, time: 2017", "{type: rail.fare, label: null, recorded: ~, time: 2017"))
    ).cases[0]
    assert (case.events[0]["type"], case.events[0]["label"]) == ("rail.fare", None)


def test_the_same_event_twice_is_one_event_and_no_fault() -> None:
    event = "{type: bill.paid, time: 2017-12-01T00:00:00Z, amount: 12000, value: 7}"
    twice = "{id: a, type: bill.paid, time: 2017-12-01T00:00:00Z, amount: 12000, value: 7"
    assert said(edited((event, f"{twice}}}\n      - {twice}, recorded: 2018-01-01T00:00:00Z}}"))) == []


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ('"1970-01-01 00:00Z"', 0),
        ("1900-01-01T00:00:00Z", -25_567 * DAY),
        ("2199-12-31T23:59:59.999999Z", 84_006 * DAY - 1),
    ],
)
def test_a_moment_is_microseconds_since_1970(written: str, moment: int) -> None:
    policy = loads(edited(("as_of: 2018-01-01T00:00:00Z", f"as_of: {written}")))
    assert policy.cases[0].as_of == moment


# --- Where a policy is found ------------------------------------------------------------------------------------------


def test_a_policy_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(SOUND, encoding="utf-8")
    assert load(path) == load(str(path)) == loads(SOUND)
    assert load(path).file == str(path)


def test_a_shipped_policy_is_read_by_its_name() -> None:
    assert load("sesame").name == "sesame"
    assert load("sesame").file == "sesame.yaml"
    assert shipped()["sesame"].name == "sesame.yaml"


def test_a_file_goes_before_a_shipped_policy_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sesame").write_text(SOUND, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load("sesame").name == "draft"


def test_a_policy_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(PolicyError) as caught:
        load("sesam")
    known = ", ".join(shipped())
    expected = (
        f"sesam: there is no such policy; expected a file, or a shipped policy: one of {known}; did you mean 'sesame'?"
    )
    assert str(caught.value) == expected


def test_a_file_that_cannot_be_opened_is_told_as_one() -> None:
    with pytest.raises(PolicyError, match="it cannot be read: File name too long; expected a policy file"):
        load("p" * 5_000)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_policy_is_sound(name: str) -> None:
    assert load(name).name == name


def test_a_policy_can_be_sent_to_another_process(draft: Policy) -> None:
    assert pickle.loads(pickle.dumps(draft)) == draft  # noqa: S301 our own bytes


def test_a_live_policy_that_breaks_the_charter_is_no_policy() -> None:
    with pytest.raises(CharterError):
        loads(edited(("world: synthetic", "world: live")))


@pytest.mark.parametrize("address", ["http://example.org/rule", "https://example.org/rule"])
def test_a_source_may_stand_at_an_address_of_either_kind(address: str) -> None:
    assert loads(edited(("https://example.org/book", address))).sources[0].url == address
