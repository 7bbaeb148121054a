"""Bombs: YAML made to exhaust time, memory or the stack is refused quickly, with file, line and reason.

Row 16 of the threats: anchors, tags, double keys in a policy. Each document here is within the 1 MiB that is read at
all, or just beyond it.
"""

import resource
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest
import yaml

from goodstanding.document import Findings, read_into
from goodstanding.errors import PolicyError
from goodstanding.policy import load, loads
from tests.policy.drafts import LIVE, edited

MIB = 1 << 20


def alias_bomb(levels: int = 9) -> str:
    """Nine aliases to the line before, nine times over: 9⁹ leaves for whoever walks it."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


def filled(start: str, part: str, end: str = "") -> str:
    """A document of nearly 1 MiB."""
    return start + part * ((MIB - len(start) - len(end)) // len(part)) + end


BOMBS = {
    "aliases of aliases": (alias_bomb(), "1: column 5: an anchor, '&a0'; expected no anchors"),
    "an alias to itself": ("a: &a [*a]\n", "1: column 4: an anchor, '&a'; expected no anchors"),
    "nothing but aliases": (filled("[", "*a,", "]"), "1: column 2: an alias, '*a'; expected the value itself"),
    "nothing but anchors": (filled("", "&a "), "1: column 1: an anchor, '&a'"),
    "lists in lists": (filled("", "["), "1: column 33: lists and mappings go deeper than 32"),
    "lists in lists, closed": ("[" * 500_000 + "]" * 500_000, "1: column 33: lists and mappings go deeper than 32"),
    "mappings in mappings": (filled("", "{a: "), "1: column 129: lists and mappings go deeper than 32"),
    "lists in lists, in blocks": (filled("", "- "), "1: column 65: lists and mappings go deeper than 32"),
    "keys of keys": (filled("", "? "), "1: column 65: lists and mappings go deeper than 32"),
    "a tag for Python": (
        "!!python/object/apply:os.system ['true']\n",
        "1: column 1: a tag, 'tag:yaml.org,2002:python/",
    ),
    "a tag of a mebibyte": (filled("", "!"), "1: column 1: a tag, "),
    "a tag of our own": ("a: !include /etc/passwd\n", "1: column 4: a tag, '!include'; expected no tags"),
    "the non-specific tag": ("a: ! b\n", "1: column 4: a tag, '!'; expected no tags"),
    "a merge of an alias": ("a: &a {b: 1}\nc: {<<: *a}\n", "1: column 4: an anchor, '&a'"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "3: column 1: the key 'a' is given twice, first in line 1"),
    "a key twice, one in quotes": ('a: 1\n"\\x61": 3\n', "2: column 1: the key 'a' is given twice, first in line 1"),
    "a key a mebibyte long": (filled("? ", "k", "\n: 1"), "1: column 1: a policy has no 'goodstanding'"),
    "a number a mebibyte long": (filled("a: ", "9"), f"1: column 4: a is {'9' * 40}, too large a number"),
    "a fraction a mebibyte long": (filled("a: 0.", "1"), "1: column 4: a is 0.1111111111"),
    "an exponent": ("a: 1e999999999\n", "1: column 4: a is 1e999999999, a number with an exponent"),
    "infinity": (".inf: .nan\n", "1: column 1: a policy has no 'goodstanding'"),
    "many documents": (filled("", "--- a\n"), "2: column 1: a second document begins"),
    "many keys": ("\n".join(f"k{n}: 1" for n in range(60_000)), "1: column 1: a policy has no 'goodstanding'"),
    "many commas": (filled("[", ",", "]"), "1: column 2: this is not YAML"),
    "many quotes": (filled("", "'"), "1: column 1: the document is the text"),
    "an open quote": (filled("a: '", "x\n  "), ""),
    "nothing but comments": (filled("", "#\n"), "1: column 1: the document is empty"),
    "nothing but lines": (filled("", "\n"), "1: column 1: the document is empty"),
    "many directives": (filled("", "%A\n", "--- a\n"), ""),
    "a NUL": ("a: \0\n", "1: column 4: a control or separator character, U+0000"),
    "tabs": ("\ta: 1\n", "1: column 1: this is not YAML"),
}


@pytest.mark.parametrize(("text", "said"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_with_its_line_and_a_reason(text: str, said: str) -> None:
    start = time.process_time()
    with pytest.raises(PolicyError) as caught:
        loads(text, "bomb.yaml")
    assert time.process_time() - start < 10
    assert [line for line in str(caught.value).splitlines() if line.startswith(f"bomb.yaml:{said}")]
    assert len(caught.value.problems) <= 1_000


@pytest.mark.parametrize(
    ("text", "said"), [BOMBS["aliases of aliases"], BOMBS["lists in lists"], BOMBS["keys of keys"]]
)
def test_a_bomb_is_refused_by_the_slow_parser_too(text: str, said: str) -> None:
    findings = Findings("bomb.yaml")
    read_into(text, findings, yaml.SafeLoader)
    assert str(findings.problems[0]).startswith(f"bomb.yaml:{said}")


def test_one_byte_more_than_a_mebibyte_is_not_read() -> None:
    whole = filled("# ", "x")
    whole += "x" * (MIB - len(whole))
    with pytest.raises(PolicyError, match="the document is empty"):
        loads(whole)
    with pytest.raises(PolicyError, match=r"the document is larger than 1 MiB; expected at most 1,048,576 bytes"):
        loads(whole + "x")
    with pytest.raises(PolicyError, match="larger than 1 MiB"):
        loads("例" * (MIB // 3 + 1))


def test_of_a_large_file_only_a_mebibyte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 32)
    tracemalloc.start()
    with pytest.raises(PolicyError, match="larger than 1 MiB"):
        load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


def test_depth_is_counted_and_32_is_deep_enough() -> None:
    findings = Findings("d.yaml")
    assert read_into("[" * 32 + "]" * 32, findings) is not None
    assert read_into("[" * 33 + "]" * 33, findings) is None
    assert findings.count == 1


def test_all_bombs_together_stay_within_half_a_gibibyte(tmp_path: Path) -> None:
    """In a child of its own, which could not take more if it wanted to."""
    for number, (text, _) in enumerate(BOMBS.values()):
        (tmp_path / f"{number}.yaml").write_text(text, encoding="utf-8")
    program = (
        "import sys\n"
        "from goodstanding.errors import PolicyError\n"
        "from goodstanding.policy import load\n"
        "refused = 0\n"
        "for path in sys.argv[1:]:\n"
        "    try:\n"
        "        load(path)\n"
        "    except PolicyError:\n"
        "        refused += 1\n"
        "print(refused)\n"
    )

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (512 * MIB, 512 * MIB))

    command = [sys.executable, "-c", program, *map(str, sorted(tmp_path.iterdir()))]
    child = subprocess.run(command, capture_output=True, text=True, check=True, preexec_fn=limit, timeout=120)
    assert child.stdout == f"{len(BOMBS)}\n"


def many(line: str, count: int, before: str) -> tuple[str, str]:
    """Lines in which N counts up, put before a passage."""
    return before, "".join(line.replace("N", str(n)) for n in range(count)) + before


LARGE = {
    "names that nobody declared": (
        ("from: 600}", f"from: 600, not_on: [{','.join(f'lisst{n}' for n in range(60_000))}]}}"),
        many("  - {name: listN, title: t, opened: bill.paid}\n", 5_000, "factors:\n"),
    ),
    "prefixes of many walks of life": (
        many("  - {type: cN.x, title: t, context: cN, sensitivity: ordinary}\n", 8_000, "  - {type: rent"),
        ("of: bill.paid", f"of: {{type: [{','.join(f'c{n}.*' for n in range(8_000))}]}}"),
    ),
    "breaches by the thousand": (
        many("  - {name: pN, title: t, giver: g, when: {score: 1}}\n", 15_000, "  - {name: loan"),
    ),
}


@pytest.mark.parametrize("changes", LARGE.values(), ids=LARGE)
def test_a_large_faulty_policy_is_refused_in_time_that_grows_with_its_size(
    changes: tuple[tuple[str, str], ...],
) -> None:
    text = edited(*changes, text=LIVE)
    assert len(text) < MIB
    start = time.process_time()
    with pytest.raises(PolicyError) as caught:
        loads(text)
    assert time.process_time() - start < 10
    assert len(caught.value.problems) == 1_000
