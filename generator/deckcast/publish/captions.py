"""Captions as files. WebVTT: W3C recommendation of 2019; SubRip has no standard, this is what every player reads."""

from __future__ import annotations

from collections.abc import Iterable

from deckcast.publish.cues import Cue

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def vtt(cues: Iterable[Cue]) -> str:
    blocks = ["WEBVTT\n"]
    for number, cue in enumerate(cues, 1):
        text = "\n".join(cue.lines).translate(_ESCAPES)
        blocks.append(f"{number}\n{clock(cue.start, '.')} --> {clock(cue.stop, '.')}\n{text}\n")
    return "\n".join(blocks)


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
