"""`policy check`, `list`, `show` and `diff`: rule books, and what is in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from goodstanding.cli.options import Json, Lang, Language, PolicyArgument, examples, policy_names
from goodstanding.cli.outputs import print_json
from goodstanding.cli.tables import even

if TYPE_CHECKING:
    from goodstanding.errors import InputError, Problem
    from goodstanding.policy import Policy

HEADS = {
    "en": ["name", "version", "world", "rules", "cases", "title"],
    "zh": ["名称", "版本", "世界", "规则", "用例", "标题"],
}
SEE_ONE = {
    "en": "See one with `goodstanding policy show NAME`; every command takes a name or a file of your own.",
    "zh": "用`goodstanding policy show NAME --lang zh`查看；各命令都可以用名称，也可以用自己的文件。",
}

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
    head = HEADS[lang]
    rows = [[str(value) for value in _listed(policy, lang).values()] for policy in policies]
    typer.echo(even([head, *rows], right=(3, 4)))
    typer.echo(f"\n{SEE_ONE[lang]}")


@app.command(
    "show", epilog=examples("goodstanding policy show sesame", "goodstanding policy show my-policy.yaml --json")
)
def show(policy: PolicyArgument, lang: Language = "en", json: Json = False) -> None:
    """Show the whole of a policy in words: what it reads, every rule with its points, and what follows from a score."""
    from goodstanding.policy import load
    from goodstanding.policy.compare import jsonable

    loaded = load(policy)
    if json:
        print_json({**_listed(loaded, lang), "digest": loaded.digest, "document": jsonable(loaded.document)})
    else:
        typer.echo(_shown(loaded, lang))


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
    from goodstanding.errors import InputError, how_many
    from goodstanding.policy import load

    try:
        policy = load(file)
        problems = failures(policy)
    except InputError as error:
        return refused(file, error)
    rules, cases = how_many(len(policy.factors), "rule", "rules"), how_many(len(policy.cases), "case", "cases")
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


def _shown(policy: Policy, lang: Lang) -> str:
    from goodstanding.announcements import announce
    from goodstanding.policy.telling import told

    return told(policy, lang, {spoken.name: spoken.text for spoken in announce(policy, lang=lang)})
