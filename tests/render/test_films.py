"""Films on slides: what is in their files, what the author asks for, and what the frame wishes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from deckcast import film as films
from deckcast.errors import AssetError
from deckcast.model import Clip, Film, Where, Wish
from render.drawing import Studio, folder
from render.films import animation, film, number


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    made = folder(tmp_path)
    film(made / "films" / "demo.mp4")
    return made


def wished(frame: object) -> tuple[Wish, tuple[Film, ...]]:
    (wish,) = frame.wishes  # type: ignore[attr-defined]
    assert isinstance(wish.recipe, Clip)
    return wish, wish.recipe.films


def greys(data: bytes, seconds: list[float], begin: float = 0.0) -> list[int]:
    shown = films.pictures(data, begin)
    try:
        return [number(float(np.asarray(shown.at(at).convert("RGB"))[:, :10].mean())) for at in seconds]
    finally:
        shown.close()


# ── files ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "codec", "fps"), [("a.mp4", "libx264", 25), ("a.mkv", "libx264", 24), ("a.webm", "libvpx-vp9", 30)]
)
def test_a_film_shows_the_picture_of_each_moment(tmp_path: Path, name: str, codec: str, fps: int) -> None:
    path = film(tmp_path / name, 50, fps, codec=codec)
    assert films.about(path) == films.About(pytest.approx(50 / fps, abs=0.002), 1, False)
    data = path.read_bytes()
    middles = [(at + 0.5) / fps for at in range(50)]
    assert greys(data, middles) == list(range(50))
    assert greys(data, [at / fps for at in range(50)]) == list(range(50))
    assert greys(data, [1.5, 0.1, 1.2], 1.5) == [int(1.5 * fps), int(0.1 * fps + 1e-6), int(1.2 * fps + 1e-6)]
    assert greys(data, [900.0]) == [49]


def test_a_film_that_lies_on_its_side_stands_upright(tmp_path: Path) -> None:
    flat = film(tmp_path / "flat.mp4", 3)
    turned = tmp_path / "turned.mp4"
    subprocess.run(
        [get_ffmpeg_exe(), "-v", "error", "-display_rotation", "90", "-i", str(flat), "-c", "copy", str(turned)],
        check=True,
    )
    shown = films.pictures(turned.read_bytes())
    assert shown.at(0).size == (90, 160)
    shown.close()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animated_pictures_show_each_picture_for_its_own_time(tmp_path: Path, kind: str) -> None:
    path = animation(tmp_path / f"a.{kind.lower()}", [100, 300, 200], kind, loop=0, lossless=True)
    assert films.is_film(path)
    assert films.about(path) == films.About(pytest.approx(0.6), 0, False)
    data = path.read_bytes()
    assert greys(data, [0, 0.09, 0.1, 0.39, 0.4, 0.59, 7, 0]) == [0, 0, 1, 1, 2, 2, 2, 0]
    if kind != "WEBP":  # Pillow writes no alpha flag into the header of those
        assert films.pictures(data).at(0.2).getpixel((30, 10))[3] == 0


def test_animated_pictures_play_as_often_as_they_say(tmp_path: Path) -> None:
    assert films.about(animation(tmp_path / "once.gif", [50, 50])).plays == 1
    assert films.about(animation(tmp_path / "thrice.gif", [50, 50], loop=2)).plays == 3
    assert films.about(animation(tmp_path / "hasty.gif", [10, 10], loop=0)).seconds == pytest.approx(0.2)


def test_a_picture_that_stands_still_is_no_film(deck: Path) -> None:
    assert not films.is_film(deck / "images" / "red.png")
    assert not films.is_film(deck / "images" / "broken.png")


# ── what the author asks for ─────────────────────────────────────────────────────────────────────


def test_the_frame_of_a_slide_with_a_film_wishes_for_it(deck: Path) -> None:
    studio = Studio(deck)
    (frame,), findings = studio.render("![What it shows](films/demo.mp4)\n")
    assert findings == ()
    wish, (one,) = wished(frame)
    assert (one.begin, one.end, one.plays, wish.sounds) == (0, 2, 1, ())
    assert one.file.size == (deck / "films" / "demo.mp4").stat().st_size
    assert studio.told.made
    assert studio.render("![What it shows](films/demo.mp4)\n")[0] == (frame,)
    assert studio.told.made == []


@pytest.mark.parametrize(
    ("text", "begin", "end", "plays", "sounds"),
    [
        ("![x](films/heard.mkv)", 0, 2, 1, "auto"),
        ("![x](films/heard.mkv#t=0.5,1.5)", 0.5, 1.5, 1, "auto"),
        ("![x](films/heard.mkv#t=,0:01)", 0, 1, 1, "auto"),
        ("![x](films/heard.mkv#t=1)", 1, 2, 1, "auto"),
        ("![x](films/heard.mkv#t=1,900)", 1, 2, 1, "auto"),
        ('![x](films/heard.mkv "loop, muted")', 0, 2, 0, None),
        ('![x](films/heard.mkv "Instead")', 0, 2, 1, "instead"),
        ('![x](films/heard.mkv "hold under")', 0, 2, 1, "under"),
        ('<video src="films/heard.mkv" loop controls></video>', 0, 2, 0, "auto"),
        ('<video muted><source src="films/heard.mkv#t=1"></video>', 1, 2, 1, None),
        ('<img src="films/heard.mkv" title="full">', 0, 2, 1, "full"),
    ],
)
def test_what_a_film_is_asked_for(
    deck: Path, text: str, begin: float, end: float, plays: int, sounds: str | None
) -> None:
    film(deck / "films" / "heard.mkv", sound=np.zeros(96_000, np.float32))
    (frame,), findings = Studio(deck).render(text)
    assert findings == ()
    wish, (one,) = wished(frame)
    assert (one.begin, one.plays, dict(wish.sounds).get(one.name)) == (begin, plays, sounds)
    assert one.end == pytest.approx(end, abs=0.002)


def test_an_unknown_word_is_told_but_not_of_pictures_with_titles(deck: Path) -> None:
    animation(deck / "images" / "spin.gif", [50, 50], loop=0)
    frames, findings = Studio(deck).render(
        '![x](films/demo.mp4 "lop")\n---\n![x](images/spin.gif "A loopy thing")\n---\n![x](images/red.png "lop")\n'
    )
    (finding,) = findings
    assert (finding.code, finding.where, finding.hint) == (
        "film-option",
        Where("deck.md", 1, 6),
        "did you mean `loop`?",
    )
    assert [len(frame.wishes) for frame in frames] == [1, 1, 0]


def test_two_films_on_a_slide_and_steps_on_which_they_come(deck: Path) -> None:
    animation(deck / "images" / "spin.gif", [50, 50], loop=0)
    (first, second), _ = Studio(deck).render("![x](films/demo.mp4)\n--\n\n![x](images/spin.gif)\n")
    assert [one.name for one in wished(first)[1]] == ["film-1"]
    assert [(one.name, one.plays) for one in wished(second)[1]] == [("film-1", 1), ("film-2", 0)]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("![x](films/none.mp4)", "there is no file", ""),
        ("![x](films/broken.mp4)", "broken.mp4 cannot be shown: it is no film, or damaged", "ffmpeg -i broken.mp4"),
        ("![x](films/sound.mp4)", "it has sound, but no pictures", "music"),
        ("![x](films/long.mp4)", "it lasts 11 minutes, and 10 are the most", "ffmpeg -i long.mp4 -t 60"),
        ("![x](films/demo.mp4#t=5,2)", "`#t=5,2` names no part of a film", "#t=2,8"),
        ("![x](films/demo.mp4#t=x)", "names no part", ""),
        ("![x](films/demo.mp4#t=3)", "demo.mp4 is over after 2 seconds, and would begin at 3", ""),
        ("![x](https://films.example/demo.mp4)", "is on the web", "download"),
        ("zoom: 1.3\n\n![x](films/demo.mp4)", "a film moves on this slide already", "leave out `zoom`"),
    ],
)
def test_what_cannot_be_shown_is_told(deck: Path, text: str, message: str, hint: str) -> None:
    (deck / "films" / "broken.mp4").write_bytes((deck / "films" / "demo.mp4").read_bytes()[:900])
    if "long" in text:
        film(deck / "films" / "long.mp4", 3)
        run = [get_ffmpeg_exe(), "-v", "error", "-y", "-f", "lavfi", "-i", "color=c=red:s=16x16:r=1:d=660"]
        subprocess.run([*run, str(deck / "films" / "long.mp4")], check=True)
    if "sound" in text:
        run = [get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "sine=d=1", str(deck / "films" / "sound.mp4")]
        subprocess.run(run, check=True)
    with pytest.raises(AssetError) as caught:
        Studio(deck).render(text)
    finding = caught.value.finding
    assert message in finding.message
    assert hint in finding.hint
    assert finding.where is not None
    assert finding.where.path == "deck.md"
