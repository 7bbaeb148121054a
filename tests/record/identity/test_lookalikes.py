"""Names that look alike are told, however they are written; signs that deceive the eye are refused."""

from __future__ import annotations

import random
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodstanding.errors import RecordError
from goodstanding.record.identity.lookalikes import LATIN, alike, dangerous, plain, refuse_dangerous, skeleton, warnings

PAIRS = 1000
BACK: dict[str, list[str]] = {}
for sign, letter in LATIN.items():
    BACK.setdefault(letter, []).append(sign)
FULL_WIDTH = 0xFEE0


def disguised(name: str, chance: random.Random) -> str:
    """The same to the eye, with at least one sign of another script or width."""
    places = [at for at, sign in enumerate(name) if sign in BACK or "!" <= sign <= "~"]
    chosen = set(chance.sample(places, chance.randint(1, len(places))))
    return "".join(
        chance.choice([*BACK.get(sign, []), chr(ord(sign) + FULL_WIDTH)]) if at in chosen else sign
        for at, sign in enumerate(name)
    )


def test_a_thousand_disguised_names_look_like_what_they_imitate() -> None:
    chance = random.Random(5)  # noqa: S311 the same again from a seed
    for _ in range(PAIRS):
        name = "".join(chance.choices("abcdeghijklnopqrstuxyzABCEHIKMNOPTX0123456789-", k=12))
        other = disguised(name, chance)
        assert other != name
        assert alike([name, other]) == [(name, other)], (name, other)


def test_a_thousand_other_names_do_not() -> None:
    chance = random.Random(6)  # noqa: S311 likewise
    names = {"".join(chance.choices("abcdefghkmnpqrstuvxyz23456789", k=12)) for _ in range(PAIRS)}
    assert alike(names) == []


@given(st.text(max_size=20))
def test_the_form_in_which_a_name_is_written_makes_no_odds(name: str) -> None:
    assert skeleton(unicodedata.normalize("NFD", name)) == skeleton(unicodedata.normalize("NFC", name))
    assert unicodedata.normalize("NFKC", plain(name)).isascii() or not name.isascii()


def test_a_few_groups_are_named_and_the_rest_counted() -> None:
    assert warnings([("а", "a")]) == ["look alike: '\\u0430', 'a'; are these two people?"]  # noqa: RUF001 the point
    assert warnings([("x", "y")] * 7)[-1] == "and 2 more that look alike"


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\ufeff", "\x07", "\u061c"])
def test_signs_that_deceive_are_refused_and_not_shown(sign: str) -> None:
    assert dangerous(f"p{sign}1") == f"U+{ord(sign):04X}"
    with pytest.raises(RecordError, match=rf"row 2: a person with U\+{ord(sign):04X}") as raised:
        refuse_dangerous(pa.array(["secret", f"secret{sign}"]), "a person")
    assert "secret" not in str(raised.value)


def test_names_in_any_script_are_fine() -> None:
    refuse_dangerous(pa.array(["张伟", "Ада", "p-1", "é"]), "a person")
