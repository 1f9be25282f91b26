"""`deckcast say`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from deckcast.cli import options
from deckcast.cli.echo import echo
from deckcast.errors import DeckcastError

if TYPE_CHECKING:
    from deckcast.say import Said


@click.command()
@click.argument("chapter", metavar="CHAPTER", type=options.CHAPTER)
@click.option("--slide", required=True, type=int, metavar="N", help="Which slide; increments do not count.")
@click.option("--step", type=int, metavar="N", help="Only this step of it.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.wav",
    help="Where the sound goes.  [default: slide-007.wav, here]",
)
@options.voices
@options.cells
@options.settings
@click.option(
    "-v", "--verbose", is_flag=True, help="Say when each sentence begins, and each piece that is made or kept."
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(
    chapter: str,
    slide: int,
    step: int | None,
    output: Path | None,
    voice: str | None,
    online: bool | None,
    mode: str | None,
    trust: bool,
    settings: dict[str, str],
    verbose: bool,
    as_json: bool,
) -> int:
    """Speak one slide of a chapter into a WAV file, as it sounds in the lesson.

    Films on it are heard, and music, which begins with the slide; --set music=none leaves it out.

    Its sentences are kept in output/.deckcast (or where the setting `store` says), so that the next build need not
    speak them again.
    """
    from deckcast import report
    from deckcast.cli.progress import PlainProgress, QuietProgress
    from deckcast.say import say

    given: dict[str, Any] = {
        "narration.voice": voice,
        "narration.online": online,
        "cells.mode": mode,
        **settings,
    }
    progress = QuietProgress() if as_json else PlainProgress(verbose=verbose)
    try:
        said = say(chapter, slide, step=step, target=output, trust=trust, settings=given, progress=progress)
    except DeckcastError as error:
        if not as_json:
            raise
        diagnostics = [report.finding_json(finding) for finding in error.findings]
        report.print_json({"version": 1, "ok": False, "said": None, "diagnostics": diagnostics})
        return error.exit_code
    code = int(any(one.severity == "error" for one in said.findings))
    if as_json:
        diagnostics = [report.finding_json(finding) for finding in said.findings]
        report.print_json({"version": 1, "ok": not code, "said": _json(said), "diagnostics": diagnostics})
        return code
    report.show_findings([one for one in said.findings if verbose or one.severity != "note"])
    echo(f"voice: {said.voice}", err=True)
    if said.films:
        echo(f"films: {', '.join(said.films)}", err=True)
    if said.music:
        echo(f"music: {', '.join(said.music)}, from the beginning; the lesson may be further on in it", err=True)
    echo(f"{said.path}  {said.seconds:.1f} s · {said.words} words · {_pace(said):.0f} words/min")
    if verbose:
        for sentence in said.sentences:
            echo(f"{sentence.start:8.2f}  {sentence.text}")
    return code


def _pace(said: Said) -> float:
    """Words a minute."""
    return said.words / said.spoken * 60 if said.spoken else 0.0


def _json(said: Said) -> dict[str, Any]:
    return {
        "file": str(said.path),
        "slide": said.slide.index,
        "voice": said.voice,
        "seconds": round(said.seconds, 3),
        "spoken": round(said.spoken, 3),
        "words": said.words,
        "words_a_minute": round(_pace(said), 1),
        "films": list(said.films),
        "music": list(said.music),
        "sentences": [
            {
                "step": sentence.step,
                "start": round(sentence.start, 3),
                "stop": round(sentence.stop, 3),
                "text": sentence.text,
            }
            for sentence in said.sentences
        ],
    }
