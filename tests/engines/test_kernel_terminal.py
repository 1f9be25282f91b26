"""What a terminal would show in the end."""

from __future__ import annotations

import pytest

from deckcast.engines.kernel_terminal import WINDOW, Terminal, coloured, safe, styled, uncoloured

PLENTY = 1 << 30


def shown(*texts: str, room: int = PLENTY) -> str:
    terminal = Terminal()
    for text in texts:
        terminal.write(text, room)
    return terminal.text


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        (["a\n", "b\n"], "a\nb\n"),
        (["a", "b\nc"], "ab\nc"),
        # carriage returns and backspaces
        (["10%\r20%\r100%\n"], "100%\n"),
        (["10%", "\r20%", "\r100%", "\n"], "100%\n"),
        (["abc\rX"], "Xbc"),
        (["abc\r\ndef\r\n"], "abc\ndef\n"),
        (["abc\r", "\ndef"], "abc\ndef"),
        (["abc\r\r\n"], "abc\n"),
        (["12\b\b34"], "34"),
        (["\b\bx"], "x"),
        (["-\b\\\b|\bdone"], "done"),
        # a bar that is wiped away with blanks leaves none
        (["100%|####|", "\r          \r", "next\n"], "next\n"),
        (["bar 100%\r\x1b[K", "x"], "x"),
        (["abcdef\r\x1b[2Kgh"], "gh"),
        (["abcdef\b\b\x1b[K"], "abcd"),
        # bars below each other, as tqdm draws them
        (["\router 0%", "\n\rinner 50%\x1b[A", "\n\rinner 99%\x1b[A", "\router 9%"], "outer 9%\ninner 99%"),
        (["a\nb\nc\x1b[9Ax"], "ax\nb\nc"),
        # colours stay, complete in each line
        (["\x1b[31mred\x1b[0m plain"], "\x1b[31mred\x1b[0m plain"),
        (["\x1b[31mred\nred, too\x1b[39m\n"], "\x1b[31mred\x1b[0m\n\x1b[31mred, too\x1b[0m\n"),
        (["\x1b[31m10%\r\x1b[32m20%\x1b[0m"], "\x1b[32m20%\x1b[0m"),
        (["\x1b[1;3", "1mhalf", " a colour\x1b[", "0m"], "\x1b[1;31mhalf a colour\x1b[0m"),
        # other escape sequences go
        (["\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\"], "link"),
        (["\x1b]0;title\x07text"], "text"),
        (["\x1b]0;ti", "tle\x07text"], "text"),
        (["a\x1b[2J\x1b[Hb\x1b[?25lc\x1b(Bd"], "abcd"),
        (["a\x1b[5Bb"], "ab"),
        (["a\x1b]0;broken off\x1b[31mb\x1b[0m"], "a\x1b[31mb\x1b[0m"),
        (["bell\x07 null\x00 c1\x9b31m"], "bell null c131m"),
        (["half \ud800 a character"], "half � a character"),
        (["tab\tstays\n"], "tab\tstays\n"),
    ],
)
def test_it_shows_the_last_state(texts: list[str], seen: str) -> None:
    assert shown(*texts) == seen


def test_it_does_not_matter_where_the_text_is_torn() -> None:
    text = "\x1b[1;31m1%\x1b[0m\r\x1b]8;;x\x1b\\2%\x1b[K\r3 %\b\b%\n\x1b[38;5;99mé🎉\x1b[0m\r\nnext\x1b[Aup"
    whole = shown(text)
    assert all(shown(text[:at], text[at:]) == whole for at in range(len(text)))
    assert shown(*text) == whole


def test_a_bar_of_a_thousand_states_takes_the_room_of_one() -> None:
    terminal = Terminal()
    dropped = sum(terminal.write(f"\r{state:>5}/1000 [{'#' * 50}]", 200) for state in range(1000))
    assert dropped == 0
    assert terminal.text == f"  999/1000 [{'#' * 50}]"
    assert terminal.size < 100


def test_many_lines_stay_in_their_order() -> None:
    text = "".join(f"{number}\n" for number in range(5000))
    assert shown(text) == text
    assert shown(*text.splitlines(keepends=True)) == text


def test_the_cursor_goes_up_no_further_than_the_window() -> None:
    text = "".join(f"{number}\n" for number in range(WINDOW * 2))
    lines = shown(text, "\x1b[9999Ax").split("\n")
    assert lines[WINDOW + 1] == f"x{str(WINDOW + 1)[1:]}"
    assert lines[:WINDOW] == [str(number) for number in range(WINDOW)]


@pytest.mark.parametrize("text", ["x" * 1000, "é" * 500, "line\n" * 200, "\x1b[31mx\x1b[0m" * 100])
def test_what_comes_first_is_kept_and_the_rest_is_counted(text: str) -> None:
    terminal = Terminal()
    dropped = terminal.write(text, 100)
    kept = terminal.text
    assert terminal.full
    assert 90 <= len(uncoloured(kept).encode()) <= 100 or "\x1b" in text
    assert len(kept.encode()) <= 110
    assert uncoloured(text).startswith(uncoloured(kept))
    assert dropped > 0
    if "\x1b" not in text:
        assert len(kept.encode()) + dropped == len(text.encode())
    assert terminal.write("more", 100) == 4
    assert terminal.text == kept


def test_a_cut_never_splits_a_character() -> None:
    assert shown("é" * 10, room=5) == "éé"


def test_a_cut_colour_ends() -> None:
    kept = shown("\x1b[31m" + "red " * 100, room=50)
    assert kept.startswith("\x1b[31mred ")
    assert kept.endswith("\x1b[0m")


def test_millions_of_bytes_without_an_end_of_line_are_no_trouble() -> None:
    terminal = Terminal()
    assert terminal.write("x" * 50_000_000, 1000) == 50_000_000 - 1000


@pytest.mark.parametrize(
    ("style", "codes", "after"),
    [
        ("", "31", "31"),
        ("31", "32", "32"),
        ("31", "1", "1;31"),
        ("1;31", "0", ""),
        ("1;31", "", ""),
        ("1;31", "22", "31"),
        ("31;44", "39", "44"),
        ("", "38;5;196", "38;5;196"),
        ("38;5;196", "38;2;1;2;3", "38;2;1;2;3"),
        ("", "38:2:10:200:30", "38;2;10;200;30"),
        ("", "0;1;35", "1;35"),
        ("", "38;5", ""),
        ("", "99999", ""),
        ("91", "49", "91"),
    ],
)
def test_styles_have_one_form_for_each_look(style: str, codes: str, after: str) -> None:
    assert styled(style, codes) == after


def test_text_that_is_no_stream_keeps_its_ends_of_lines_and_colours() -> None:
    assert coloured("\x1b[31ma\x1b[0m\nb\x1b[2J\x1b]0;t\x07\ud800\x1b") == "\x1b[31ma\x1b[0m\nb�"
    assert uncoloured("\x1b[31ma\x1b[0m\x1b") == "a"
    assert safe("a\ud83c\udf89b\udc00") == "a🎉b�"
