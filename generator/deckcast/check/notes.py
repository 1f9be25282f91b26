"""What is said over a slide, and how it goes with what shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Sheet, Subject, words_in
from deckcast.check.terms import key, terms
from deckcast.model import Sentence, Step, Where
from deckcast.places import place, source_line, top

_GRAM = 4
_LEAST_READ_OUT = 12
"""Words of whole sentences on a slide; fewer are key words, which notes may well repeat."""
_PART = 0.15
"""Seconds: after a part of a sentence that is spoken in several the pause is shorter."""
_ENDS = ".!?…。！？؟।"


@rule(
    "notes-empty",
    "warning",
    bad="""
    # What is a cache?

    - a small, quick memory
    """,
    good="""
    # What is a cache?

    - a small, quick memory

    ???

    A cache is a small memory that answers quickly.
    """,
)
def empty(subject: Subject) -> Iterator[Hit]:
    """Nothing is said while a slide shows.

    Silence is taken for a fault of the player. Where it is meant, say how long it lasts: `silent: 4s` at the top of the
    slide. A deck without any notes is told once.
    """
    silent = [
        slide
        for slide in subject.deck.slides
        if not any(subject.scripts[step.index].sentences for step in slide.steps if step.index in subject.scripts)
        and slide.steps[0].properties.find("silent") is None
    ]
    if silent and len(silent) == len(subject.deck.slides):
        where, line, width = top(silent[0])
        hint = "notes stand behind `???` at the end of a slide"
        yield Hit("this deck has no notes, so nothing will be said", where, line, width, hint)
        return
    for slide in silent:
        where, line, width = top(slide)
        hint = "write notes behind `???`, or say how long it is to stay: `silent: 4s`"
        yield Hit("nothing is said on this slide", where, line, width, hint, slide.label)


@rule(
    "notes-read-out",
    "warning",
    settings=("most_read_out",),
    bad="""
    # Caching

    A cache keeps the results of earlier work close at hand for the next time.

    ???

    A cache keeps the results of earlier work close at hand for the next time.
    """,
    good="""
    # Caching

    **Keep** results, **ask** there first

    ???

    A cache keeps the results of earlier work close at hand for the next time.
    """,
)
def read_out(subject: Subject) -> Iterator[Hit]:
    """The notes read the slide's sentences out.

    People read quicker than anybody speaks, and then wait. Compared are runs of four words, on slides with twelve words
    and more in sentences; headings, key words and code do not count.
    """
    most = subject.settings.check.most_read_out
    for sheet in subject.sheets:
        shown = [gram for words in sheet.sentences for gram in _grams(words)]
        if sum(map(len, (one for one in sheet.sentences if len(one) >= _GRAM))) < _LEAST_READ_OUT:
            continue
        said = frozenset(_grams(words_in(subject.spoken(sheet.slide))))
        share = sum(gram in said for gram in shown) / len(shown)
        if share > most:
            where, line, width = top(sheet.slide)
            message = f"the notes read out {share:.0%} of this slide's sentences"
            yield Hit(message, where, line, width, "leave key words on the slide, and say the rest", sheet.slide.label)


def _grams(words: Sequence[str]) -> list[tuple[str, ...]]:
    small = [word.casefold() for word in words]
    return [tuple(small[at : at + _GRAM]) for at in range(len(small) - _GRAM + 1)]


@rule(
    "notes-sentence",
    "warning",
    settings=("longest_sentence",),
    bad="""
    # Attention

    ???

    The transformer lets every word look at every other word directly, which means that the way from the cat at the
    beginning of the sentence to the verb at its end is one single step, whatever stands between the two of them.
    """,
    good="""
    # Attention

    ???

    The transformer lets every word look at every other word directly. From the cat to its verb, it is one step.
    """,
)
def sentence(subject: Subject) -> Iterator[Hit]:
    """A sentence is long.

    A listener cannot go back. Long sentences also make captions that are cut in odd places.
    """
    longest = subject.settings.check.longest_sentence
    for step in subject.deck.steps:
        script = subject.scripts.get(step.index)
        for whole in _wholes(script.sentences if script else ()):
            count = sum(len(words_in(one.written)) for one in whole)
            if count > longest:
                where = whole[0].where
                begin = whole[0].written.split(" ")[0]
                line = source_line(step.notes, where)
                message = f"a sentence of {count} words, more than {longest}"
                yield Hit(message, where, line, max(len(line) - where.column + 1, len(begin)), "make it two")


def _wholes(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Sentences with their parts together, where one was too long for the voice or is spoken by two."""
    whole: list[Sentence] = []
    for one in sentences:
        whole.append(one)
        ended = one.written.rstrip("\"')]}”’»")[-1:] in _ENDS or one.pause > _PART
        if ended:
            yield whole
            whole = []
    if whole:
        yield whole


@rule(
    "notes-order",
    "note",
    bad="""
    # Two phases

    - decode: the tokens of the answer
    - prefill: the prompt in one pass

    ???

    First comes prefill, where the prompt is read. Then comes decode.
    """,
    good="""
    # Two phases

    - prefill: the prompt in one pass
    - decode: the tokens of the answer

    ???

    First comes prefill, where the prompt is read. Then comes decode.
    """,
)
def order(subject: Subject) -> Iterator[Hit]:
    """The notes speak of a list's items in another order.

    Eyes follow the list from top to bottom. It is told only for items that show at once, and of which each has words of
    its own that the notes say.
    """
    for sheet in subject.sheets:
        for step in sheet.slide.steps:
            hit = _out_of_order(subject, sheet, step)
            if hit is not None:
                yield hit


def _out_of_order(subject: Subject, sheet: Sheet, step: Step) -> Hit | None:
    """For the items that this step adds."""
    script = subject.scripts.get(step.index)
    if script is None or not script.sentences:
        return None
    number = sheet.slide.steps.index(step)
    before = _items(subject.sheet(sheet.slide, sheet.slide.steps[number - 1])) if number else []
    items = [one for one in _items(subject.sheet(sheet.slide, step)) if one not in before]
    said = [key(word) for word in words_in(" ".join(one.written for one in script.sentences))]
    own = [terms(text) - frozenset().union(*(terms(other) for other in items if other != text)) for text in items]
    spoken = [[at for at, word in enumerate(said) if word in words] for words in own]
    for (text, first), (later, second) in zip(
        zip(items, spoken, strict=True), list(zip(items, spoken, strict=True))[1:], strict=False
    ):
        if first and second and max(second) < min(first):
            where: Where | None = place(step.content, later.split("\n")[0].strip())
            message = f"the notes speak of `{_short(later)}` before `{_short(text)}`"
            return Hit(message, where or step.where, width=1, hint="let list and notes go the same way")
    return None


def _items(sheet: Sheet) -> list[str]:
    return [
        " ".join(node.text().split())
        for node in sheet.tree.walk()
        if node.tag == "li" and not any(one.tag in ("ul", "ol") for one in node.walk())
    ]


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29].rstrip()}…"


RULES = (empty, read_out, sentence, order)
