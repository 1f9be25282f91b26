"""`deckcast config`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.echo import echo

if TYPE_CHECKING:
    from deckcast.origins import Origin


_WIDEST = 40
"""Characters of a value that are shown; `--json` has all of it."""


@click.group()
def command() -> None:
    """Show the settings that apply, and where each comes from."""


@command.command()
@click.argument("chapter", required=False, type=options.CHAPTER)
@click.option("--slide", type=int, metavar="N", help="As they apply to that slide, with its own properties.")
@click.option("--given", is_flag=True, help="Only those that somebody has set.")
@options.settings
@click.option("--json", "as_json", is_flag=True, help="Print them as one JSON document.")
def show(chapter: str | None, slide: int | None, given: bool, settings: dict[str, str], as_json: bool) -> int:
    """Print every setting with its value and its origin.

    With a CHAPTER, as a build of it would have them: its configuration file, front matter, and --set on top. Without
    one, those of the configuration file of this folder.
    """
    from deckcast import report
    from deckcast.origins import trace
    from deckcast.redact import redacted

    file, values = _layers(chapter, slide, settings) if chapter else _here(slide, settings)
    found = [one for one in trace(values) if one.given or not given]
    if as_json:
        report.print_json(
            {
                "version": 1,
                "ok": True,
                "file": str(file) if file else None,
                "settings": [_json(one) for one in found],
            }
        )
        return 0
    if file is None:
        echo(f"there is no deckcast.toml in {_folder(chapter)} or above", err=True)
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        text = redacted(written(one.value))
        text = f"{text[: _WIDEST - 1]}…" if len(text) > _WIDEST else text
        echo(f"{one.name:<{width}}  {text:<{_WIDEST}}  {', '.join(map(_near, one.places))}".rstrip())
    if not found:
        echo("nothing is set", err=True)
    return 0


@command.command("schema")
@click.argument("name", default="configuration")
def schema_of(name: str) -> int:
    """Print a JSON schema.

    NAME is `configuration` (of deckcast.toml) or `front-matter`, for editors; or a command's, of what it prints with
    --json: build, check, run, say, export, voices, config, clean, doctor.
    """
    from deckcast import documents, report
    from deckcast.errors import UsageError

    if name not in documents.NAMES:
        raise UsageError(f"there is no schema {name}", hint=options.nearest(name, documents.NAMES))
    report.print_json(documents.document(name))
    return 0


def written(value: Any) -> str:
    """A value as an author writes it in a configuration file."""
    import json

    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            inside = ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {written(v)}" for k, v in value)
            return f"{{ {inside} }}"
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _near(place: str) -> str:
    """A place in a file as seen from the current folder, where it lies in there."""
    return place.removeprefix(f"{Path.cwd()}/")


def _folder(chapter: str | None) -> Path:
    from deckcast import project

    return project.find_chapter(chapter).folder if chapter else Path.cwd()


def _here(slide: int | None, settings: dict[str, str]) -> tuple[Path | None, list[Any]]:
    from deckcast import config
    from deckcast.errors import UsageError

    if slide is not None:
        raise UsageError("--slide needs a chapter", hint="name it: deckcast config show CHAPTER --slide 7")
    file = config.find_file(Path.cwd())
    return file, [*(config.from_file(file) if file else ()), *config.from_command_line(settings)]


def _layers(chapter: str, slide: int | None, settings: dict[str, str]) -> tuple[Path | None, list[Any]]:
    from deckcast import config, origins, project
    from deckcast.build import layers, read
    from deckcast.errors import UsageError
    from deckcast.parse import load

    job = project.find_chapter(chapter)
    given = config.from_command_line(settings)
    values = layers(job, load([job.deck]), given)
    if slide is not None:
        deck, _ = read(job, given)
        if not 1 <= slide <= len(deck.slides):
            raise UsageError(f"--slide {slide}: the deck has {len(deck.slides)} slides")
        below = values[: len(values) - len(given)]
        values = (*below, *origins.of_slide(deck.slides[slide - 1].steps[0].properties), *given)
    return job.config, list(values)


def _json(origin: Origin) -> dict[str, Any]:
    value: Any = origin.value
    if isinstance(value, tuple):
        value = dict(value) if value and isinstance(value[0], tuple) else list(value)
    return {"name": origin.name, "value": value, "origin": list(origin.places), "given": origin.given}
