"""The tutorial is run word for word; and the runner itself is shown to notice when a page does not tell the truth."""

from pathlib import Path

import pytest

from devtools import tutorial

PAGE = """# A page

```yaml title="folder/greeting.yaml"
hello: 'it''s me'
```

```console
$ cat folder/greeting.yaml
hello: 'it''s me'
$ printf 'one\\ntwo\\nthree\\n'
one
…
$ echo took 12.5 s
took … s
```

Text in between.

```console
$ x=5
$ cat <<END
> five is $x
> END
five is 5
$ ls nowhere
…
$ echo $?
2
```
"""


@pytest.mark.parametrize("page", ["README.md", "docs/tutorial.md"])
def test_every_block_of_the_tutorial_prints_what_the_page_says(page: str, root: Path, tmp_path: Path) -> None:
    text = (root / page).read_text(encoding="utf-8")
    assert any(isinstance(piece, tutorial.Command) for piece in tutorial.read(text))
    assert tutorial.run(text, tmp_path) == []


def test_a_page_that_tells_the_truth_has_no_differences(tmp_path: Path) -> None:
    assert tutorial.run(PAGE, tmp_path) == []


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("five is 5", "five is 6"),
        ("took … s", "took … ms"),
        ("one\n…\n", "one\n"),
        ("one\n…\n", "two\n…\n"),
        ("$ x=5", "$ x=5; false"),
        ("$ echo $?\n2", "$ echo $?\n1"),
        ("$ x=5", "$ x=5; exit 3"),
    ],
)
def test_a_page_that_is_wrong_in_one_place_has_a_difference(said: str, instead: str, tmp_path: Path) -> None:
    assert said in PAGE
    assert tutorial.run(PAGE.replace(said, instead), tmp_path) != []


def test_a_difference_names_the_line_of_the_page(tmp_path: Path) -> None:
    [difference] = tutorial.run(PAGE.replace("took … s", "took nothing"), tmp_path)
    assert difference.startswith(f"line {PAGE[: PAGE.index('$ echo took')].count(chr(10)) + 1}: $ echo took 12.5 s")


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("", "", True),
        ("a\n…\nz", "a\nz", True),
        ("a\n…\nz", "a\nb\nc\nz", True),
        ("…\nz", "a\nb\nz", True),
        ("a\n…", "a", True),
        ("…", "", True),
        ("…", "a\nb", True),
        ("a.c", "abc", False),
        ("a …c", "a\nc", False),
        ("a", "a\nb", False),
        ("a  ", "a", True),
    ],
)
def test_an_ellipsis_stands_for_lines_alone_and_for_anything_within_one(
    expected: str, printed: str, *, same: bool
) -> None:
    assert tutorial.matches(expected, printed) is same
