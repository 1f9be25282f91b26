"""The list of chapters for a video's description.

YouTube shows chapters only when all its rules are kept, and says nothing when one is not: the first begins at
0:00, there are at least three, and each lasts at least 10 seconds (support.google.com/youtube/answer/9884579).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from deckcast.model import Timeline
from deckcast.outline import Section

FEWEST = 3
SHORTEST = 10
"""Seconds, as the list shows them: without fractions."""


def chapters(sections: Sequence[Section], timeline: Timeline, shortest: int = SHORTEST) -> tuple[tuple[int, str], ...]:
    """(second, title) of each chapter, which last `shortest` seconds or longer; empty where there would be too few.

    A section that is too short is joined to what follows, the last one to what is before; the longest gives the title.
    """
    starts = [section.first // timeline.fps for section in sections]
    ends = [*starts[1:], timeline.frames // timeline.fps]
    groups: list[list[int]] = []
    for at in range(len(sections)):
        if groups and starts[at] - starts[groups[-1][0]] < shortest:
            groups[-1].append(at)
        else:
            groups.append([at])
    if len(groups) > 1 and ends[-1] - starts[groups[-1][0]] < shortest:
        groups[-2:] = [groups[-2] + groups[-1]]
    if len(groups) < FEWEST:
        return ()
    return tuple(
        (starts[group[0]], sections[max(group, key=lambda at: ends[at] - starts[at])].title) for group in groups
    )


def text(listed: Sequence[tuple[int, str]]) -> str:
    """One line a chapter: `1:02:03 Title`."""
    return "".join(f"{moment(second)} {without_angles(title)}\n" for second, title in listed)


def podcast(sections: Sequence[Section], timeline: Timeline) -> str:
    """All sections, as podcast players read them (github.com/Podcastindex-org/podcast-namespace, JSON chapters 1.2)."""
    listed = [{"startTime": round(one.first / timeline.fps, 3), "title": one.title} for one in sections]
    return json.dumps({"version": "1.2.0", "chapters": listed}, ensure_ascii=False, indent=1) + "\n"


def without_angles(words: str) -> str:
    """YouTube takes no description with `<` or `>` in it (developers.google.com/youtube/v3/docs/videos)."""
    return words.replace("<", "‹").replace(">", "›")


def moment(seconds: int) -> str:
    """`0:00`, `12:05`, `1:02:03`"""
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
