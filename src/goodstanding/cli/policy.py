"""`policy check`, `list`, `show` and `diff`: rule books, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.options import Json, Language, PolicyArgument, examples, policy_names
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even

if TYPE_CHECKING:
    from goodstanding.errors import InputError, Problem
    from goodstanding.policy import Factor, Policy, Source

app = typer.Typer(no_args_is_help=True, help="Check, list, show and compare policies.")


@app.command(
    "check",
    epilog=examples("goodstanding policy check my-policy.yaml", "goodstanding policy check a.yaml b.yaml --json"),
)
def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            help="Policy files, or names of shipped policies.",
            autocompletion=policy_names,
            show_default=False,
        ),
    ],
    json: Json = False,
) -> None:
    """Check policies: the document, the charter where they are for a live world, and each policy's own cases.

    Leaves with 1 if there is an error, and says every one: FILE:LINE: what was found; what was expected.
    """
    results = [_checked(file) for file in files]
    if json:
        print_json([{name: value for name, value in result.items() if name != "said"} for result in results])
    for result in results:
        if not result["problems"] and not json:
            typer.echo(result["said"])
        for problem in result["problems"]:
            typer.echo(problem["said"], err=True)
        if result["more"]:
            typer.echo(f"… and {result['more']:,} more", err=True)
    if any(result["problems"] for result in results):
        raise typer.Exit(1)


@app.command("list", epilog=examples("goodstanding policy list", "goodstanding policy list --lang zh"))
def list_(lang: Language = "en", json: Json = False) -> None:
    """List the policies that come with this package."""
    from goodstanding.policy import load, shipped

    policies = [load(name) for name in shipped()]
    if json:
        print_json([_listed(policy, lang) for policy in policies])
        return
    head = ["name", "version", "world", "rules", "cases", "title"]
    rows = [[str(value) for value in _listed(policy, lang).values()] for policy in policies]
    typer.echo(even([head, *rows], right=(3, 4)))
    typer.echo("\nSee one with `goodstanding policy show NAME`; every command takes a name or a file of your own.")


@app.command(
    "show", epilog=examples("goodstanding policy show sesame", "goodstanding policy show my-policy.yaml --json")
)
def show(policy: PolicyArgument, lang: Language = "en", json: Json = False) -> None:
    """Show a policy: what it reads, every rule with its points, and what follows from a score."""
    from goodstanding.policy import load
    from goodstanding.policy.compare import jsonable

    loaded = load(policy)
    if json:
        print_json({**_listed(loaded, lang), "digest": loaded.digest, "document": jsonable(loaded.document)})
    else:
        typer.echo("\n".join(_shown(loaded, lang)))


@app.command("diff", epilog=examples("goodstanding policy diff sesame my-sesame.yaml"))
def diff(
    before: Annotated[str, typer.Argument(metavar="OLD", help="A policy.", autocompletion=policy_names)],
    after: Annotated[str, typer.Argument(metavar="NEW", help="Another.", autocompletion=policy_names)],
    json: Json = False,
) -> None:
    """Say what one policy has, lacks and does otherwise than another, as sentences."""
    from goodstanding.policy import load
    from goodstanding.policy.compare import compare

    changes = compare(load(before), load(after))
    if json:
        print_json([change.as_json() for change in changes])
    elif not changes:
        typer.echo("The two policies say the same.")
    else:
        for change in changes:
            typer.echo(str(change))


def _checked(file: str) -> dict[str, Any]:
    from goodstanding.cases import failures
    from goodstanding.errors import InputError
    from goodstanding.policy import load

    try:
        policy = load(file)
        problems = failures(policy)
    except InputError as error:
        return refused(file, error)
    rules, cases = _counted(len(policy.factors), "rule"), _counted(len(policy.cases), "case")
    return _result(file, problems, 0, f"{file}: sound; {rules}, {cases}, all as expected")


def refused(file: str, error: InputError) -> dict[str, Any]:
    """What is told of a file that is at fault; an error of one sentence is a problem of the file as a whole."""
    from goodstanding.errors import Problem

    return _result(file, error.problems or [Problem(file, None, error.message, "")], error.more, "")


def _result(file: str, problems: Sequence[Problem], more: int, said: str) -> dict[str, Any]:
    return {
        "file": file,
        "sound": not problems,
        "problems": [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "found": one.found,
                "expected": one.expected,
                "hint": one.hint,
                "said": str(one),
            }
            for one in problems
        ],
        "more": more,
        "said": said,
    }


def _listed(policy: Policy, lang: str) -> dict[str, Any]:
    return {
        "name": policy.name,
        "version": policy.version,
        "world": policy.world,
        "rules": len(policy.factors),
        "cases": len(policy.cases),
        "title": policy.title.in_(lang),
    }


def _shown(policy: Policy, lang: str) -> Iterator[str]:
    yield f"{policy.title.in_(lang)} ({policy.name} {policy.version}, for a {policy.world} world)"
    if policy.about is not None:
        yield policy.about.in_(lang).strip()
    yield f"\nScore: from {policy.least} to {policy.most}, beginning at {policy.base}"
    for dimension in policy.dimensions:
        yield f"\n{dimension.title.in_(lang)}{_between(dimension.least, dimension.most)}"
        factors = [factor for factor in policy.factors if factor.dimension == dimension.name]
        yield even([_rule(factor, lang) for factor in factors])
    yield from _standing(policy, lang)
    if policy.sources:
        yield "\nSources"
        yield from (f"  {_source(source, lang)}" for source in policy.sources)
    yield f"\n{_counted(len(policy.cases), 'case')}; digest {policy.digest}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _rule(factor: Factor, lang: str) -> list[str]:
    least, most = (side(factor.measure.can_be_nothing) for side in (factor.points.least, factor.points.most))
    window = factor.window
    span = (
        "" if window is None else f", {window.from_days} d" + (f" to {window.to_days} d ago" if window.to_days else "")
    )
    return [f"  {factor.title.in_(lang)}", f"{least:+d} to {most:+d}", f"{factor.measure.kind}{span}", factor.name]


def _standing(policy: Policy, lang: str) -> Iterator[str]:
    if policy.tiers:
        yield "\nTiers"
        names = {rule.name: rule.title.in_(lang) for rule in policy.lists}
        for tier in policy.tiers:
            off = f", not on {', '.join(names[name] for name in tier.not_on)}" if tier.not_on else ""
            yield f"  {tier.title.in_(lang)}: " + ("below" if tier.least is None else f"from {tier.least}") + off
    for head, rules in (("Lists", policy.lists), ("Perks", policy.perks), ("Sanctions", policy.sanctions)):
        if rules:
            yield f"\n{head}"
            yield from (f"  {rule.title.in_(lang)} ({rule.name})" for rule in rules)


def _between(least: int | None, most: int | None) -> str:
    if least is None and most is None:
        return ""
    if least is None:
        return f", at most {most:+d}"
    return f", at least {least:+d}" if most is None else f", {least:+d} to {most:+d}"


def _source(source: Source, lang: str) -> str:
    title = "" if source.title is None else source.title.in_(lang)
    return " ".join(part for part in (title, f"<{source.url}>" if source.url else "") if part)
