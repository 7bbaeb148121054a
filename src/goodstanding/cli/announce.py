"""`announce`: what is said aloud, as text, as JSON, or as a sound file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from goodstanding.cli.options import Json, Language, PolicyArgument, examples
from goodstanding.cli.outputs import checked_apart, print_json, whole_or_nothing
from goodstanding.errors import GoodstandingError, UsageError, nearest

if TYPE_CHECKING:
    from goodstanding.announcements import Spoken
    from goodstanding.policy import Policy

VOICES = {"en": "en", "zh": "cmn"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "announce",
        epilog=examples(
            "goodstanding announce rail-2018",
            "goodstanding announce rail-2018 --lang zh",
            "goodstanding announce rail-2018 --lang zh --audio train.wav",
        ),
    )(announce_)


def announce_(
    policy: PolicyArgument,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One announcement; all by default.", show_default=False)
    ] = None,
    lang: Language = "en",
    audio: Annotated[
        Path | None,
        typer.Option("--audio", metavar="FILE", help="Speak it into a WAV file, with espeak-ng.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Say a policy's announcements, filled from its rules."""
    from goodstanding.announcements import announce
    from goodstanding.policy import load

    if audio is not None:
        checked_apart("--audio", audio, [policy])
    loaded = load(policy)
    spoken = announce(loaded, lang=lang, name=name)
    if not spoken:
        raise UsageError(_none(loaded, name))
    if audio is not None:
        speak(spoken, lang, audio)
    if json:
        print_json([{"name": one.name, "place": one.place, "lang": lang, "text": one.text} for one in spoken])
    else:
        for one in spoken:
            typer.echo(f"[{one.place}] {one.name}\n{one.text}\n")
        if audio is not None:
            typer.echo(f"Spoken into {audio}")


def speak(spoken: list[Spoken], lang: str, path: Path) -> None:
    """Read announcements into a sound file.

    Raises:
        GoodstandingError: espeak-ng is not installed, or fails.
    """
    program = shutil.which("espeak-ng")
    if program is None:
        raise GoodstandingError("--audio needs espeak-ng, which is not installed; on Debian: apt install espeak-ng")
    text = "\n\n".join(one.text for one in spoken)
    with whole_or_nothing(path) as beside:
        done = subprocess.run(  # noqa: S603 - a program found on the path, its arguments apart, the text on its input
            [program, "-v", VOICES[lang], "-w", str(beside), "--stdin"],
            input=text.encode(),
            capture_output=True,
            check=False,
        )
        if done.returncode or not beside.exists():
            raise GoodstandingError(f"espeak-ng could not speak: {done.stderr.decode(errors='replace').strip()}")


def _none(policy: Policy, name: str | None) -> str:
    known = [entry.name for entry in policy.announcements]
    if name is None or not known:
        return f"the policy {policy.name} has no announcements; `announcements:` is where they stand in its file"
    near = nearest(name, known)
    return f"the policy {policy.name} announces {', '.join(known)}, not {name!r}" + (
        f"; did you mean {near!r}?" if near else ""
    )
