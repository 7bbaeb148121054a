"""The page of refusals, out of the policies that the tests break on purpose, and of `national` made live."""

from collections.abc import Iterator
from pathlib import Path

from devtools.house import ROOT
from goodstanding.errors import CharterError
from goodstanding.policy import loads, shipped

BROKEN = ROOT / "tests" / "policy" / "broken"

HEAD = """# What a refusal looks like

`goodstanding policy check` says every fault of a policy at once: where, what was found, what was expected, and the
nearest known name for a misspelt one. Nothing of a faulty policy is used. These are ten policies that are broken on
purpose, each with all that is said of it.
"""

LIVE = """## A national score, in a live world

`national` is a policy for synthetic worlds: it reads loyalty, takes points for the people one knows, and lets anything
decide anything. Here its world is changed to `live`, and nothing else. Of the {count} faults, the first of each clause
of the [charter](specification.md#7-worlds):
"""


def text() -> str:
    """The page."""
    return "\n".join([HEAD, *(line for file in sorted(BROKEN.glob("*.yaml")) for line in _broken(file)), *_live()])


def _broken(file: Path) -> Iterator[str]:
    title = file.stem.partition("-")[2].replace("-", " ").capitalize().replace("yaml", "YAML")
    yield f"## {title}\n"
    yield f"```yaml\n{file.read_text(encoding='utf-8').rstrip()}\n```\n"
    yield f"```text\n{file.with_suffix('.txt').read_text(encoding='utf-8').rstrip()}\n```\n"


def _live() -> Iterator[str]:
    source = shipped()["national"].read_text(encoding="utf-8")
    try:
        loads(source.replace("\nworld: synthetic", "\nworld: live", 1), "national.yaml")
    except CharterError as refused:
        lines = [str(problem) for problem in refused.problems]
        yield LIVE.format(count=len(lines) + refused.more)
        first = (next(line for line in lines if f"clause {clause}:" in line) for clause in range(1, 8))
        yield "```text\n" + "\n".join(first) + "\n```\n"
        return
    raise AssertionError("a national score passed the charter")
