"""Every setting of deckcast: the only list of options, from which loader, documentation and messages are made.

No two sections share a name, so a setting may be named in full (`narration.voice`) or alone (`voice`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, get_type_hints

from deckcast.edge_names import edge_problem
from deckcast.redact import address_problem
from deckcast.shape import ratio_problem
from deckcast.web import FEED_CATEGORIES, base_url_problem, cluster_problem

LOOKS = (
    *("title", "section", "default", "two-cols", "image", "image-left", "image-right", "image-full"),
    *("code", "code-output", "quote", "statement", "center", "end", "thumbnail"),
)
"""How a slide may be laid out."""
Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""The type of a setting that maps words to words, each once. Layers add to it, word by word."""
EXTRAS = ("admonitions", "definitions", "emoji", "footnotes", "image-sizes", "tasks")
"""What may be read beyond remark's Markdown."""


def option(
    default: Any,
    help: str,  # noqa: A002 - the word that every command line uses
    *,
    choices: tuple[str, ...] = (),
    wrong: Callable[[str], str] | None = None,
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    slide: str = "",
    pairs: tuple[str, str] = ("", ""),
) -> Any:
    """A field of a settings section. A `unit` of `s` makes it a duration; `slide` names its slide property, if any.

    `wrong` tells of a text why it cannot be, or nothing.
    `pairs` are an example of a word of `Pairs`, and what it is: (`BERT: burt`, `how it is said`).
    """
    metadata = {
        "help": help,
        "choices": choices,
        "wrong": wrong,
        "low": low,
        "high": high,
        "unit": unit,
        "slide": slide,
        "pairs": pairs,
    }
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class LessonSettings:
    """What the lesson is."""

    title: str = option("", "title of the lesson; without it, the first slide's heading")
    author: str = option("", "who made it")
    description: str = option("", "one or two sentences for lists of lessons")
    date: str = option("", "when it was made, such as `2026-03-31`; without it, nothing tells a date")
    cover: str = option(
        "",
        "picture that stands for it: a slide's `name`, or a file; without it, the title in larger type, or what shows"
        " first",
    )
    language: str = option("en", "language of the notes and slides, as a BCP 47 tag: `en`, `de-AT`")
    licence: str = option("", "under which licence others may use it: `CC BY 4.0`, an SPDX name, or an address")


@dataclass(frozen=True, slots=True)
class SlidesSettings:
    """How slides look and how the deck is read."""

    theme: str = option(
        "light",
        "name of a theme: `light`, `dark`, `remark`, or a folder in `templates/themes/`, the author's own first",
    )
    look: str = option(
        "auto",
        "how a slide is laid out; `auto` follows from its classes and from what it holds",
        choices=("auto", *LOOKS),
        slide="look",
    )
    ratio: str = option(
        "16:9", "shape of the slides, width to height: `16:9`, `4:3`, `1:1`, `9:16`, `21:9` …", wrong=ratio_problem
    )
    css: tuple[str, ...] = option((), "the deck's own style sheets, beside the deck")
    extras: tuple[str, ...] = option(
        EXTRAS, "what is read beyond remark's Markdown; `none` reads a deck as remark does", choices=EXTRAS
    )
    highlight_lines: bool = option(True, "a leading `*` marks a line of code (not in Markdown, diff or plain text)")
    highlight_language: str = option("", "language of code blocks that name none")
    line_numbers: bool = option(False, "number the lines of code blocks; `numbers` on a fence says it of one")
    count_incremental_slides: bool = option(True, "increments advance the slide number")
    disable_incremental_slides: bool = option(False, "`--` is ignored: each slide shows complete")
    excluded_classes: tuple[str, ...] = option((), "slides with one of these classes are not shown")
    slide_number: bool = option(True, "show `7 / 24` at the foot of each slide", slide="slide-number")
    header: str = option(
        "", "words above each slide, as `footer`; `none` on a slide", wrong=edge_problem, slide="header"
    )
    footer: str = option(
        "{title}",
        "words below each slide; `{title}`, `{section}`, `{author}`, `{date}`, `{number}` and `{total}` are filled in;"
        " `none` on a slide",
        wrong=edge_problem,
        slide="footer",
    )
    progress: bool = option(False, "a line at the foot that grows from slide to slide", slide="progress")
    logo: str = option(
        "", "a picture beside the deck that stands in a corner of each slide; `none` on a slide", slide="logo"
    )
    logo_position: str = option(
        "top-right",
        "the corner",
        choices=("top-left", "top-right", "bottom-left", "bottom-right"),
        slide="logo-position",
    )
    transition: str = option(
        "none",
        "how a slide takes the place of the one before; `push` moves both to the left",
        choices=("none", "fade", "push", "push-right", "push-up", "push-down"),
        slide="transition",
    )
    pointer: str = option(
        "highlight",
        'how `[point "words"]` in the notes shows what it means: a frame around it, or a line under it',
        choices=("highlight", "underline"),
        slide="pointer",
    )
    transition_seconds: float = option(
        0.4, "how long that takes", low=0.1, high=5, unit="s", slide="transition-seconds"
    )
    math_macros: tuple[tuple[str, str], ...] = option(
        (),
        "commands of your own for formulas, and the TeX that they stand for, arguments as `#1`; layers add to it",
        pairs=(r"RR: '\mathbb{R}'", "what it stands for"),
    )


@dataclass(frozen=True, slots=True)
class CellsSettings:
    """How code in the deck runs."""

    exec: tuple[str, ...] = option((), "languages whose code blocks all run, as if each said `exec`")
    mode: str = option(
        "auto",
        "when cells run: where their record does not serve, always, never, or always to compare with the record",
        choices=("auto", "always", "never", "verify"),
    )
    kernel: str = option("python3", "the Jupyter kernel that runs Python cells")
    kernel_url: str = option(
        "",
        "address of a Jupyter server to run cells on; its token is read from `DECKCAST_KERNEL_TOKEN`",
        wrong=address_problem,
    )
    sandbox: str = option(
        "none",
        "whether cells are shut in: by bubblewrap without network, or with it",
        choices=("none", "bwrap", "bwrap-network"),
    )
    cell_timeout: float = option(60.0, "how long one cell may take", low=0.1, high=86400, unit="s")
    chapter_timeout: float = option(600.0, "how long all cells of a chapter may take", low=1, high=604800, unit="s")
    cell_memory: float = option(
        0.0, "GiB that a kernel may use; 0 means three quarters of the machine's", low=0, high=4096
    )
    output_limit: int = option(1000, "kilobytes that one cell may put out; the rest is dropped", low=1, high=100_000)
    output_lines: int = option(
        0, "most lines of a cell's text that a slide shows; 0 means what has room beside its code", low=0, high=200
    )
    provenance: str = option(
        "short",
        "what a slide says about where its cells ran: nothing, hardware and date, or seconds and memory, too",
        choices=("none", "short", "full"),
    )
    lock: str = option("", "a file of the deck's folder, such as a lock file, whose change makes the cells run again")


@dataclass(frozen=True, slots=True)
class NarrationSettings:
    """How notes are spoken."""

    voice: str = option(
        "auto",
        "`auto`, an engine (`edge`, `piper`, `kokoro`, `transformers`, `flite`, `espeak`, `silent`, `recorded`), or"
        " engine and voice: `flite rms`",
        slide="voice",
    )
    online: bool = option(False, "allow voices that send the notes to another company's service")
    voice_folder: str = option(
        "", "folder of neural voices' files; without it, `DECKCAST_VOICES` or a folder of the user's own data"
    )
    rate: float = option(1.0, "speed of speech; 1 is the voice's own", low=0.5, high=2.0, slide="rate")
    lexicon: tuple[tuple[str, str], ...] = option(
        (),
        "words and how they are said; layers add to it word by word",
        slide="lexicon",
        pairs=("BERT: burt", "how it is said"),
    )
    lead_in: float = option(0.35, "silence before the narration of a slide", low=0, high=60, unit="s", slide="lead-in")
    tail: float = option(0.6, "silence after it", low=0, high=60, unit="s", slide="tail")
    recordings: str = option("audio", "the folder of the author's own recordings, beside the deck")
    silent: float = option(3.0, "how long a slide without notes stays", low=0.1, high=3600, unit="s", slide="silent")
    increment_hold: float = option(
        1.0,
        "how long each step (`--`) of a slide without notes stays, and the last one that shows during a narration",
        low=0.1,
        high=3600,
        unit="s",
    )
    sentence_pause: float = option(0.4, "silence between sentences", low=0, high=10, unit="s")
    paragraph_pause: float = option(0.75, "silence between paragraphs", low=0, high=10, unit="s")


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """The video file."""

    size: int = option(
        1080, "shorter side of the picture in pixels: its height, unless the slides stand upright", low=240, high=2160
    )
    fps: int = option(30, "pictures a second, a whole number (29.97 is none)", low=10, high=60)
    keyframe: float = option(4.0, "longest time between two places to seek to", low=0.5, high=30, unit="s")
    quality: int = option(18, "x264's constant rate factor; smaller is finer", low=0, high=40)
    loudness: float = option(-14.0, "how loud the lesson is as a whole", low=-30, high=-8, unit="LUFS")
    true_peak: float = option(-1.5, "how high its sound may come", low=-9, high=0, unit="dBTP")
    audio_bitrate: int = option(128, "kbit/s of the sound", low=32, high=320)
    audio_file: bool = option(False, "write `lesson.m4a` too: the sound alone, with chapters and cover")
    audio_loudness: float = option(-16.0, "how loud that file is as a whole", low=-30, high=-8, unit="LUFS")
    webm: bool = option(False, "write `lesson.webm` too: VP9 and Opus, for where only free formats may be")


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """What is heard besides the narration."""

    music: str = option("", "a file beside the deck that plays under the narration; `none` on a slide", slide="music")
    music_volume: float = option(
        -12.0, "how much softer than speech it is where nobody speaks", low=-60, high=0, unit="dB"
    )
    music_ducking: float = option(12.0, "how much further it goes down under speech", low=0, high=60, unit="dB")
    music_attack: float = option(0.4, "how long it takes to go down", low=0.01, high=10, unit="s")
    music_release: float = option(0.9, "how long it takes to come up again", low=0.01, high=30, unit="s")
    music_fade: float = option(2.0, "how long it comes in at first and goes out at last", low=0.01, high=60, unit="s")


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """What lies beside the video."""

    presentation: bool = option(True, "write `slides.html`: the deck itself, to be presented, in one file")
    handout: str = option(
        "none",
        "write `handout.pdf`, too: the slides, one a page, or each with its notes below",
        choices=("none", "slides", "notes"),
    )
    paper: str = option("A4", "paper of a handout with notes", choices=("A4", "letter"))
    zip: bool = option(False, "write `lesson.zip`, too: the page and all that belongs to it, to hand out")
    scorm: bool = option(False, "write `lesson-scorm.zip`, too: a SCORM 1.2 package for learning platforms")
    completed: float = option(
        0.9, "share of the lesson that must be watched for SCORM's `completed`; 0 asks for nothing", low=0, high=1
    )
    course: str = option("", "title of the course, on the page of all lessons; it belongs into `deckcast.toml`")
    course_description: str = option("", "one or two sentences about the course, for that page")
    course_picture: str = option(
        "", "picture that stands for the course, a file beside `deckcast.toml`; without it, that of the first lesson"
    )
    organisation: str = option("", "who offers the course: a school, a company")
    base_url: str = option(
        "",
        "address that the output folder has on the web: `https://example.org/course/`; without it, pages tell none of"
        " their own",
        wrong=base_url_problem,
    )
    feed: str = option(
        "none",
        "write `feed.xml`, too: the lessons as a podcast, with `lesson.mp4` or with `lesson.m4a`; needs `base_url`",
        choices=("none", "video", "audio"),
    )
    feed_category: str = option("Education", "where lists of podcasts put it", choices=FEED_CATEGORIES)
    feed_explicit: bool = option(False, "tell lists of podcasts that it is not for children")
    order: tuple[str, ...] = option(
        (), "lessons by the names of their folders, in their order; those that it does not name follow by name"
    )


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What `deckcast check` counts as too much or too little."""

    off: tuple[str, ...] = option((), "findings that are not told, by their codes: `slide-words picture-alt`")
    most_words: int = option(45, "words on a slide, code and tables not counted", low=1, high=1000)
    most_bullets: int = option(6, "items of a list, those within items not counted", low=1, high=100)
    deepest_bullets: int = option(2, "lists within each other", low=1, high=20)
    most_code_lines: int = option(16, "lines of one block of code", low=1, high=200)
    widest_code: int = option(90, "characters of a line of code", low=20, high=400)
    most_rows: int = option(8, "rows of a table, its head not counted", low=1, high=200)
    most_columns: int = option(6, "columns of a table", low=1, high=50)
    smallest_text: float = option(24.0, "height of type as it shows on a stage of 1080 pixels", low=6, high=100)
    least_contrast: float = option(4.5, "contrast of words with what is behind them, 3 for large type", low=1, high=21)
    least_resolution: float = option(
        0.9, "pixels of a picture for each that it shows at a size of 1080", low=0.1, high=4
    )
    most_read_out: float = option(0.6, "share of a slide's sentences that its notes repeat", low=0, high=1)
    slowest_pace: float = option(100.0, "words of five letters a minute, pauses included", low=1, high=1000)
    fastest_pace: float = option(190.0, "words of five letters a minute, pauses included", low=1, high=1000)
    longest_still: float = option(60.0, "how long one picture stays", low=1, high=3600, unit="s")
    shortest_slide: float = option(3.0, "how long a slide stays", low=0, high=60, unit="s")
    longest_sentence: int = option(30, "words of a sentence in notes", low=1, high=1000)
    longest_lesson: float = option(1800.0, "how long the lesson is", low=10, high=86400, unit="s")
    longest_cell: float = option(30.0, "how long a cell took when it was recorded", low=0.1, high=86400, unit="s")


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """Where and how work is done."""

    browser: str = option("", "path of the Chromium to use; without it, one is looked for")
    store: str = option(
        "",
        "folder or fsspec URL for finished work; without it, `.deckcast` in the output folder",
        wrong=address_problem,
    )
    cluster: str = option(
        "",
        "address of a Dask scheduler whose workers build: `tcp://host:8786`; without it, this machine does",
        wrong=cluster_problem,
    )
    store_copy: float = option(10.0, "gigabytes of a store at a URL to keep in `.deckcast`", low=0, high=1e5)
    jobs: int = option(0, "chapters at once, or tasks of a single one; 0: one chapter, a task a core", low=0, high=256)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, laid over each other once and then never changed."""

    lesson: LessonSettings = field(default_factory=LessonSettings)
    slides: SlidesSettings = field(default_factory=SlidesSettings)
    cells: CellsSettings = field(default_factory=CellsSettings)
    narration: NarrationSettings = field(default_factory=NarrationSettings)
    video: VideoSettings = field(default_factory=VideoSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    publish: PublishSettings = field(default_factory=PublishSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    build: BuildSettings = field(default_factory=BuildSettings)


def fields() -> dict[str, dataclasses.Field[Any]]:
    """Every setting's full name and field, in order."""
    return {
        f"{section.name}.{item.name}": item
        for section in dataclasses.fields(Settings)
        for item in dataclasses.fields(_TYPES[section.name])
    }


def reference() -> str:
    """Every setting as a Markdown table, for docs/writing.md."""
    rows = ["| setting | default | slide property | what it is |", "| --- | --- | --- | --- |"]
    for name, item in fields().items():
        meta = item.metadata
        limits = [", ".join(f"`{one}`" for one in meta["choices"])] if meta["choices"] else []
        if meta["low"] is not None:
            limits.append(f"{meta['low']:g} to {meta['high']:g}{' ' if meta['unit'] else ''}{meta['unit']}")
        text = meta["help"] + (f" ({'; '.join(limits)})" if limits else "")
        default = item.default
        shown = " ".join(default) if isinstance(default, tuple) else str(default)
        shown = shown.lower() if isinstance(default, bool) else shown
        own = f"`{meta['slide']}`" if meta["slide"] else ""
        rows.append(f"| `{name}` | {f'`{shown}`' if shown else ''} | {own} | {text} |")
    return "\n".join(rows)


_TYPES: dict[str, Any] = get_type_hints(Settings)
TYPES: dict[str, Any] = {
    f"{section}.{name}": hint for section, kind in _TYPES.items() for name, hint in get_type_hints(kind).items()
}
"""Each setting's type, by full name."""
