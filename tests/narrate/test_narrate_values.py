"""Inline values in notes are spoken, captioned and kept like the author's own words."""

from __future__ import annotations

from deckcast import parse
from deckcast.engines.executors import InlineExecutor
from deckcast.engines.store_memory import MemoryStore
from deckcast.engines.voice_fake import FakeVoice
from deckcast.keep import Keeper
from deckcast.markup import Span, expression, find_code
from deckcast.model import Deck, Inline, Results, Take
from deckcast.narrate import Voices, narrate
from deckcast.outline import with_values
from deckcast.settings import Settings
from deckcast.stages import Silence

TEXT = """# A gap of `{python} gap`

???
The model is right in `{python} f"{right:.0%}"` of all cases. `print` is code.
"""


def deck() -> Deck:
    return parse.parse(TEXT, "deck.md")


def results(values: dict[str, str]) -> Results:
    step = deck().steps[0]
    found = []
    for one in (*find_code(step.content), *find_code(step.notes)):
        assert isinstance(one, Span)
        assert one.where is not None
        live = expression(one.text)
        if live is not None:
            found.append((Inline(*live, one.where, step.index), values[live[1]]))
    return Results(values=tuple(found))


def take(store: MemoryStore, right: str) -> tuple[Take, tuple[int, int]]:
    one = deck()
    keeper = Keeper(store, Silence(), "lesson")
    given = results({"gap": "0.72", 'f"{right:.0%}"': right})
    takes, _ = narrate(
        one, one.steps, [Settings()], keeper, Voices(Settings(), lambda _: (FakeVoice(), "")), InlineExecutor(), given
    )
    return takes[0], keeper.counts("narrate")


def test_a_value_is_spoken_and_written_in_the_place_of_its_expression() -> None:
    heard, _ = take(MemoryStore(), "94%")
    assert heard.text == "The model is right in 94% of all cases. print is code."


def test_another_value_speaks_its_sentence_again_and_no_other() -> None:
    store = MemoryStore()
    assert take(store, "94%")[1] == (2, 0)
    assert take(store, "94%")[1] == (0, 2)
    assert take(store, "95%")[1] == (1, 1)


def test_a_title_shows_the_value() -> None:
    given = results({"gap": "0.72", 'f"{right:.0%}"': "94%"})
    assert deck().slides[0].title == "A gap of {python} gap"
    assert with_values(deck(), given).slides[0].title == "A gap of 0.72"
    assert with_values(deck(), Results()) == deck()
