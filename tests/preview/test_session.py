"""The deck under an author's hands, with shipped fakes in the place of browser, voice and kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deckcast.errors import TrustError, UsageError
from deckcast.preview.state import first_changed, message
from preview.studio import DECK, Studio


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = Studio(tmp_path)
    yield made
    made.session.close()


def test_a_look_draws_every_step_and_reads_the_notes(studio: Studio) -> None:
    state = studio.session.look()
    assert not state.errors
    assert [slide.title for slide in state.slides] == ["One", "Two", "Three"]
    assert [len(slide.pictures) for slide in state.slides] == [1, 2, 1]
    assert [line.text for line in state.slides[0].lines] == ["The first slide.", "It has two sentences."]
    assert state.slides[1].lines[0].step == 2
    picture = studio.session.picture(state.slides[0].pictures[0].sha256)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert studio.session.picture("0" * 64) is None


def test_only_what_changed_is_told(studio: Studio) -> None:
    before = studio.session.look()
    drawn = len(studio.browser.shown)
    studio.edit("# Two", "# Two and more")
    after = studio.session.look()
    told = message(after, before)
    assert list(told["slides"]) == [after.slides[1].key]
    assert told["changed"] == 2
    assert len(told["order"]) == 3
    assert len(studio.browser.shown) == drawn + 2, "its two steps"


def test_slides_that_only_moved_are_the_same(studio: Studio) -> None:
    before = studio.session.look()
    studio.deck.write_text(DECK + "\n---\n\n# Four\n")
    after = studio.session.look()
    assert first_changed(after, before) == 4, "though all numbers say `/ 5` now"
    studio.deck.write_text("---\nslide_number: false\n---\n" + DECK)
    before = studio.session.look()
    studio.deck.write_text("---\nslide_number: false\n---\n# New\n\n---\n\n" + DECK)
    after = studio.session.look()
    assert [one.written for one in before.slides] == [one.written for one in after.slides[1:]]
    assert [one.lines for one in before.slides[1:]] == [one.lines for one in after.slides[2:]], "counted from the slide"
    assert first_changed(after, before) == 1


def test_notes_alone_change_what_is_said_and_no_picture(studio: Studio) -> None:
    before = studio.session.look()
    drawn = len(studio.browser.shown)
    studio.edit("Notes of two.", "Other notes of two.")
    after = studio.session.look()
    assert after.slides[1].said != before.slides[1].said
    assert after.slides[0].said == before.slides[0].said
    assert len(studio.browser.shown) == drawn


def test_the_last_good_deck_stays_behind_a_mistake(studio: Studio) -> None:
    good = studio.session.look()
    studio.edit("- more", "![x](nowhere.png)")
    bad = studio.session.look()
    assert [one.where.line for one in bad.errors if one.where] == [14]
    assert bad.slides == good.slides
    assert message(bad, good)["slides"] == {}
    assert "nowhere.png" in message(bad)["errors"][0]["text"]
    assert studio.session.picture(good.slides[0].pictures[0].sha256) is not None
    studio.edit("![x](nowhere.png)", "- more")
    assert studio.session.look().slides == good.slides
    assert not studio.session.state.errors


def test_a_deck_that_cannot_be_read_at_first(studio: Studio) -> None:
    studio.deck.write_text("---\nsieze: 3\n---\n# One\n")
    state = studio.session.look()
    assert state.unread
    assert "did you mean `size`" in message(state)["errors"][0]["text"]


def test_a_slide_is_spoken_with_the_times_of_its_words_and_steps(studio: Studio) -> None:
    state = studio.session.look()
    spoken = studio.session.speak(1)
    assert spoken.said == state.slides[0].said
    assert spoken.wav.startswith(b"RIFF")
    assert len(spoken.sentences) == 2
    first, second = spoken.sentences
    assert 0 < first.start < first.stop < second.start < spoken.seconds
    assert [word[:2] for word in first.words] == [(0, 3), (4, 9), (10, 16)]
    spoken = studio.session.speak(2)
    assert len(spoken.steps) == 2
    assert spoken.steps[0] == 0 < spoken.steps[1]
    assert spoken.voice == "silent: it is a test"


def test_there_is_no_slide_beyond_the_last(studio: Studio) -> None:
    studio.session.look()
    with pytest.raises(UsageError, match="no slide 4"):
        studio.session.speak(4)


def test_cells_wait_until_somebody_runs_them(studio: Studio) -> None:
    state = studio.session.look()
    (cell,) = state.slides[2].cells
    assert cell.why == "there is no record of it"
    assert studio.session.runs
    assert studio.kernels.kernels == []
    state = studio.session.run()
    (cell,) = state.slides[2].cells
    assert not cell.why
    assert cell.ran
    assert not studio.session.runs


def test_other_cells_show_what_is_recorded_while_one_waits(studio: Studio) -> None:
    studio.edit("1 + 1\n```", "1 + 1\n```\n\n```python exec name=more\n2 + 2\n```")
    studio.session.look()
    studio.session.run()
    studio.edit("2 + 2", "2 + 3")
    cells = studio.session.look().slides[2].cells
    assert [bool(cell.why) for cell in cells] == [False, True]
    assert cells[0].ran


def test_a_deck_from_elsewhere_runs_nothing(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "deckcast.toml").unlink()
    assert not studio.session.look().errors
    with pytest.raises(TrustError):
        studio.session.run()
    assert studio.kernels.kernels == []


def test_checking_finds_what_check_finds(studio: Studio) -> None:
    studio.edit("# Three\n", "# Three\n\n![](red.png)\n")
    from PIL import Image

    Image.new("RGB", (400, 300), "red").save(studio.deck.parent / "red.png")
    studio.session.look()
    state = studio.session.check()
    assert "picture-alt" in {one.code for one in state.findings}
    assert not state.errors
