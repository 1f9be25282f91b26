"""`deckcast clean`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.echo import echo
from deckcast.errors import UsageError

if TYPE_CHECKING:
    from deckcast.cleaning import Built
    from deckcast.engines.store_sweep import Swept

_DAY = 24 * 3600.0
_AGES = {"h": 3600.0, "d": _DAY, "w": 7 * _DAY}
_SIZES = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}


def _age(_context: click.Context, _option: click.Parameter, text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([hdw])", text.strip().lower())
    if found is None:
        raise UsageError(f"--unused {text}: this is no time", hint="write it like 30d, 2w or 12h; 0d is everything")
    return float(found[1]) * _AGES[found[2]]


def _bytes(_context: click.Context, _option: click.Parameter, text: str | None) -> int | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", text.strip().lower())
    if found is None:
        raise UsageError(f"--most {text}: this is no size", hint="write it like 2GB or 500MB")
    return int(float(found[1]) * _SIZES[found[2]])


@click.command()
@click.argument("chapters", nargs=-1, metavar="[CHAPTER]...", type=options.CHAPTER)
@click.option("--all", "everything", is_flag=True, help="Every lesson, and all that is kept.")
@click.option(
    "--unused",
    default="30d",
    show_default=True,
    metavar="TIME",
    callback=_age,
    help="Kept work goes that nobody has used for that long.",
)
@click.option(
    "--most", metavar="SIZE", callback=_bytes, help="Of what stays, the longest unused goes until it takes no more."
)
@click.option("-n", "--dry-run", "dry", is_flag=True, help="Only say what would go.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="output",
    show_default=True,
    metavar="DIR",
    help="Where lessons and kept work are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what went as one JSON document.")
def command(
    chapters: tuple[str, ...],
    everything: bool,
    unused: float,
    most: int | None,
    dry: bool,
    output: Path,
    as_json: bool,
) -> int:
    """Remove kept work that nothing needs any more, or what was built.

    Without a CHAPTER, kept work goes that has not been used for a month and that no built lesson needs. With one, its
    lesson goes, with its excerpts and its draft. Decks, records in outputs/ and files of yours are never touched.
    """
    from deckcast import cleaning, course, report

    if everything and chapters:
        raise UsageError("--all is every lesson", hint="name chapters, or say --all")
    built = cleaning.lessons(output)
    gone = list(built) if everything else [one for name in chapters for one in _lessons(name, built)]

    def waiting() -> None:
        echo("a build is running; waiting for it", err=True)

    for lesson in gone:
        if not dry:
            cleaning.remove(lesson, output, waiting)
    if gone and not dry:
        course.refresh(output)
    swept: Swept | None = None
    if everything or not chapters:

        def stay() -> tuple[Built, ...]:
            return () if everything else cleaning.lessons(output)

        age, limit = (0.0, 0) if everything else (unused, most)
        swept = cleaning.sweep_store(_store(output), stay, unused=age, most=limit, dry=dry, waiting=waiting)
    if as_json:
        report.print_json(_json(gone, swept, dry=dry))
        return 0
    _tell(gone, swept, dry=dry)
    return 0


def _lessons(chapter: str, built: tuple[Built, ...]) -> tuple[Built, ...]:
    """The lessons of a chapter, which may itself be gone by now."""
    from deckcast import cleaning, project
    from deckcast.errors import DeckcastError

    name = Path(chapter).name
    found = cleaning.of_chapter(built, name)
    if found:
        return found
    try:
        name = project.find_chapter(chapter).name
    except DeckcastError:
        near = options.nearest(name, [one.name for one in built])
        raise UsageError(f"there is no lesson of a chapter {chapter}", hint=near) from None
    return cleaning.of_chapter(built, name)


def _store(output: Path) -> Path:
    """The folder where finished work is kept, as the configuration of this folder says."""
    from deckcast import config
    from deckcast.engines.stores import address_folder, local_folder

    name = config.of_folder(Path.cwd()).build.store
    if "://" in name and address_folder(name) is None:
        echo(
            f"{name} is shared with others and stays as it is: give it a rule of age. Its copy here is cleaned",
            err=True,
        )
    return local_folder(name, output)


def _tell(gone: list[Built], swept: Swept | None, *, dry: bool) -> None:
    done = "would remove" if dry else "removed"
    for lesson in gone:
        echo(f"{done} {lesson.folder}  {size(lesson.size)}")
    if swept is not None and swept.files:
        answers = f"{swept.answers} kept answer{'s' if swept.answers != 1 else ''}"
        echo(f"{done} {answers} in {swept.files} files  {size(swept.size)}; {size(swept.left)} stay")
    if not gone and (swept is None or not swept.files):
        stays = f"; {size(swept.left)} of kept work stay" if swept is not None and swept.left else ""
        echo(f"nothing to remove{stays}")


def size(number: float) -> str:
    """`312 kB`: bytes for a person, in powers of a thousand."""
    for unit in ("B", "kB", "MB"):
        if number < 1000:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def _json(gone: list[Built], swept: Swept | None, *, dry: bool) -> dict[str, Any]:
    return {
        "version": 1,
        "ok": True,
        "dry_run": dry,
        "lessons": [{"name": one.name, "folder": str(one.folder), "bytes": one.size} for one in gone],
        "kept": swept
        and {"answers": swept.answers, "files": swept.files, "bytes": swept.size, "bytes_left": swept.left},
    }
