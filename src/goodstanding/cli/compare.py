"""`compare`: two policies over the same people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.inputs import Record, read_record
from goodstanding.cli.options import (
    RESIDENTS,
    AsOf,
    EventsArgument,
    HomeOption,
    Json,
    Language,
    PeopleFile,
    RecordedBy,
    TiesFile,
    World,
    examples,
    policy_names,
)
from goodstanding.cli.outputs import checked_table, print_json, write_table
from goodstanding.cli.tables import even
from goodstanding.errors import how_many

if TYPE_CHECKING:
    from goodstanding.comparison import Comparison
    from goodstanding.policy import Policy

LINES_SHOWN = 12

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "head": "{people}: {before} → {after}",
        "policy": "{title} ({name})",
        "changes": "Up {up:,}, down {down:,}, the same {same:,}; the mean change is {mean:+.1f}, "
        "half of all lie between {low:+d} and {high:+d}",
        "tiers": "Tiers",
        "corner": "from ↓ to →",
        "no_line": "No line differs.",
        "mean_change": "mean change",
        "mean_size": "mean size",
        "people": "people",
        "line": "line",
        "more": "… and {n} more lines; --json has all",
        "did_it": "What did it",
        "titled": "{title} ({name})",
        "written": "Written to {out}",
    },
    "zh": {
        "head": "{people}：{before} → {after}",
        "policy": "{title}（{name}）",
        "changes": "上升{up:,}人，下降{down:,}人，不变{same:,}人；平均变动{mean:+.1f}，半数人在{low:+d}与{high:+d}之间",
        "tiers": "等级",
        "corner": "原等级 ↓ 新等级 →",
        "no_line": "各项均无差别。",
        "mean_change": "平均变动",
        "mean_size": "平均幅度",
        "people": "人数",
        "line": "项目",
        "more": "……另有{n}项；--json给出全部",
        "did_it": "变动来自",
        "titled": "{title}（{name}）",
        "written": "已写入{out}",
        "no score": "没有分数",
        "no tier": "没有等级",
        "base": "基础分（base）",
        "bounds": "总分限于区间（bounds）",
    },
}
"""What is said in each language; where a column's own name is an English word, it is its own word."""


Before = Annotated[
    str, typer.Argument(metavar="OLD", help="A policy.", autocompletion=policy_names, show_default=False)
]
After = Annotated[str, typer.Argument(metavar="NEW", help="Another.", autocompletion=policy_names, show_default=False)]
Moves = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="One row a person: .parquet, .csv or .jsonl.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    when = "--as-of 2018-01-01T00:00:00Z"
    app.command(
        "compare",
        epilog=examples(
            f"goodstanding compare sesame national {RESIDENTS}",
            f"goodstanding compare old.yaml new.yaml book/ {when} --out moves.csv",
            f"goodstanding compare old.yaml new.yaml book/ {when} --json",
        ),
    )(compare_)


def compare_(
    before: Before,
    after: After,
    as_of: AsOf,
    events: EventsArgument = None,
    home: HomeOption = None,
    people: PeopleFile = None,
    ties: TiesFile = None,
    recorded_by: RecordedBy = None,
    world: World = None,
    lang: Language = "en",
    out: Moves = None,
    json: Json = False,
) -> None:
    """Compare two policies over the same people: who moves between tiers, by how much, and which rules did it."""
    from goodstanding.comparison import compare
    from goodstanding.policy import load

    if out is not None:
        checked_table(out, [before, after, *(events or []), home, people, ties])
    policies = load(before), load(after)
    record = read_record(events, home=home, world=world, people=people, ties=ties, keep_ids=False)
    found = compare(
        *policies,
        record.book,
        as_of=as_of,
        recorded_by=recorded_by,
        people=record.people,
        ties=record.ties,
        lang=lang,
    )
    if out is not None:
        _write(found, record, as_of, out)
    if json:
        print_json(found.as_json())
    else:
        typer.echo(comparison_text(found, lang, files=(before, after)))
        if out is not None:
            typer.echo("\n" + _say(lang, "written", out=out))


def _write(found: Comparison, record: Record, as_of: int, out: Path) -> None:
    """One row a person, with what was compared as metadata."""
    from goodstanding.events import format_moment

    sides = {"before": found.before.policy, "after": found.after.policy}
    said = {f"goodstanding.{name}": f"{one.name} {one.digest}" for name, one in sides.items()}
    when = {"goodstanding.world": record.world, "goodstanding.as_of": format_moment(as_of)}
    write_table(found.to_table(), out, when | said)


def comparison_text(found: Comparison, lang: str, files: tuple[str, str]) -> str:
    """The comparison as text: the changes, the table of tiers, the lines that did most.

    Args:
        files: where the policies come from, said where their names and versions do not tell them apart.
    """
    before, after = found.before.policy, found.after.policy
    alike = (before.name, before.version) == (after.name, after.version)
    names = [_policy(one, lang, file if alike else None) for one, file in zip((before, after), files, strict=True)]
    blocks = [_say(lang, "head", people=_people(found.people, lang), before=names[0], after=names[1])]
    if found.both:
        blocks += [_changes(found, lang), _lines(found, lang)]
    if before.tiers or after.tiers:
        blocks.insert(2, _matrix(found, lang))
    return "\n\n".join(blocks)


def _people(number: int, lang: str) -> str:
    return f"{number:,}人" if lang == "zh" else how_many(number, "person", "people")


def _say(lang: str, word: str, **values: object) -> str:
    return WORDS[lang].get(word, word).format(**values)


def _changes(found: Comparison, lang: str) -> str:
    up, down = int((found.changes > 0).sum()), int((found.changes < 0).sum())
    middle = found.as_json()["change"]
    same, mean, low, high = found.both - up - down, middle["mean"], middle["p25"], middle["p75"]
    return _say(lang, "changes", up=up, down=down, same=same, mean=mean, low=low, high=high)


def _matrix(found: Comparison, lang: str) -> str:
    """People by tier before (rows) and after (columns)."""
    heads = [{tier.name: tier.title.in_(lang) for tier in one.policy.tiers} for one in (found.before, found.after)]
    columns = [heads[1].get(name) or _say(lang, name) for name in found.after.tiers]
    rows = [
        [f"  {heads[0].get(name) or _say(lang, name)}", *(f"{count:,}" if count else "·" for count in counts)]
        for name, counts in zip(found.before.tiers, found.matrix.tolist(), strict=True)
        if sum(counts)
    ]
    kept = [0, *(at for at, total in enumerate(found.matrix.sum(axis=0).tolist(), 1) if total)]
    table = [[row[at] for at in kept] for row in [[f"  {_say(lang, 'corner')}", *columns], *rows]]
    return _say(lang, "tiers") + "\n" + even(table, right=tuple(range(1, len(kept))))


def _lines(found: Comparison, lang: str) -> str:
    moved = [line for line in found.lines if line.moved]
    if not moved:
        return _say(lang, "no_line")
    rows = [[f"  {_say(lang, 'mean_change')}", *(_say(lang, word) for word in ("mean_size", "people", "line"))]]
    rows += [
        [
            f"{line.total / found.both:+.2f}",
            f"{line.total_size / found.both:.2f}",
            f"{line.moved:,}",
            _titled(line.name, line.title, lang),
        ]
        for line in moved[:LINES_SHOWN]
    ]
    more = f"\n  {_say(lang, 'more', n=len(moved) - LINES_SHOWN)}" if len(moved) > LINES_SHOWN else ""
    return _say(lang, "did_it") + "\n" + even(rows, right=(0, 1, 2)) + more


def _policy(policy: Policy, lang: str, file: str | None) -> str:
    name = f"{policy.name} {policy.version}" + (f", {file}" if file else "")
    return _say(lang, "policy", title=policy.title.in_(lang), name=name)


def _titled(name: str, title: str, lang: str) -> str:
    return _say(lang, "titled", title=title, name=name) if title else _say(lang, name)
