"""`deckcast voices`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli.echo import echo

if TYPE_CHECKING:
    from deckcast.model import Finding
    from deckcast.ports import Availability, Catalogue

_WIDEST = 3
"""Lines of a note that are shown; `--json` has all of it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An engine, and its voices for the language."""

    name: str
    there: Availability
    catalogue: Catalogue
    online: bool
    """True where speaking with it sends the notes to another company's service."""


@click.command()
@click.option(
    "--language", default="en", show_default=True, metavar="TAG", help="The language to be spoken: en, de-AT."
)
@click.option("--online", is_flag=True, help="Ask online services for their voices, and let `auto` take one of them.")
@click.option("--get", "wanted", metavar="VOICE", help="Download a neural voice: 'piper en_US-lessac-medium', kokoro.")
@click.option("--folder", metavar="FOLDER", help="Where neural voices lie; without it, as configured.")
@click.option("--json", "as_json", is_flag=True, help="Print the voices as one JSON document.")
def command(language: str, online: bool, wanted: str | None, folder: str | None, as_json: bool) -> int:
    """List the voices that work here, and the one that `voice: auto` takes.

    What stands in the first column can be written behind `voice:` or `--voice`. Without --online and --get, nothing
    is sent anywhere.
    """
    from deckcast import report
    from deckcast.cli.options import voice_folder
    from deckcast.engines import voices
    from deckcast.errors import DeckcastError

    place = folder if folder is not None else voice_folder()
    if wanted is not None:
        _get(wanted, place, as_json=as_json)
        return 0
    findings: list[Finding] = []
    kinds = []
    for name, there in voices.survey(language, place):
        try:
            kinds.append(_kind(name, there, language, place, online=online))
        except DeckcastError as error:
            findings += error.findings
            kinds.append(_kind(name, there, language, place, online=False))
    automatic: tuple[str, str] | None = None
    try:
        voice, why = voices.choose("auto", language, online=online, rate=1.0, folder=place)
        automatic = voice.name, why
        voice.close()
    except DeckcastError as error:
        findings += error.findings
    code = 3 if findings else 0
    if as_json:
        report.print_json(_json(language, automatic, kinds, findings))
        return code
    for kind in kinds:
        _show(kind)
    report.show_findings(findings)
    if automatic:
        echo(f"`voice: auto` takes {automatic[0]} for {language}: {automatic[1]}")
    return code


def _get(wanted: str, folder: str, *, as_json: bool) -> None:
    from deckcast import report
    from deckcast.cli.progress import PlainProgress
    from deckcast.engines import voices

    fetched = voices.fetch(wanted, PlainProgress(), folder)
    if as_json:
        files = [str(path) for path in fetched.files]
        report.print_json(
            {"version": 1, "ok": True, "voice": fetched.setting, "files": files, "licence": fetched.licence}
        )
        return
    for path in fetched.files:
        echo(f"  {path}")
    echo(f"licence: {fetched.licence}")
    echo(f"write `voice: {fetched.setting}`, or give --voice '{fetched.setting}'")


def _kind(name: str, there: Availability, language: str, folder: str, *, online: bool) -> Kind:
    from deckcast.engines import voices
    from deckcast.ports import Catalogue

    known = voices.engine(name, folder).catalogue(language, online=online) if there.works else Catalogue(())
    return Kind(name, there, known, name in voices.ONLINE)


def _show(kind: Kind) -> None:
    echo(f"{'✔' if kind.there.works else '✖'} {kind.name}: {kind.there.reason}")
    if kind.there.mend:
        echo(f"    mend it: {kind.there.mend}")
    width = max((len(setting) for setting, _ in kind.catalogue.voices), default=0)
    for setting, about in kind.catalogue.voices:
        echo(f"    {setting:<{width}}  {about}")
    if kind.catalogue.note:
        echo(_wrapped(kind.catalogue.note))


def _wrapped(note: str) -> str:
    import textwrap

    return textwrap.fill(
        note, 100, initial_indent="    ", subsequent_indent="      ", max_lines=_WIDEST, placeholder=" …",
        break_on_hyphens=False,
    )  # fmt: skip


def _json(
    language: str, automatic: tuple[str, str] | None, kinds: list[Kind], findings: list[Finding]
) -> dict[str, Any]:
    from deckcast import report

    return {
        "version": 1,
        "ok": not findings,
        "language": language,
        "auto": {"voice": automatic[0], "why": automatic[1]} if automatic else None,
        "engines": [
            {
                "name": kind.name,
                "works": kind.there.works,
                "reason": kind.there.reason,
                "mend": kind.there.mend or None,
                "online": kind.online,
                "voices": [{"voice": setting, "about": about} for setting, about in kind.catalogue.voices],
                "note": kind.catalogue.note or None,
            }
            for kind in kinds
        ],
        "diagnostics": [report.finding_json(finding) for finding in findings],
    }
