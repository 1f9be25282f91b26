"""Files of a deck that would lead to others, or cost more than they weigh, are refused before a browser sees them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from deckcast import film
from deckcast.cover import _jpeg
from deckcast.errors import AssetError, DeckError, TemplateError
from deckcast.parse import compose, load, script_of
from deckcast.render.assets import HEAVIEST, Assets
from deckcast.run.shelf import Shelf
from deckcast.settings import Settings
from deckcast.sound_file import decoded
from deckcast.theme import find_theme
from render.drawing import Studio, folder
from safety import bombs
from safety.listener import Listener

SHOWN = {
    "on a slide": "![x](images/{})",
    "as the background of a slide": "background-image: url(images/{})\n\n# A",
    "as the background of an element": '<p style="background: url(images/{})">x</p>',
    "in a style element": "<style>p {{ background: url(images/{}) }}</style>x",
}


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    return folder(tmp_path)


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_pictures_of_endless_pixels_are_told(deck: Path, text: str) -> None:
    (deck / "images" / "bomb.png").write_bytes(bombs.huge_png(30_000))
    with pytest.raises(AssetError, match="more than 89 million pixels") as caught:
        Studio(deck).render(text.format("bomb.png"))
    assert caught.value.finding.where is not None


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_pictures_of_endless_entities_are_told(deck: Path, text: str) -> None:
    (deck / "images" / "laugh.svg").write_text(bombs.laughing_svg())
    with pytest.raises(AssetError, match="no well-formed XML: limit on input amplification"):
        Studio(deck).render(text.format("laugh.svg"))


@pytest.mark.parametrize("text", SHOWN.values(), ids=SHOWN)
def test_files_of_many_bytes_are_told(deck: Path, text: str) -> None:
    with (deck / "images" / "heavy.png").open("wb") as file:
        file.truncate(HEAVIEST + (70 << 20))
    with pytest.raises(AssetError, match=r"heavy\.png has 102 MB, and 32 are the most"):
        Studio(deck).render(text.format("heavy.png"))
    assert Assets(deck, find_theme("light", [])).get("/deck/images/heavy.png") is None


def test_a_heavy_font_of_a_style_sheet_is_told(deck: Path) -> None:
    with (deck / "heavy.woff2").open("wb") as file:
        file.truncate(HEAVIEST + 1)
    (deck / "own.css").write_text("@font-face { font-family: x; src: url(heavy.woff2) }")
    with pytest.raises(AssetError, match=r"heavy\.woff2 has 32 MB"):
        Studio(deck).render("---\ncss: own.css\n---\n# A")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_no_file(deck: Path) -> None:
    os.mkfifo(deck / "images" / "pipe.png")
    with pytest.raises(AssetError, match=r"images/pipe\.png is no ordinary file"):
        Studio(deck).render("![x](images/pipe.png)")


def playlists(server: str) -> dict[str, str]:
    """Texts that libav's readers would follow, to other files or into the network."""
    return {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9.0,\nhttp://{server}/a.ts\n#EXT-X-ENDLIST\n",
        "concat": f"ffconcat version 1.0\nfile http://{server}/a.mp4\n",
        "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
        f"m=video {server.partition(':')[2]} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
        f"<Representation id='1'><BaseURL>http://{server}/a.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>",
    }


@pytest.mark.parametrize("kind", ["hls", "concat", "sdp", "dash"])
def test_films_and_sounds_that_are_playlists_lead_nowhere(tmp_path: Path, kind: str) -> None:
    from deckcast.encode.libav import load
    from deckcast.encode.music import _open

    server = Listener()
    try:
        file = tmp_path / "clip.mp4"
        file.write_text(playlists(server.address)[kind])
        with pytest.raises(film.TroubleError, match="no film, or damaged"):
            film.opened(file.read_bytes())
        with pytest.raises(AssetError, match="cannot be read as sound"):
            list(decoded(file, "clip.mp4"))
        with pytest.raises(load().FFmpegError):
            _open(file)
        assert server.heard == []
    finally:
        server.close()


def test_a_cover_that_is_a_program_is_not_run(deck: Path) -> None:
    """Pillow would hand PostScript to Ghostscript."""
    page = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
    (plan,) = [script_of([("deck.md", "# A")], deck)]
    with pytest.raises(AssetError, match="no picture that can be read"):
        _jpeg(page, compose(plan, Settings().slides), "a.eps")


def test_a_template_that_is_a_link_out_of_its_theme_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SESAME")
    own = tmp_path / "themes" / "own"
    own.mkdir(parents=True)
    (own / "deck.html.j2").write_text('{% include "link.j2" %}')
    (own / "link.j2").symlink_to(secret)
    with pytest.raises(TemplateError, match=r"names a template `link\.j2` that is not there"):
        find_theme("own", [tmp_path]).page()


def no_ordinary_files(folder: Path) -> list[Path]:
    os.mkfifo(folder / "pipe.md")
    (folder / "zero.md").symlink_to("/dev/zero")
    return [folder / "pipe.md", folder / "zero.md"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_deck_that_is_a_pipe_or_a_device_is_refused(tmp_path: Path) -> None:
    for path in no_ordinary_files(tmp_path):
        with pytest.raises(DeckError, match="it is no ordinary file"):
            load([path])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_record_that_is_a_pipe_or_a_device_is_told(deck: Path) -> None:
    (deck / "deck.md").write_text("# A")
    shelf = Shelf(compose(load([deck / "deck.md"]), Settings().slides))
    shelf.folder.mkdir()
    for path in no_ordinary_files(deck):
        shelf.path.unlink(missing_ok=True)
        path.rename(shelf.path)
        record, findings, why = shelf.load()
        assert (record.entries, len(findings)) == ((), 1)
        assert "it is no ordinary file" in why


def test_a_recorded_picture_that_is_a_link_out_of_its_folder_is_not_read(deck: Path, tmp_path: Path) -> None:
    (deck / "deck.md").write_text("# A")
    shelf = Shelf(compose(load([deck / "deck.md"]), Settings().slides))
    shelf.folder.mkdir()
    (tmp_path / "private.svg").write_text("SESAME")
    (shelf.folder / "a-0123456789ab.svg").symlink_to(tmp_path / "private.svg")
    (shelf.folder / "b-0123456789ab.svg").write_bytes(b"own")
    assert shelf._picture("a-0123456789ab.svg") is None
    assert shelf._picture("b-0123456789ab.svg") == b"own"
