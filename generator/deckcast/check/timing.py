"""How quickly things go, by the time that speech would take.

Nothing is spoken for it: the times are those of the voice `silent`, within about 10 % of a real one's.
"""

from __future__ import annotations

from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject
from deckcast.model import Scene, Slide, Take, Timeline
from deckcast.outline import sections, slides_by_step
from deckcast.places import top
from deckcast.report import clock

_FEWEST_WORDS = 30
"""Of a slide whose pace means anything."""
UNDIVIDED = 180.0
"""Seconds of a lesson that needs no sections."""
FEWEST_SECTIONS = 3
LETTERS = 5
"""Of a word by which pace is measured, so that plain language does not count as fast."""
_MOVES = ("video", "audio", "marquee")


@rule(
    "slide-pace",
    "warning",
    settings=("slowest_pace", "fastest_pace"),
    bad="""
    rate: 2

    # Hashing

    ???

    The key is turned into a number, and the rest of that number says where to look. When two keys meet in one bucket,
    the bucket simply holds both of them, one behind the other. So a crowded table is a slow one, and has to grow.
    """,
    good="""
    # Hashing

    ???

    The key is turned into a number, and the rest of that number says where to look. When two keys meet in one bucket,
    the bucket simply holds both of them, one behind the other. So a crowded table is a slow one, and has to grow.
    """,
)
def pace(subject: Subject) -> Iterator[Hit]:
    """A slide is spoken very quickly or very slowly.

    Counted are words of five letters a minute as they are spoken, numbers in full; pauses between sentences are
    included. Slides with fewer than 30 are left out. Viewers choose another speed themselves; what they cannot mend is
    a slide that differs from all others.
    """
    limits = subject.settings.check
    for slide, takes in _spoken(subject):
        scripts = [subject.scripts[step.index] for step in slide.steps if step.index in subject.scripts]
        spoken = "".join(sentence.spoken for script in scripts for sentence in script.sentences)
        words = sum(map(str.isalnum, spoken)) / LETTERS
        seconds = sum(take.seconds for take in takes)
        if words < _FEWEST_WORDS:
            continue
        speed = words / seconds * 60
        if limits.slowest_pace <= speed <= limits.fastest_pace:
            continue
        slow = speed < limits.slowest_pace
        where, line, width = top(slide)
        message = f"about {speed:.0f} words a minute over {seconds:.0f} s: " + ("slow" if slow else "fast")
        hint = f"aim for {limits.slowest_pace:g} to {limits.fastest_pace:g}: " + (
            "take pauses out, or raise `rate:`" if slow else "lower `rate:`"
        )
        yield Hit(message, where, line, width, hint, slide.label)


@rule(
    "slide-still",
    "warning",
    settings=("longest_still",),
    bad="""
    One slide with notes that take two minutes.
    """,
    good="""
    The same notes over three steps, each behind a `--` of its own; or a diagram for the second half.
    """,
)
def still(subject: Subject) -> Iterator[Hit]:
    """One picture stays for long.

    After some time nothing changes, eyes leave the screen. Let the slide come in steps (`--`, `[click]`), or its code
    be emphasised line by line (`lines=`).
    """
    longest = subject.settings.check.longest_still
    timeline = subject.timeline
    if timeline is None:
        return
    slides = slides_by_step(subject.deck)
    for scene in timeline.scenes:
        slide = slides[scene.frame.step]
        seconds = scene.count / timeline.fps
        if seconds <= longest or _moves(subject, slide):
            continue
        step = next(number for number, one in enumerate(slide.steps, 1) if one.index == scene.frame.step)
        which = f"step {step} of this slide" if len(slide.steps) > 1 else "this slide"
        where, line, width = top(slide)
        message = f"{which} stays about {seconds:.0f} s without a change, more than {longest:g}"
        yield Hit(message, where, line, width, "let it come in steps, or say less here", slide.label)


@rule(
    "slide-flash",
    "warning",
    settings=("shortest_slide",),
    bad="""
    # One

    ???

    Go.
    """,
    good="""
    # One

    ???

    Go on to the next part, where we count words.
    """,
)
def flash(subject: Subject) -> Iterator[Hit]:
    """A slide is gone before anybody has read it.

    Say more on it, let it join the next one, or give it time: `tail: 2s`.
    """
    shortest = subject.settings.check.shortest_slide
    timeline = subject.timeline
    if timeline is None:
        return
    for slide in subject.deck.slides:
        seconds = sum(scene.count for scene in _scenes(timeline, slide)) / timeline.fps
        if 0 < seconds < shortest - 0.05 and slide.steps[0].properties.find("silent") is None:
            where, line, width = top(slide)
            message = f"this slide stays about {seconds:.1f} s, less than {shortest:g}"
            yield Hit(message, where, line, width, "say more on it, or give it time: `tail: 2s`", slide.label)


@rule(
    "lesson-long",
    "note",
    settings=("longest_lesson",),
    bad="""
    A lesson of 50 minutes.
    """,
    good="""
    Two chapters of 25 minutes.
    """,
)
def long(subject: Subject) -> Iterator[Hit]:
    """The lesson is long.

    Short videos are watched to their end more often; how short they should be is disputed, and learners who need the
    credit stay longer. Parts that stand alone are easier to find and to keep up to date, too.
    """
    longest = subject.settings.check.longest_lesson
    if subject.timeline is not None and subject.timeline.seconds > longest:
        where, line, width = top(subject.deck.slides[0])
        message = f"the lesson lasts about {clock(subject.timeline.seconds)}, more than {clock(longest)}"
        yield Hit(message, where, line, width, "make two chapters of it")


@rule(
    "lesson-sections",
    "note",
    bad="""
    Ten minutes under one heading.
    """,
    good="""
    A heading of its own for each slide that begins something new.
    """,
)
def parts(subject: Subject) -> Iterator[Hit]:
    """A lesson of some minutes has fewer than three sections.

    Sections begin where a slide has a new heading. Viewers jump to them, and YouTube takes a list of chapters only with
    three and more. Lessons shorter than three minutes need none.
    """
    timeline = subject.timeline
    if timeline is None or timeline.seconds <= UNDIVIDED:
        return
    count = len(sections(subject.deck, timeline))
    if count < FEWEST_SECTIONS:
        where, line, width = top(subject.deck.slides[0])
        many = f"{count} section{'s' if count > 1 else ''}"
        message = f"about {clock(timeline.seconds)} in {many}: viewers have nowhere to jump to"
        yield Hit(message, where, line, width, "give a heading to each slide that begins something new")


def _spoken(subject: Subject) -> Iterator[tuple[Slide, list[Take]]]:
    if subject.timeline is None:
        return
    for slide in subject.deck.slides:
        takes = [scene.take for scene in _scenes(subject.timeline, slide) if scene.take.samples]
        if takes:
            yield slide, takes


def _scenes(timeline: Timeline, slide: Slide) -> list[Scene]:
    steps = {step.index for step in slide.steps}
    return [scene for scene in timeline.scenes if scene.frame.step in steps]


def _moves(subject: Subject, slide: Slide) -> bool:
    """Whether something on the slide moves by itself."""
    sheet = next(one for one in subject.sheets if one.slide is slide)
    gifs = any(reference.url.lower().endswith((".gif", ".mp4", ".webm")) for reference in sheet.references)
    return gifs or any(node.tag in _MOVES for node in sheet.tree.walk())


RULES = (pace, still, flash, long, parts)
