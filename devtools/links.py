"""Links between the pages of the project: each leads to a file that is there, each anchor to a heading of it."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")


def pages(root: Path) -> list[Path]:
    """The pages of the project: those at its top and everything under `docs/`."""
    return sorted([*root.glob("*.md"), *(root / "docs").rglob("*.md"), *root.glob("examples/**/*.md")])


def faults(root: Path) -> list[str]:
    """Every link that leads nowhere, as `FILE:LINE: what was found; what was expected`."""
    return [fault for page in pages(root) for fault in _faults_of(page, root)]


def _faults_of(page: Path, root: Path) -> Iterator[str]:
    text = _without_code(page.read_text(encoding="utf-8"))
    for found in [*LINK.finditer(text), *IMAGE.finditer(text)]:
        target = found[1]
        if re.match(r"[a-z]+:", target):
            continue  # the world outside is not asked: a check must pass without a network
        wrong = _wrong(page, target)
        if wrong:
            line = text.count("\n", 0, found.start()) + 1
            yield f"{page.relative_to(root)}:{line}: link to {target!r}; expected {wrong}"


def _wrong(page: Path, target: str) -> str | None:
    path, _, anchor = target.partition("#")
    file = page if not path else (page.parent / path)
    if not file.exists():
        return "a file that is there"
    if anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8")):
        return f"a heading of {file.name}"
    return None


def anchors(text: str) -> set[str]:
    """The anchors that the site gives to the headings of a page."""
    return {_slug(heading[1]) for heading in HEADING.finditer(_without_fences(text))}


def _slug(heading: str) -> str:
    """As Python-Markdown makes them: plain ASCII, lower case, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", heading.replace("`", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _without_code(text: str) -> str:
    return CODE.sub(lambda found: " " * len(found[0]), _without_fences(text))


def _without_fences(text: str) -> str:
    """The same text with its fenced blocks emptied, line for line."""
    return FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)
