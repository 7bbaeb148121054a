"""The page of commands, out of the commands themselves: what each says of itself, its parameters, examples."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import typer

from goodstanding.cli.app import app

# Typer carries a copy of Click of its own, whose classes have no public name.
Command: TypeAlias = Any
Parameter: TypeAlias = Any

HEAD = """# The commands

Exit codes are the same everywhere: 0 done, 1 the input is at fault (said on standard error, nothing written), 2 the
command line is. `goodstanding --install-completion` teaches your shell the commands.
"""


def text() -> str:
    """The page."""
    return "\n".join([HEAD, *_command(typer.main.get_command(app), "goodstanding")])


def commands() -> list[str]:
    """Every command that does something, by the words that call it."""
    return [path for path, command in _walk(typer.main.get_command(app), "goodstanding") if not _parts(command)]


def _walk(command: Command, path: str) -> Iterator[tuple[str, Command]]:
    yield path, command
    for name, part in _parts(command).items():
        yield from _walk(part, f"{path} {name}")


def _parts(command: Command) -> dict[str, Command]:
    return {name: part for name, part in getattr(command, "commands", {}).items() if not part.hidden}


def _command(command: Command, path: str) -> Iterator[str]:
    yield f"## `{path}`\n"
    yield _plain(command.help or "") + "\n"
    yield from _parameters(command, path)
    yield from _examples(command.epilog)
    for name, part in _parts(command).items():
        yield from _command(part, f"{path} {name}")


def _parameters(command: Command, path: str) -> Iterator[str]:
    shown = [one for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]
    if not shown:
        return
    arguments = " ".join(_name(one) for one in shown if one.param_type_name == "argument")
    call = f"{path} [OPTIONS] {arguments}".strip()
    yield f"```text\n{call}\n```\n"
    yield "| | what it is | default |\n| --- | --- | --- |"
    for one in shown:
        yield f"| `{_cell(_name(one))}` | {_about(one)} | {_default(one)} |"
    yield ""


def _name(one: Parameter) -> str:
    if one.param_type_name == "argument":
        name = str(one.metavar or one.name.upper())
        return f"{name}…" if one.nargs < 0 and not name.endswith("…") else name
    names = ", ".join([*one.opts, *one.secondary_opts])
    return names if one.is_flag else f"{names} {one.metavar or _kind(one)}"


def _kind(one: Parameter) -> str:
    """What may stand there: the words to choose from, or a kind of value."""
    choices = one.type_descriptor.choices
    return (
        "/".join(str(choice) for choice in choices) if choices else str(one.type_descriptor.annotation.__name__).upper()
    )


def _about(one: Parameter) -> str:
    about = _cell(_plain(one.help or ""))
    return f"{about} May be given several times." if one.multiple else about


def _default(one: Parameter) -> str:
    if one.required:
        return "must be given"
    if one.default is None or one.default is False or not getattr(one, "show_default", True) or callable(one.default):
        return "–"
    return f"`{one.default}`"


def _cell(said: str) -> str:
    return said.replace("|", "\\|").replace("\n", " ")


def _examples(epilog: str | None) -> Iterator[str]:
    lines = [line.strip().replace("\\[", "[") for line in (epilog or "").splitlines()]
    calls = [line for line in lines if line.startswith("goodstanding")]
    if calls:
        yield "```sh\n" + "\n".join(calls) + "\n```\n"


def _plain(said: str) -> str:
    """Help as Markdown: a form feed ends what is shown, square brackets of rich are escaped."""
    return said.partition("\f")[0].replace("\\[", "[").strip()
