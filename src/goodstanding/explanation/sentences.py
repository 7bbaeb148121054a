"""One sentence a contribution: the factor's own, or that of its kind of measure, with the numbers filled in.

A sentence may use `{numerator}`, `{denominator}`, `{label}`, `{points}` and `{window}` (specification section 9). Where
the measure is nothing, a sentence that needs its number would say something untrue, and another stands in its place.
"""

from __future__ import annotations

import re

from goodstanding.explanation.words import say, window_text
from goodstanding.measures import Decayed, OnList, Reading, Ties
from goodstanding.policy import Factor

BLANK = re.compile(r"\{(numerator|denominator|label|points|window)\}")


def sentence(factor: Factor, reading: Reading, points: int, lang: str) -> str:
    """Say in one sentence what a factor found and gave."""
    blanks = {
        "numerator": reading.numerator,
        "denominator": reading.denominator,
        "label": reading.label,
        "points": points,
        "window": window_text(factor, lang),
    }
    template = _template(factor, reading, lang)
    if any(blanks[blank] is None for blank in BLANK.findall(template)):
        return say(lang, _nothing(reading))
    return BLANK.sub(lambda blank: str(blanks[blank[1]]), template)


def _nothing(reading: Reading) -> str:
    """The word for a measure that is nothing: no events, or of a share or a ratio a divisor that does not divide."""
    return "no_divisor" if reading.used and reading.numerator is None and reading.label is None else "nothing"


def _template(factor: Factor, reading: Reading, lang: str) -> str:
    """The factor's own sentence; else, where the number alone would be hard to read, one in words; else the kind's."""
    if factor.sentence is not None:
        return factor.sentence.in_(lang)
    if reading.numerator is None or reading.denominator is None:
        return say(lang, "latest_label" if reading.label is not None else _nothing(reading))
    number = reading.numerator / reading.denominator
    match factor.measure:
        case OnList():
            return say(lang, "is_listed" if number else "is_not_listed")
        case Decayed():
            return say(lang, "decayed", weight=f"{number:.2f}")
        case Ties(take=take):
            return say(lang, f"ties_{take}", mean=f"{number:.1f}")
        case measure:
            return measure.sentence[lang]
