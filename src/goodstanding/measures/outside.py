"""Measures that are not read off the events of a window: being on a list, and ties to other people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from goodstanding.document.kinds import STRING, Known, OneOf
from goodstanding.document.shapes import Key
from goodstanding.measures.base import Compiled, Measure, Reading, bilingual, divided, register, whole


@register
@dataclass(frozen=True, slots=True)
class OnList(Measure):
    """Whether the person is on a list."""

    list: str

    parameters: ClassVar[tuple[Key, ...]] = (
        Key("list", Known("list"), "The list, by its name in this policy.", required=True),
    )
    kind: ClassVar = "on_list"
    about: ClassVar = "1 if the person is on a list, else 0; not with a window."
    sentences: ClassVar = bilingual(
        "On the list: {numerator} (1 yes, 0 no).", "是否在名单上：{numerator}（1是，0否）。"
    )
    in_words: ClassVar = bilingual("1 while on the list {list}, else 0", "在名单{list}上为1，否则为0")
    example: ClassVar = {"kind": "on_list", "list": "defaulters"}

    def compiled(self) -> Compiled:
        """No operation: the lists are followed by themselves."""
        return Compiled("listed")


@register
@dataclass(frozen=True, slots=True)
class Ties(Measure):
    """Something of the own scores of the people one is tied to."""

    take: str
    tie: str | None = None

    parameters: ClassVar[tuple[Key, ...]] = (
        Key(
            "take",
            OneOf(("count", "mean", "min", "max")),
            "How many ties, or which of their own scores.",
            required=True,
        ),
        Key("tie", STRING, "Only ties of this kind."),
    )
    kind: ClassVar = "ties"
    about: ClassVar = "Over the person's ties: how many, or the mean, least or greatest of their own scores."
    sentences: ClassVar = bilingual(
        "Over the ties: {numerator} (over {denominator}).", "往来关系：{numerator}（除以{denominator}）。"
    )
    in_words: ClassVar = bilingual("how many ties there are{tie}", "往来关系的个数{tie}")
    in_words_taken: ClassVar = {
        "mean": bilingual("the mean own score of those one is tied to{tie}", "往来对方自身分数的平均{tie}"),
        "min": bilingual("the least own score of those one is tied to{tie}", "往来对方自身分数的最低者{tie}"),
        "max": bilingual("the greatest own score of those one is tied to{tie}", "往来对方自身分数的最高者{tie}"),
    }
    example: ClassVar = {"kind": "ties", "take": "max", "tie": "friend"}

    @property
    def told(self) -> Mapping[str, str]:
        """How many, or what of the others' own scores."""
        told: Mapping[str, str] = self.in_words_taken.get(self.take, self.in_words)
        return told

    @property
    def can_be_nothing(self) -> bool:
        """With no tie, unless ties are counted."""
        return self.take != "count"

    def compiled(self) -> Compiled:
        """No operation: ties are a second pass over own scores."""
        return Compiled("ties")

    def of_scores(self, own_scores: Sequence[int]) -> Reading:
        """The same by hand, for the own scores of those the person has a tie of this kind to."""
        match self.take:
            case "count":
                return whole(len(own_scores), ())
            case "mean":
                return divided(sum(own_scores), len(own_scores), ())
            case "min" if own_scores:
                return whole(min(own_scores), ())
            case "max" if own_scores:
                return whole(max(own_scores), ())
            case _:
                return Reading()
