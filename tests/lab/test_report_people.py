"""Residents side by side, their plots, and the stories of three of them."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
import vl_convert
from pyarrow import parquet

from goodstanding.lab.report import read_run
from goodstanding.lab.report.part import Part
from goodstanding.lab.report.people import changes, moves, spreads
from goodstanding.lab.report.plot import COLOURS, DASHES, NARROW, WIDE, can_draw, inline, name_of, wrapped
from goodstanding.lab.report.plots_people import who
from goodstanding.lab.report.run import Run
from goodstanding.lab.report.stories import stories
from tests.lab.reported import made_run

TWO_BOOKS = """
goodstanding: 1
experiment: two
title: Two rule books
question: Which is kinder?
city: {residents: 60, months: 6}
policies: [national, sesame]
seeds: 3
measures: [speech.suppressed]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(made_run(tmp_path_factory.mktemp("run")))


def rewritten(run: Run, name: str, column: str, values: pa.Array) -> Run:
    """The run with another column in one of its tables."""
    table = run.table(name)
    table = table.set_column(table.column_names.index(column), column, values)
    parquet.write_table(table, run.folder / f"{name}.parquet")
    return read_run(run.folder)


def test_the_same_people_are_held_against_themselves(run: Run) -> None:
    """The drawn effect takes up to 40 points from whoever is outspoken, and nothing from nobody else."""
    before, after = run.sides.values()
    found = changes(run, before, after)
    assert found is not None
    assert found.in_points
    by_group = {one.group: one for one in found.groups}
    assert -21 < by_group["all_residents"].mean.mean < -19
    assert by_group["outspoken_high"].mean.high < by_group["outspoken_low"].mean.low
    assert by_group["all_residents"].residents == 60
    assert by_group["all_residents"].rise == 0
    assert sum(by_group[name].residents for name in ("age_young", "age_middle", "age_old")) == 60


def test_scores_of_two_rule_books_are_compared_by_place(tmp_path: Path) -> None:
    run = read_run(made_run(tmp_path / "run", TWO_BOOKS))
    before, after = run.sides.values()
    found = changes(run, before, after)
    assert found is not None
    assert not found.in_points
    assert found.groups[0].mean.mean == pytest.approx(0, abs=1e-9)
    plot = who(run, "en")
    assert plot is not None
    assert "how many places among 100" in plot.description


def test_nobody_is_compared_where_nobody_has_both_scores(tmp_path: Path) -> None:
    run = read_run(made_run(tmp_path / "run"))
    run = rewritten(run, "residents", "last_score", pa.nulls(run.table("residents").num_rows, pa.int32()))
    before, after = run.sides.values()
    assert changes(run, before, after) is None
    assert list(spreads(run)) == []
    part = Part(run, "en")
    assert [plot.name for plot in part.plots["people"]] == ["steps-1", "steps-2"]


def test_scores_in_the_end_add_up_to_everybody(run: Run) -> None:
    for one in spreads(run):
        assert one.shares.sum() == pytest.approx(1)
        assert one.edges[0] < one.middle < one.edges[-1]


def test_from_each_step_everybody_goes_somewhere(run: Run) -> None:
    found = moves(run, run.sides["with-loyalty/standard"])
    assert found is not None
    assert found.tiers == ("b", "a")
    assert found.counts.sum() == 60 * 4


def test_there_is_no_plot_of_steps_where_there_is_but_one(tmp_path: Path) -> None:
    run = read_run(made_run(tmp_path / "run"))
    one = pa.array(["a"] * run.table("residents").num_rows)
    run = rewritten(rewritten(run, "residents", "first_tier", one), "residents", "last_tier", one)
    assert moves(run, run.sides["with-loyalty/standard"]) is None


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_plot_is_drawn_from_its_vega_lite_form_without_a_warning(lang: str, run: Run) -> None:
    plots = list(Part(run, "en" if lang == "en" else "zh").every_plot())
    assert len({plot.name for plot in plots}) == len(plots) == 9
    for plot in plots:
        assert plot.chart(NARROW).to_dict(validate=True)["layer"]
        spec = plot.spec()
        assert vl_convert.vegalite_to_svg(spec).count("</svg>") == 1
        assert spec["title"]["text"][0]
        assert all(len(row) == len(plot.head) for row in plot.rows)


def test_lines_differ_by_colour_and_dash_so_that_neither_is_needed(tmp_path: Path) -> None:
    assert len(set(COLOURS)) == len(set(map(str, DASHES))) == 8
    document = TWO_BOOKS.replace("[national, sesame]", "[national, sesame, scorer-b]")
    (plot,) = Part(read_run(made_run(tmp_path / "run", document, effects=(0, 0.1, 0.2))), "en").plots["months"]
    dashes = set(re.findall(r'stroke-dasharray="([^"]*)"', plot.svg()))
    assert {"7,3", "2,2"} <= dashes


def test_a_measure_that_is_the_same_on_both_sides_has_no_course(run: Run) -> None:
    assert [plot.name for plot in Part(run, "en").plots["months"]] == ["months-speech-suppressed"]


def test_differences_that_are_clear_are_filled_and_others_hollow(run: Run) -> None:
    plot = Part(run, "en").differences[0].plot
    assert plot is not None
    clear = {row["row"]: row["clear"] for rows in plot.spec()["datasets"].values() for row in rows if "clear" in row}
    assert clear == {"Speech suppressed": True, "Friends": False}
    assert "(1 of 2)" in plot.description
    assert plot.svg().count(f'fill="{COLOURS[1]}"') == 1


def test_each_comparison_has_a_plot_of_its_own_and_all_share_the_months(tmp_path: Path) -> None:
    document = TWO_BOOKS.replace("[national, sesame]", "[national, sesame, scorer-b, scorer-c, scorer-d]")
    part = Part(read_run(made_run(tmp_path / "run", document, effects=(0, 0.1, 0.2, 0.3, 0.4))), "en")
    assert [one.plot.name for one in part.differences if one.plot] == [
        f"differences-{number}" for number in (1, 2, 3, 4)
    ]
    (months,) = part.plots["months"]
    assert len(months.head) == 1 + 4 * 4
    assert "area" not in str(months.spec()["layer"]), "the shades of four lines would hide one another"


def test_months_that_one_comparison_lacks_are_left_empty(tmp_path: Path) -> None:
    document = TWO_BOOKS.replace("[national, sesame]", "[national, sesame, scorer-b]")
    run = read_run(made_run(tmp_path / "run", document, effects=(0, 0.1, 0.2)))
    table = run.table("comparisons")
    last = pc.and_(pc.equal(table["other"], "sesame/standard"), pc.equal(table["month"], pc.max(table["month"])))
    parquet.write_table(table.filter(pc.invert(last)), run.folder / "comparisons.parquet")
    (months,) = Part(read_run(run.folder), "en").plots["months"]
    assert months.rows[-1][1:5] == ("–",) * 4
    assert months.rows[-1][5] != "–"


def test_a_picture_that_stands_alone_is_heard_by_title_and_description(run: Run) -> None:
    for plot in Part(run, "zh").every_plot():
        svg = plot.svg()
        assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="')
        assert f"<title>{plot.title}</title><desc>" in svg


def test_pictures_on_a_page_are_silent_since_words_stand_beside_them(run: Run) -> None:
    for plot in Part(run, "en").every_plot():
        picture = inline(plot.spec(NARROW))
        assert 'aria-hidden="true"' in picture.partition(">")[0]
        assert "<desc>" not in picture
        assert plot.title not in picture


def test_marks_say_what_they_are_to_whoever_points_at_them(run: Run) -> None:
    assert "<title>" in inline(Part(run, "en").plots["people"][0].spec(WIDE))


def test_labels_are_broken_between_words_and_chinese_anywhere() -> None:
    assert wrapped("The least outspoken fourth", 14) == "The least\noutspoken\nfourth"
    assert wrapped("最少言的四分之一", 8) == "最少言的\n四分之一"
    assert wrapped("unbreakable", 4) == "unbreakable"


def test_names_of_files_are_plain() -> None:
    assert name_of("course", "speech.suppressed") == "course-speech-suppressed"


def test_letters_that_no_font_has_look_alike() -> None:
    assert can_draw("ab")
    assert not can_draw("\ue123\ue124")


def test_a_story_is_of_the_side_that_is_compared_with_the_baseline(run: Run) -> None:
    rose, fell, wronged = stories(run, "en")
    assert rose.lead.endswith("with “With loyalty”.")
    assert [turn.month for turn in rose.turns] == [2, 3, 4, 5]
    assert [turn.change for turn in fell.turns] == ["−15"] * 4
    assert [turn.is_wrong for turn in wronged.months] == [False] * 3 + [True] * 3
    assert not rose.has_marks
    assert wronged.turns[-1].marks == ("On a list: court", "Under a sanction: no_flights")


def test_a_story_without_scores_says_so(tmp_path: Path) -> None:
    run = read_run(made_run(tmp_path / "run"))
    rows = run.table("stories").num_rows
    run = rewritten(
        rewritten(run, "stories", "score", pa.nulls(rows, pa.int32())), "stories", "change", pa.nulls(rows, pa.int32())
    )
    story = stories(run, "en")[0]
    assert story.lead == "Without a score for some time, with “With loyalty”."
    assert story.plot is None
    assert story.turns == ()
