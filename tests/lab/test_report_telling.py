"""What a report says of a comparison: sign, size and interval in plain words, never more than the figures bear."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from goodstanding.errors import InputError
from goodstanding.lab.measures import MEASURES, UNITS
from goodstanding.lab.report import read_run
from goodstanding.lab.report.numbers import (
    AFTER,
    BARE,
    change,
    of_100,
    percent,
    plain,
    quantities,
    quantity,
    reach,
    whole,
)
from goodstanding.lab.report.part import Part
from goodstanding.lab.report.run import Difference
from goodstanding.lab.report.telling import MATTER_MOST, answer, headline, to_tell, told
from goodstanding.lab.report.words import LANGS, say, words
from tests.lab.reported import LOYALTY, made_run

ONE_SEED = LOYALTY.replace("seeds: 4", "seeds: 1")
ALL = LOYALTY.replace("[speech.suppressed, friends.degree]", "all")


def test_an_effect_is_told_with_its_size_both_levels_and_its_interval(tmp_path: Path) -> None:
    first, second = answer(read_run(made_run(tmp_path / "run")), "en")
    assert re.fullmatch(
        r"Speech suppressed: after 6 months 1[12]\.\d% with “With loyalty”, against [12]\.\d+% with “Without loyalty”; "
        r"10\.\d percentage points more\.",
        first,
    )
    assert re.match(
        r"Over 4 pairs of cities with the same dice the difference lies between \+\d+\.\d+ and \+10\.\d+ "
        r"percentage points \(95% interval\), always on the same side of zero",
        second,
    )


def test_in_chinese_the_same_is_said(tmp_path: Path) -> None:
    first, second = answer(read_run(made_run(tmp_path / "run")), "zh")
    assert first.startswith("被压制的言论：6个月后，“含忠诚”之下为1")
    assert first.endswith("个百分点。")
    assert second.startswith("在4对使用相同随机数的城市中")


def test_a_fall_is_told_as_less(tmp_path: Path) -> None:
    first, second = answer(read_run(made_run(tmp_path / "run", effects=(0.1, 0))), "en")
    assert first.endswith("percentage points less.")
    assert "between −10" in second


def test_no_effect_is_told_as_the_same_in_every_pair(tmp_path: Path) -> None:
    first, second = answer(read_run(made_run(tmp_path / "run", effects=(0, 0))), "en")
    assert "after 6 months the same with “With loyalty” and with “Without loyalty”" in first
    assert second == "It is the same in each of the 4 pairs of cities with the same dice."


def test_an_effect_that_may_be_chance_is_called_unclear(tmp_path: Path) -> None:
    """A ten-thousandth, with seeds that differ by a thousandth."""
    run = read_run(made_run(tmp_path / "run", effects=(0, 0.0001)))
    first, second = answer(run, "en")
    assert "the model shows no clear difference" in first
    assert "which holds zero: it may be either way, or nothing" in second


def test_one_seed_says_that_nobody_can_tell_what_is_chance(tmp_path: Path) -> None:
    run = read_run(made_run(tmp_path / "run", ONE_SEED))
    first, second = answer(run, "en")
    assert first.endswith("percentage points more.")
    assert second.startswith("It was run with one set of dice only")
    part = Part(run, "en")
    assert part.repeated == "once: how much is chance cannot be told"
    assert part.differences[0].plot is None
    assert "in the one run; the line at zero is no difference." in part.plots["months"][0].description
    assert part.plots["months"][0].rows[0][4] == "–"


def test_a_run_that_compares_nothing_answers_nothing(tmp_path: Path) -> None:
    alone = re.sub(r"  - \{policy: national, as: with-.*\n", "", LOYALTY).replace(
        "compare: {baseline: without-loyalty, to: with-loyalty}\n", ""
    )
    run = read_run(made_run(tmp_path / "run", alone))
    assert answer(run, "en")[0].startswith("Nothing was compared in this run")
    part = Part(run, "en")
    assert "differences" not in part.sections
    assert part.counted == ""
    assert [plot.name for plot in part.plots["people"]] == ["scores", "steps-1"]
    assert [plot.name for plot in part.plots["months"]] == ["months-speech-suppressed", "months-friends-degree"]
    assert part.plots["months"][0].description.startswith("The mean over 4 runs, month by month; the shade is its 95%")
    assert all(story.lead.endswith("with “Without loyalty”.") for story in part.stories)


def test_one_run_that_compares_nothing_shows_its_levels_without_intervals(tmp_path: Path) -> None:
    alone = re.sub(r"  - \{policy: national, as: with-.*\n|compare: .*\n", "", ALL.replace("seeds: 4", "seeds: 1"))
    run = read_run(made_run(tmp_path / "run", alone))
    (speech, friends) = Part(run, "en").plots["months"]
    assert speech.description.startswith("One run, month by month.")
    assert friends.title == "Friends – ties a resident"
    assert len(speech.spec()["layer"]) == 1


def test_the_measure_that_the_document_names_first_is_the_answer(tmp_path: Path) -> None:
    other = LOYALTY.replace("[speech.suppressed, friends.degree]", "[friends.degree, speech.suppressed]")
    run = read_run(made_run(tmp_path / "run", other))
    found = headline(run)
    assert found is not None
    assert found.measure == "friends.degree"
    assert [one.measure for one in to_tell(run)] == ["friends.degree", "speech.suppressed"]


def test_where_all_are_measured_the_answer_is_about_what_matters_most_and_is_clear(tmp_path: Path) -> None:
    found = headline(read_run(made_run(tmp_path / "run", ALL)))
    assert found is not None
    assert found.measure == "speech.suppressed"
    nothing = headline(read_run(made_run(tmp_path / "nothing", ALL, effects=(0, 0))))
    assert nothing is not None
    assert nothing.difference == 0
    assert set(MATTER_MOST) <= MEASURES.keys()


def test_people_who_rise_and_fall_are_counted_person_by_person(tmp_path: Path) -> None:
    (comparison,) = Part(read_run(made_run(tmp_path / "run")), "en").differences
    assert re.fullmatch(
        r"Person by person, 0% of residents stand higher with it and \d+\.\d% lower\.", comparison.moved
    )


def difference(**given: object) -> Difference:
    whole_: dict[str, object] = {
        "baseline": "without-loyalty/standard", "other": "with-loyalty/standard", "month": 7, "scorer": "", "p": 0.01,
        "measure": "scores.tiers", "group": "", "baseline_mean": 0.1, "other_mean": 0.3, "difference": 0.2, "low": 0.1,
        "high": 0.3, "seeds": 4,
    }  # fmt: skip
    return Difference(**{**whole_, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("", "Share in each tier"),
        ("aaa", "Share in each tier (AAA, a model of honesty)"),
        ("minority", "Share in each tier (the minority against all others)"),
    ],
)
def test_groups_are_called_by_what_they_are(group: str, said: str, tmp_path: Path) -> None:
    run = read_run(made_run(tmp_path / "run"))
    assert told(run, difference(group=group), "en").measure == said


def test_a_measure_of_another_version_stands_for_itself(tmp_path: Path) -> None:
    found = told(read_run(made_run(tmp_path / "run")), difference(measure="of.yore"), "en")
    assert (found.measure, found.to, found.better) == ("of.yore", "0.300", "")


@pytest.mark.parametrize(
    ("value", "signed", "said"),
    [
        (0, True, "0"),
        (-0.00001, True, "0"),
        (0.0123, False, "0.012"),
        (-1.234, False, "−1.23"),
        (12.34, True, "+12.3"),
        (12345.6, False, "12,346"),
    ],
)
def test_numbers_have_the_digits_that_mean_something(value: float, signed: bool, said: str) -> None:
    assert plain(value, signed=signed) == said


def test_shares_are_percentages_and_their_differences_percentage_points() -> None:
    assert [percent(share) for share in (0, 0.0012, 0.123, 1)] == ["0%", "0.12%", "12.3%", "100%"]
    assert change(0.0123, "share", "en") == "+1.23 percentage points"
    assert change(-0.5, "share", "zh") == "−50.0个百分点"
    assert reach(-0.012, 0.1, "share", "en") == ("−1.2", "+10.0 percentage points")


def test_units_are_said_once_and_bare_where_there_is_none() -> None:
    assert quantities(1, 2, "points", "en") == ("1.00", "2.00 points")
    assert quantities(0.1, 0.2, "share", "en") == ("10.0%", "20.0%")
    assert quantity(0.5, "correlation", "en") == "0.500"
    assert quantity(3, "months", "zh") == "3.00个月"


def test_every_unit_of_a_measure_can_be_said() -> None:
    assert set(UNITS) <= AFTER.keys() | BARE | {"share"}


def test_people_are_whole_and_somebody_is_never_nobody() -> None:
    assert [of_100(value) for value in (0, 0.2, 0.5, 99.6)] == ["0", "<1", "0", "100"]
    assert whole(1234.4, signed=True) == "+1,234"


def test_every_text_is_in_both_languages_with_the_same_blanks() -> None:
    for name, text in words().items():
        assert set(text) == set(LANGS), name
        blanks = [{blank for _, blank, _, _ in string.Formatter().parse(text[lang]) if blank} for lang in LANGS]
        assert blanks[0] == blanks[1], name


def test_every_text_is_said_somewhere(root: Path) -> None:
    room = root / "src" / "goodstanding" / "lab" / "report"
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in [*room.glob("*.py"), *room.glob("templates/*.jinja")]
    )
    people = "income|age|minority|outspoken|honesty"
    made = rf"^(story|verdict|better|change|sanction|{people}|plot_who|plot_apart|plot_measure)_"
    unsaid = [name for name in words() if f'"{name}"' not in sources and not re.match(made, name)]
    assert unsaid == []


def test_a_blank_that_is_not_filled_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        say("en", "city_is", residents=1)


def test_a_folder_that_no_run_has_finished_says_what_it_lacks(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run")
    (folder / "comparisons.parquet").unlink()
    (folder / "stories.parquet").unlink()
    with pytest.raises(InputError, match=r"no comparisons\.parquet, stories\.parquet; expected a folder that"):
        read_run(folder)


def test_people_who_may_be_real_are_told_of_in_no_report(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run")
    table = parquet.read_table(folder / "residents.parquet")
    for metadata in ({"goodstanding.world": "live"}, {}):
        parquet.write_table(table.replace_schema_metadata(metadata), folder / "residents.parquet")
        with pytest.raises(InputError, match="does not say that its people are made up"):
            read_run(folder)


def test_a_table_that_is_none_is_told_by_its_name(tmp_path: Path) -> None:
    folder = made_run(tmp_path / "run")
    (folder / "summary.parquet").write_text("no table")
    with pytest.raises(InputError, match=r"summary\.parquet: cannot be read"):
        read_run(folder)


def test_titles_of_policies_whose_files_are_elsewhere_are_their_names(tmp_path: Path) -> None:
    """The run was made with a file that nobody has any more."""
    folder = made_run(tmp_path / "run")
    text = (folder / "experiment.yaml").read_text(encoding="utf-8")
    text = text.replace("policy: national", "policy: mine.yaml").replace(", title: {en: With loyalty, zh: 含忠诚}", "")
    (folder / "experiment.yaml").write_text(text, encoding="utf-8")
    run = read_run(folder)
    assert [side.title.in_("en") for side in run.sides.values()] == ["Without loyalty", "with-loyalty"]
    assert run.tier_titles(run.sides["with-loyalty/standard"], "en") == {}
    assert run.standing_titles(run.sides["with-loyalty/standard"], "en") == {}
    assert [plot.head[1:] for plot in Part(run, "en").plots["people"] if plot.name == "steps-2"] == [("b", "a")]


def test_sides_that_differ_in_policy_and_in_variant_are_called_by_both(tmp_path: Path) -> None:
    document = LOYALTY.replace("compare: {baseline: without-loyalty, to: with-loyalty}", "compare: {baseline: heard}")
    document += "variants: [{name: heard, title: {en: heard, zh: 可申诉}}, {name: unheard, dispute: false}]\n"
    run = read_run(made_run(tmp_path / "run", document))
    assert [side.title.in_("en") for side in run.sides.values()][:2] == [
        "Without loyalty, heard",
        "Without loyalty, unheard",
    ]
    assert len(Part(run, "en").differences) == 2


def test_sides_that_differ_in_variant_alone_are_called_by_it(tmp_path: Path) -> None:
    document = re.sub(r"  - \{policy: national, as: with-.*\n", "", LOYALTY)
    document = re.sub(r"compare: .*\n", "", document) + "variants: [{name: heard}, {name: unheard, dispute: false}]\n"
    run = read_run(made_run(tmp_path / "run", document))
    assert [side.title.in_("zh") for side in run.sides.values()] == ["heard", "unheard"]
    assert {pa.string()} == {run.table("summary")["policy"].type}
