"""What the lesson says of itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deckcast.check.rule import Hit, rule
from deckcast.check.subject import Subject, words_in
from deckcast.model import Where

_FEWEST_WORDS = 40
_SMALL = {
    "en": "the of and to is that it for with are this was be have not you they from",
    "de": "der die das und ist nicht ein eine zu den mit sich auf für wir wird auch sind",
    "fr": "le la les des et est une dans que pour pas qui sur avec nous ce sont plus",
    "es": "el los las y es una que en por con para del se no su como más este",
    "pt": "o os as e é uma que em por com para do da não se mais como este",
    "it": "il gli le e è una che di per con non si del della sono questo come più",
    "nl": "de het een en is van dat niet met voor zijn op te we ook wordt deze",
}
_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _SMALL.items()}


@rule(
    "lesson-title",
    "warning",
    bad="""
    ![A forest in autumn](images/forest.jpg)

    ???

    Welcome.
    """,
    good="""
    ---
    title: Decision trees
    ---

    ![A forest in autumn](images/forest.jpg)

    ???

    Welcome.
    """,
)
def title(subject: Subject) -> Iterator[Hit]:
    """The lesson has no title.

    Without `title:` in the front matter it is the first slide's heading, and here there is none. Players and lists of
    lessons would show the name of a file.
    """
    if not subject.settings.lesson.title and not subject.deck.slides[0].title:
        where = Where(subject.deck.path, 1)
        yield Hit("this lesson has no title", where, hint="write `title: …` between two `---` at the top")


@rule(
    "lesson-language",
    "warning",
    bad="""
    # Bäume

    ???

    Ein Baum ist eine Ordnung, die wir auf den ersten Blick verstehen. Die Wurzel ist oben, und die Blätter sind unten.
    Wir gehen von der Wurzel zu den Blättern, und auf dem Weg wird die Frage mit jedem Schritt kleiner. Das ist auch
    nicht schwer zu zählen.
    """,
    good="""
    ---
    language: de
    ---

    # Bäume

    ???

    Ein Baum ist eine Ordnung, die wir auf den ersten Blick verstehen. Die Wurzel ist oben, und die Blätter sind unten.
    Wir gehen von der Wurzel zu den Blättern, und auf dem Weg wird die Frage mit jedem Schritt kleiner. Das ist auch
    nicht schwer zu zählen.
    """,
)
def language(subject: Subject) -> Iterator[Hit]:
    """The notes are in another language than the lesson says.

    A voice would speak them with the wrong rules, and screen readers would, too (WCAG 3.1.1). Without `language:` it is
    English. Known by their small words are Dutch, English, French, German, Italian, Portuguese and Spanish.
    """
    spoken = [word.casefold() for slide in subject.deck.slides for word in words_in(subject.spoken(slide))]
    told = subject.settings.lesson.language.replace("_", "-").partition("-")[0].lower()
    if len(spoken) < _FEWEST_WORDS or told not in _SMALL_WORDS:
        return
    counts = Counter(name for word in spoken for name, small in _SMALL_WORDS.items() if word in small)
    best, count = max(counts.items(), key=lambda one: one[1], default=("", 0))
    if best != told and count > 2 * counts[told] and count > len(spoken) * 0.1:
        where = next((one.where for one in subject.deck.options if one.name.endswith("language")), None)
        message = f"the notes look like `{best}`, but the lesson's language is `{told}`"
        yield Hit(message, where or Where(subject.deck.path, 1), hint=f"write `language: {best}` in the front matter")


RULES = (title, language)
