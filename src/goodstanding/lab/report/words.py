"""What a report says in its own words, in English and Chinese: the texts of `words.yaml`, their blanks filled."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal, TypeAlias

from goodstanding.document.text import read

Lang: TypeAlias = Literal["en", "zh"]
LANGS: Final[tuple[Lang, ...]] = ("en", "zh")
NAMES: Final[dict[Lang, str]] = {"en": "English", "zh": "中文"}
TAGS: Final[dict[Lang, str]] = {"en": "en", "zh": "zh-Hans"}
"""Languages as pages name them."""

FILE: Final = "words.yaml"


@cache
def words() -> dict[str, dict[str, str]]:
    """Every text, by its name and by language."""
    root = read((files("goodstanding.lab.report") / FILE).read_bytes(), FILE)
    return {
        name: {lang: str(text.value) for lang, text in entry.mapping.items()} for name, entry in root.mapping.items()
    }


def say(lang: Lang, key: str, **blanks: object) -> str:
    """One of the texts in a language, its blanks filled."""
    return words()[key][lang].format(**blanks)
