"""Captions as files. WebVTT: W3C recommendation of 2019; SubRip has no standard, this is what every player reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deckcast.captions.cues import Cue

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def text(cue: Cue) -> str:
    """What stands in a WebVTT cue."""
    return "\n".join(cue.lines).translate(_ESCAPES)


def vtt(cues: Iterable[Cue]) -> str:
    blocks = ["WEBVTT\n"]
    for number, cue in enumerate(cues, 1):
        blocks.append(f"{number}\n{clock(cue.start, '.')} --> {clock(cue.stop, '.')}\n{text(cue)}\n")
    return "\n".join(blocks)


def words_vtt(cues: Iterable[Cue]) -> str:
    """The same captions with the time of each word, for players that light words up as they are spoken."""
    blocks = ["WEBVTT\n"]
    for number, cue in enumerate(cues, 1):
        timed = "\n".join(_timed_lines(cue))
        blocks.append(f"{number}\n{clock(cue.start, '.')} --> {clock(cue.stop, '.')}\n{timed}\n")
    return "\n".join(blocks)


def _timed_lines(cue: Cue) -> Iterator[str]:
    """Times grow from one to the next and lie inside the cue, as the standard asks; words that share one go without."""
    latest = cue.start
    for line, words in zip(cue.lines, cue.words, strict=True):
        parts = []
        done = 0
        for at, start in words:
            parts.append(line[done:at].translate(_ESCAPES))
            done = at
            if latest < start < cue.stop and at < len(line):
                parts.append(f"<{clock(start, '.')}>")
                latest = start
        yield "".join((*parts, line[done:].translate(_ESCAPES)))


def srt(cues: Iterable[Cue]) -> str:
    return "\n".join(
        f"{number}\n{clock(cue.start, ',')} --> {clock(cue.stop, ',')}\n{chr(10).join(cue.lines)}\n"
        for number, cue in enumerate(cues, 1)
    )


def clock(milliseconds: int, point: str) -> str:
    """`00:07:05.250`"""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"
