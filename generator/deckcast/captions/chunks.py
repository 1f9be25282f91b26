"""What is said over a scene, as the smallest parts that captions are made of, each with its time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from deckcast.captions.breaks import may_end
from deckcast.captions.graphemes import ZERO_WIDTH_SPACE, clusters, is_wide, width
from deckcast.captions.limits import Limits
from deckcast.model import SAMPLE_RATE, Scene, Utterance


@dataclass(frozen=True, slots=True)
class Chunk:
    """The smallest part of the text that is not cut: a word with its punctuation."""

    text: str
    glue: str
    """What stands between it and the chunk before: a blank, or nothing."""
    start: float
    stop: float
    """Seconds of the lesson."""
    closes: bool
    """True at the end of a sentence."""
    width: int
    step: int = 0
    """`Step.index`."""
    tail: str = ""
    """A hyphen, where a line that ends behind it ends within a word."""


def chunks(scene: Scene, limits: Limits) -> Iterator[Chunk]:
    before = ""
    for utterance in scene.take.utterances:
        clock = _Clock(utterance, scene.onset / SAMPLE_RATE)
        first = _glue(before, utterance.text)
        before = utterance.text
        parts: list[tuple[str, int, int, str, str]] = []
        blank = ""
        for begin, end, glue, tail in _parts(utterance.text, limits.line):
            if text := _shown(utterance.text, begin, end):
                parts.append((text, begin, end, glue or blank, tail))
            blank = "" if text else glue or blank
        for number, (text, begin, end, glue, tail) in enumerate(parts, 1):
            yield Chunk(
                text,
                glue if number > 1 else first,
                clock.begin(begin),
                clock.end(end),
                number == len(parts),
                width(text),
                scene.take.step,
                tail,
            )


def together(sentences: Iterable[str]) -> str:
    """Sentences as they follow each other in one paragraph."""
    text = ""
    for sentence in sentences:
        text += (_glue(text, sentence) if text else "") + sentence
    return text


def _glue(before: str, after: str) -> str:
    """What stands between two sentences: Chinese and Japanese ones follow each other without a blank."""
    return "" if before and after and is_wide(before[-1]) and is_wide(after[0]) else " "


def _shown(text: str, begin: int, end: int) -> str:
    """A part of the text without control characters, and without the one that only says where a line may end."""
    return "".join(one for one in text[begin:end] if unicodedata.category(one) != "Cc" and one != ZERO_WIDTH_SPACE)


def _parts(text: str, line: int) -> Iterator[tuple[int, int, str, str]]:
    """(begin, end, glue, tail) of each part: runs without blanks, cut where none is needed or no line would do."""
    at = 0
    for run in text.split():
        begin = text.index(run, at)
        at = begin + len(run)
        glue = " "
        since = begin
        ends = [begin + end for _, end in clusters(run)]
        for end in ends:
            if end == at or may_end(text[end - 1], text[end]):
                pieces = list(_short(text[since:end], line))
                for number, (first, last, tail) in enumerate(pieces):
                    yield since + first, since + last, glue if number == 0 else "", tail
                glue, since = "", end


_JOINTS = frozenset("-‐/_.&=?:#|\\+~@")
_PIECE = 0.5
"""How much of a line a part of a long word fills at least."""


def _short(word: str, line: int) -> Iterator[tuple[int, int, str]]:
    """(begin, end, tail) of the parts of a word that no line holds: cut at its joints, else between syllables."""
    begin = 0
    ends = [end for _, end in clusters(word)] if width(word) > line else []
    while ends and width(word[begin:]) > line:
        fitting = [end for end in ends if end > begin and width(word[begin:end]) < line]
        fitting = fitting or [next(end for end in ends if end > begin)]
        late = [end for end in fitting if width(word[begin:end]) >= _PIECE * line] or fitting[-1:]
        end = max(late, key=lambda at: (_joint(word, at), at))
        yield begin, end, "-" if _is_word(word) and word[end - 1].isalpha() else ""
        begin = end
    yield begin, len(word), ""


def _joint(word: str, at: int) -> int:
    """How good it is to cut a long word at a place."""
    before, after = word[at - 1], word[at : at + 1]
    if before in _JOINTS and before != after:
        return 3
    if before.islower() and after.isupper():
        return 2
    if _is_syllable(word, at):
        return 1
    return 0


_VOWELS = frozenset("aeiouyäöüáéíóúàèìòùâêîôûãõåæøœіїєаеёиоуыэюяαεηιουω")
_THAI_FIRST = "\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4"
"""Thai and Lao vowels that are written before their consonant: a syllable begins with them."""
_THAI_LATER = "\u0e2f\u0e30\u0e32\u0e45\u0e46\u0eaf\u0eb0\u0eb2\u0ec6"


def _is_syllable(word: str, at: int) -> bool:
    """Whether a syllable is likely to begin there: with the consonant before a vowel, or a vowel written first."""
    before, after, following = word[at - 1], word[at : at + 1], word[at + 1 : at + 2]
    if after in _THAI_FIRST or before in _THAI_FIRST or after in _THAI_LATER:
        return after in _THAI_FIRST and before not in _THAI_FIRST
    return (
        after.lower() not in _VOWELS
        and following.lower() in _VOWELS
        and after.isalpha()
        and bool(_VOWELS.intersection(word[max(at - 3, 0) : at].lower()))
    )


def _is_word(text: str) -> bool:
    """Letters that are written together and hyphened, at most with marks around them."""
    inner = text.strip(".,;:!?…\"'“”„‘’«»()[]")
    return inner.replace("-", "").isalpha() and any(one.lower() in _VOWELS for one in inner)


class _Clock:
    """When each character of an utterance is spoken; letters share their word's time evenly."""

    def __init__(self, utterance: Utterance, onset: float) -> None:
        self._onset = onset
        start = utterance.start / SAMPLE_RATE
        whole = (0, len(utterance.text), start, start + utterance.samples / SAMPLE_RATE)
        self._words = [(word.begin, word.end, word.start, word.stop) for word in utterance.words] or [whole]

    def begin(self, at: int) -> float:
        """When what stands at and after `at` begins."""
        for begin, end, start, stop in self._words:
            if at < end:
                return self._onset + start + self._share(at - begin, end - begin) * (stop - start)
        return self._onset + self._words[-1][3]

    def end(self, at: int) -> float:
        """When what stands before `at` ends."""
        for begin, end, start, stop in reversed(self._words):
            if at > begin:
                return self._onset + start + self._share(at - begin, end - begin) * (stop - start)
        return self._onset + self._words[0][2]

    @staticmethod
    def _share(part: int, whole: int) -> float:
        return min(max(part / whole, 0.0), 1.0) if whole > 0 else 0.0
