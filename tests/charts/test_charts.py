"""The picture of an evaluation: whole, heard as well as seen, and readable without colour."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from goodstanding.charts import describe, draw, evaluation_svg, save
from goodstanding.errors import UsageError
from goodstanding.evaluation import evaluate

SVG = "{http://www.w3.org/2000/svg}"
SCORES = [400, 450, 500, 550, 600, 650, 700, 750, 800, 850]
OUTCOMES = [1, 1, 0, 1, 0, 0, 1, 0, 0, 0]


def evaluated(tiers: int = 2) -> dict[str, Any]:
    names = [f"tier_{number}" for number in range(tiers)]
    given = [names[place * tiers // 10] for place in range(10)]
    return evaluate([*SCORES, None], [*OUTCOMES, 1], tiers=[*given, None], order=names, bootstrap=50).to_dict()


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own picture


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iter(f"{SVG}text")]


def test_the_picture_has_a_title_and_a_description_for_those_who_hear_it() -> None:
    root = parsed(evaluation_svg(evaluated(), "Cards"))
    assert root.get("role") == "img"
    named = (root.get("aria-labelledby") or "").split()
    told = {element.get("id"): element.text for element in root if element.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert [told[name] for name in named] == ["Cards", describe(evaluated())]


def test_the_description_tells_every_figure() -> None:
    result = evaluated()
    said = describe(result)
    assert said.startswith("10 people with a score and an outcome, 4 of them with outcome 1. AUC 0.833 (")
    assert "tier_0: 60.0% (3 of 5). tier_1: 20.0% (1 of 5)." in said
    assert said.endswith("Left out for want of a score: 1, of whom 1 with outcome 1.")


def test_without_samples_the_description_tells_figures_without_intervals() -> None:
    assert "AUC 0.833, Gini 0.667, KS 0.583 at score 550." in describe(
        evaluate(SCORES, OUTCOMES, bootstrap=0).to_dict()
    )


def test_titles_and_tiers_stay_text_whatever_they_hold() -> None:
    hostile = "<script>\"&'</script>"
    svg = evaluation_svg(evaluate(SCORES, OUTCOMES, tiers=[hostile] * 10, bootstrap=0).to_dict(), hostile)
    assert "<script" not in svg
    assert texts(svg).count(hostile) == 2


def test_outcomes_differ_by_hatching_and_dashes_not_by_colour_alone() -> None:
    svg = evaluation_svg(evaluated())
    assert "hatched: outcome 1; dashed line: others" in texts(svg)
    assert 'fill="url(#hatch)"' in svg
    assert "stroke-dasharray" in svg


def test_nothing_is_fetched_and_nothing_runs() -> None:
    svg = evaluation_svg(evaluated())
    assert re.findall(r"https?://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]
    assert not {"script", "image", "use", "a"} & {element.tag.removeprefix(SVG) for element in parsed(svg).iter()}


@pytest.mark.parametrize("tiers", [1, 2, 5, 9])
def test_everything_is_drawn_within_the_picture(tiers: int) -> None:
    root = parsed(evaluation_svg(evaluated(tiers)))
    for element in root.iter():
        for across in ("x", "cx"):
            assert 0 <= float(element.get(across, 0)) <= float(root.get("width", 0))
        for down in ("y", "cy"):
            assert 0 <= float(element.get(down, 0)) <= float(root.get("height", 0))


def test_each_tier_has_its_bar_its_rate_and_its_name_and_an_empty_one_says_so() -> None:
    result = evaluate(
        SCORES, OUTCOMES, tiers=["low"] * 5 + ["high"] * 5, order=["low", "mid", "high"], bootstrap=0
    ).to_dict()
    said = texts(evaluation_svg(result))
    assert {"low", "mid", "high", "60.0%", "20.0%", "nobody"} <= set(said)
    assert "mid: nobody." in describe(result)


def test_where_there_are_many_tiers_their_names_stand_on_two_lines() -> None:
    root = parsed(evaluation_svg(evaluated(5)))
    heights = {element.get("y") for element in root.iter(f"{SVG}text") if (element.text or "").startswith("tier ")}
    assert len(heights) == 2


def test_without_tiers_the_picture_says_that_there_are_none() -> None:
    assert "Tiers: none given" in texts(evaluation_svg(evaluate(SCORES, OUTCOMES, bootstrap=0).to_dict()))


def test_one_score_for_all_can_be_drawn() -> None:
    assert "AUC 0.500" in texts(evaluation_svg(evaluate([500, 500], [0, 1], bootstrap=0).to_dict()))


def test_a_picture_is_saved_as_svg_or_png_by_its_name(tmp_path: Path) -> None:
    svg = evaluation_svg(evaluated())
    save(svg, tmp_path / "chart.SVG")
    assert (tmp_path / "chart.SVG").read_text(encoding="utf-8") == svg
    save(svg, tmp_path / "chart.png")
    png = (tmp_path / "chart.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert [int.from_bytes(png[at : at + 4], "big") for at in (16, 20)] == [2160, 800]


def test_an_evaluation_is_drawn_into_a_file_of_another_name_by_the_ending_given(tmp_path: Path) -> None:
    result = evaluate(SCORES, OUTCOMES, bootstrap=0)
    draw(result, tmp_path / "half-written", ".svg", "Cards & loans")
    draw(result, tmp_path / "whole.svg")
    assert texts((tmp_path / "half-written").read_text(encoding="utf-8"))[0] == "Cards & loans"
    assert (tmp_path / "whole.svg").read_text(encoding="utf-8") == evaluation_svg(result.to_dict())


def test_an_evaluation_kept_as_json_is_drawn_like_the_evaluation_itself() -> None:
    assert evaluation_svg(json.loads(json.dumps(evaluated()))) == evaluation_svg(evaluated())


def test_png_without_its_library_names_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UsageError, match="PNG needs the library vl-convert-python"):
        save("<svg/>", tmp_path / "chart.png")
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_told_with_those_that_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"found a file ending in '.pdf'; expected .svg or .png"):
        save("<svg/>", tmp_path / "chart.pdf")
