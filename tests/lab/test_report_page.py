"""The page of a report: whole, offline, in two languages, and readable without colour, scripts or a mouse."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from goodstanding.errors import GoodstandingError
from goodstanding.lab.report import LARGEST, page, read_beside, read_run
from goodstanding.lab.report import page as page_of
from goodstanding.lab.report.part import Part
from goodstanding.lab.report.words import LANGS
from tests.lab.reported import LOYALTY, made_run

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Element:
    """A piece of the page."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element] = []
        self.said = ""

    def __iter__(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child

    def find(self, *tags: str) -> list[Element]:
        return [one for one in self if one.tag in tags]

    def by_id(self, name: str) -> Element:
        (found,) = [one for one in self if one.attributes.get("id") == name]
        return found

    @property
    def text(self) -> str:
        return " ".join(" ".join(one.said for one in self).split())


class Reader(HTMLParser):
    """Reads a page strictly: what is opened is closed, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.root = self.here = Element("document", {}, None)
        self.feed(page)
        self.close()
        assert self.here is self.root, f"<{self.here.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(one)
        if tag not in VOID:
            self.here = one

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, {name: value or "" for name, value in attrs}, self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.tag == tag, f"</{tag}> within <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.said += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return page(read_run(folder))


@pytest.fixture(scope="module")
def read(html: str) -> Element:
    return Reader(html).root


@pytest.fixture(scope="module")
def languages(read: Element) -> list[Element]:
    return [one for one in read if one.attributes.get("class") == "language"]


def test_a_page_can_be_mailed(html: str) -> None:
    assert len(html.encode()) < LARGEST == 3_000_000


def test_nothing_is_fetched_and_nothing_runs(html: str, read: Element) -> None:
    assert not read.find("script", "link", "img", "iframe", "object", "embed", "base", "form", "video", "audio", "use")
    assert not [name for one in read for name in one.attributes if name.startswith("on") or name in {"src", "srcset"}]
    assert set(re.findall(r"url\(([^)]*)\)", html)) <= {f"#{one.attributes.get('id')}" for one in read}
    assert "@import" not in html
    outside = {one.attributes["href"] for one in read.find("a") if one.attributes["href"][0] != "#"}
    assert all(address.startswith("data:application/json;base64,") for address in outside)


def test_the_page_forbids_what_it_does_not_need(read: Element) -> None:
    (policy,) = [one for one in read.find("meta") if "http-equiv" in one.attributes]
    assert policy.attributes["content"].startswith("default-src 'none'")


def test_both_languages_are_there_with_the_same_sections(languages: list[Element]) -> None:
    assert [one.attributes["lang"] for one in languages] == ["en", "zh-Hans"]
    names = [[one.attributes["id"][2:] for one in each if "id" in one.attributes] for each in languages]
    assert names[0] == names[1]


def test_each_language_leads_to_the_other_and_every_link_within_the_page_arrives(read: Element) -> None:
    ids = [one.attributes["id"] for one in read if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    inner = {one.attributes["href"][1:] for one in read.find("a") if one.attributes["href"].startswith("#")}
    assert inner <= set(ids)
    assert {"en", "zh", "en-main", "zh-main"} <= inner


def test_the_language_asked_for_comes_first(folder: Path) -> None:
    first = Reader(page(read_run(folder), "zh")).root
    (whole,) = first.find("html")
    assert whole.attributes["lang"] == "zh"
    assert [one.attributes["id"] for one in first if one.attributes.get("class") == "language"] == ["zh", "en"]


@pytest.mark.parametrize("place", [0, 1])
def test_headings_go_down_one_step_at_a_time_from_one_title(place: int, languages: list[Element]) -> None:
    levels = [int(one.tag[1]) for one in languages[place].find("h1", "h2", "h3", "h4") if one.text]
    steps = [later - earlier for earlier, later in pairwise(levels)]
    assert levels.count(1) == 1
    assert max(steps[1:]) == 1


def test_every_table_has_a_caption_heads_and_a_name_for_each_row(read: Element) -> None:
    tables = read.find("table")
    assert len(tables) > 20
    for table in tables:
        assert table.find("caption")[0].text
        assert all(head.attributes["scope"] in {"col", "row"} for head in table.find("th"))
        for row in table.find("tbody")[0].find("tr"):
            assert row.children[0].tag == "th"


def test_every_plot_is_told_in_words_and_as_a_table_and_drawn_for_both_widths(read: Element) -> None:
    figures = read.find("figure")
    assert len(figures) == 2 * 9
    for figure in figures:
        assert read.by_id(figure.attributes["aria-labelledby"]).text
        assert len(read.by_id(figure.attributes["aria-describedby"]).text) > 20
        assert [one.attributes["class"] for one in figure if "plot " in one.attributes.get("class", "")] == [
            "plot wide",
            "plot narrow",
        ]
        assert all(one.attributes["aria-hidden"] == "true" for one in figure.find("svg"))
        assert figure.find("details")[0].find("table")


def test_wide_and_narrow_pictures_are_as_wide_as_their_screens(read: Element) -> None:
    widths = {
        name: {float(one.find("svg")[0].attributes["width"]) for one in read if one.attributes.get("class") == name}
        for name in ("plot wide", "plot narrow")
    }
    assert max(widths["plot wide"]) <= 680
    assert max(widths["plot narrow"]) <= 330


def test_each_plot_can_be_taken_away_as_vega_lite(read: Element) -> None:
    links = [one for one in read.find("a") if "download" in one.attributes]
    specs = [json.loads(base64.b64decode(one.attributes["href"].partition(",")[2])) for one in links]
    assert len(specs) == 2 * 9
    assert all("vega-lite" in spec["$schema"] and spec["description"] for spec in specs)
    assert not any("url" in json.dumps(spec.get("data", {})) for spec in specs)


def test_regions_are_named_and_tables_that_scroll_can_be_reached_by_keyboard(read: Element) -> None:
    for section in read.find("section", "article", "nav"):
        assert read.by_id(section.attributes["aria-labelledby"]).text
    for scroll in [one for one in read if one.attributes.get("class") == "scroll"]:
        assert scroll.attributes["tabindex"] == "0"
        assert scroll.attributes["aria-label"]


def test_the_question_its_answer_and_the_rest_are_where_readers_look_for_them(languages: list[Element]) -> None:
    said = languages[0].text
    order = ["What does a loyalty factor do to speech?", "The answer in two sentences", "Nobody in this report exists"]
    order += ["What was compared", "60 residents, 6 months", "Without loyalty – what the others are held against"]
    places = [said.index(words) for words in order]
    assert places == sorted(places)


def test_the_answer_is_made_of_the_comparison(languages: list[Element], folder: Path) -> None:
    for lang, language in zip(LANGS, languages, strict=True):
        first, second = Part(read_run(folder), lang).answer
        assert first in language.text
        assert second in language.text


def test_stories_tell_the_months_that_moved_a_score_and_what_rested_on_error(languages: list[Element]) -> None:
    wronged = languages[0].by_id("en-wronged").parent
    assert wronged is not None
    assert "One punished by error: Resident no. 42" in wronged.text
    assert "A bill was paid, number 5.; and 2 more" in wronged.text
    assert "This rests on a record that is wrong." in wronged.text
    assert "Squares: months on a list or under a sanction." in wronged.text
    rose = languages[0].by_id("en-rose").parent
    assert rose is not None
    assert "From 1,000 to 1,060 points in 6 months" in rose.text
    assert "Squares" not in rose.text


def test_a_run_without_stories_says_so(tmp_path: Path) -> None:
    assert "This run kept no stories." in page(read_run(made_run(tmp_path / "run", stories=False)))


def test_whatever_an_experiment_is_called_stays_text(tmp_path: Path) -> None:
    hostile = LOYALTY.replace('"Loyalty, small"', '"<script>alert(1)</script>"').replace("Two rule", "<b>Two</b> rule")
    text = page(read_run(made_run(tmp_path / "run", hostile)))
    assert "<script" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_same_run_gives_the_same_page(folder: Path, html: str) -> None:
    assert page(read_run(folder)) == html


def test_a_page_too_large_to_be_mailed_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = __import__("sys").modules[page_of.__module__]
    monkeypatch.setattr(module, "LARGEST", 1_000)
    with pytest.raises(GoodstandingError, match=r"the report has [\d,]+ bytes, more than 1,000"):
        page(read_run(folder), beside=read_beside())
