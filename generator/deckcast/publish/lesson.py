"""The publish stage: writes what stands beside the video, and removes what no longer belongs there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from deckcast import __version__, captions
from deckcast.captions import write
from deckcast.digest import Question
from deckcast.keep import Keeper
from deckcast.model import NO_RESULTS, Blob, Deck, Document, Encoded, Finding, Results, Timeline, proses
from deckcast.outline import deck_title, numbered, sections, slides_by_step
from deckcast.publish import accent, files, linked, package, page_lesson, page_pictures
from deckcast.publish.chapters import FEWEST, SHORTEST, chapters, podcast, text
from deckcast.publish.description import description
from deckcast.publish.manifest import MANIFEST, manifest, provenances
from deckcast.publish.page_spoken import complete_scenes
from deckcast.publish.scorm import MANIFEST as SCORM_MANIFEST
from deckcast.publish.scorm import PAGE, scorm_manifest
from deckcast.publish.slides_page import NAME as PRESENTATION
from deckcast.publish.slides_page import digests as page_digests
from deckcast.publish.slides_page import presentation
from deckcast.publish.transcript import transcript
from deckcast.settings import PublishSettings, Settings

HANDOUT = "handout.pdf"
STAGE = "publish"
SLOT = "companions"
OURS = (
    "captions.vtt",
    "captions.words.vtt",
    "captions.srt",
    "transcript.md",
    "chapters.txt",
    "chapters.json",
    "description.txt",
    PRESENTATION,
    "thumbnail.jpg",
    "lesson.m4a",
    "lesson.webm",
    package.ZIP,
    package.SCORM,
    PAGE,
    "manifest.json",
)

_OF_THE_COURSE: Mapping[str, Any] = {
    name: getattr(PublishSettings(), name)
    for name in ("order", "course_description", "course_picture", "feed_category", "feed_explicit")
}
"""Settings of which no file of a lesson knows."""


def publish(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    keeper: Keeper,
    folder: Path,
    encoded: Sequence[Encoded],
    *,
    cover: Blob | None = None,
    engines: Mapping[str, str] | None = None,
    results: Results = NO_RESULTS,
    document: Document | None = None,
    handout: Blob | None = None,
) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """Writes the slides' pictures and their page, captions, transcript, chapter list, cover, lesson page, packages of
    these, and the manifest.

    Gives every file of the lesson, those of `encoded` first, and what the author should know. `cover` is a JPEG,
    `document` the slides as a page, `handout` a PDF.
    `engines` says by whom the lesson was drawn and spoken, `results` where its cells ran, for the manifest. Files that
    are as they should be are not written again. Raises `StorageError`.
    """
    first = [one.path for one in encoded]
    parts = sections(deck, timeline)
    listed = chapters(parts, timeline)
    address = linked.lesson_address(settings.publish, folder.name)
    findings: tuple[Finding, ...] = () if listed else (_too_few(),)
    question = _question(
        deck, timeline, settings, address, encoded, cover, engines or {}, results, document, handout, folder
    )
    answer = keeper.find(STAGE, SLOT, question, serves=lambda kept: files.stands(folder, kept.facts["files"]))
    if answer is not None:
        names = [name for name, _, _ in answer.facts["files"]]
        files.remove_others(folder, [*names, *(path.name for path in first)], OURS)
        flaws = [captions.Flaw(**one) for one in answer.facts["flaws"]]
        findings += captions.findings(flaws, deck, answer.facts["captions"])
        return (*first, *(folder / name for name in names)), findings

    title = settings.lesson.title or deck_title(deck)
    colours = accent.accents(keeper.read(document.html).decode("utf-8", "replace")) if document else None
    written: dict[str, tuple[str, int]] = {}

    def put(name: str, data: str | bytes) -> None:
        written[name] = files.put(folder, name, data.encode() if isinstance(data, str) else data)

    shown = captions.cues(timeline, settings.lesson.language)
    if shown:
        put("captions.vtt", write.vtt(shown))
        put("captions.words.vtt", write.words_vtt(shown))
        put("captions.srt", write.srt(shown))
    put(
        "transcript.md", transcript(title, deck, timeline, settings.narration.paragraph_pause, settings.lesson.language)
    )
    if listed:
        put("chapters.txt", text(listed))
    if settings.publish.feed != "none":
        put("chapters.json", podcast(parts, timeline))
    if about := description(parts, timeline, settings, address):
        put("description.txt", about)
    if cover:
        put("thumbnail.jpg", keeper.read(cover))
    if document and settings.publish.presentation:
        presented, beside = presentation(deck, document, settings, results, keeper.read)
        put(PRESENTATION, presented)
        for name, film in beside.items():
            put(name, keeper.read(film))
    if handout:
        put(HANDOUT, keeper.read(handout))
    pictures = picture_names(deck, timeline)
    complete = [pictures[at] for at in complete_scenes(deck, timeline)]
    for name, scene in zip(pictures, timeline.scenes, strict=True):
        put(name, keeper.read(scene.frame.image))
    for at in complete_scenes(deck, timeline):
        small = page_pictures.small(timeline.scenes[at].frame.image, keeper)
        put(page_lesson.small_name(pictures[at]), keeper.read(small))
    there = {one.path.name: one.size for one in encoded} | {name: size for name, (_, size) in written.items()}

    def page_of(there: Mapping[str, int], **how: Any) -> str:
        return page_lesson.lesson_page(
            deck, timeline, settings, results, cues=shown, pictures=pictures, files=there, colours=colours, **how
        )

    inside = package.belonging(there, complete, first=pictures[0])
    if settings.publish.zip:
        written[package.ZIP] = package.pack(folder, package.ZIP, {PAGE: page_of(there, alone=True)}, inside)
    if settings.publish.scorm:
        texts = {
            SCORM_MANIFEST: scorm_manifest(folder.name, title, settings, timeline.seconds, [PAGE, *inside]),
            PAGE: page_of(there, alone=True, scorm=True),
        }
        written[package.SCORM] = package.pack(folder, package.SCORM, texts, inside)
    if package.ZIP in written:
        there[package.ZIP] = written[package.ZIP][1]
    put(PAGE, page_of(there, address=address))
    told = {one.path.name: (one.sha256, one.size) for one in encoded} | written
    put(MANIFEST, manifest(title, deck, timeline, settings, engines or {}, results, pictures, told, colours))
    files.remove_others(folder, [*written, *(path.name for path in first)], OURS)
    flaws = list(captions.flaws(shown, settings.lesson.language))
    facts = {
        "files": [[name, *told] for name, told in written.items()],
        "captions": len(shown),
        "flaws": [asdict(flaw) for flaw in flaws],
    }
    keeper.keep(STAGE, SLOT, question, facts, {})
    findings += captions.findings(flaws, deck, len(shown))
    return (*first, *(folder / name for name in written)), findings


def picture_names(deck: Deck, timeline: Timeline) -> list[str]:
    """The file of each scene's picture: `slides/007.png`, and `slides/007-2.png` for the slide's second step."""
    slides = slides_by_step(deck)
    names = []
    for scene in timeline.scenes:
        slide = slides[scene.frame.step]
        number = 1 + next(at for at, step in enumerate(slide.steps) if step.index == scene.frame.step)
        names.append(f"{files.SLIDES}/{numbered(deck, slide, number)}.png")
    return names


def _question(
    deck: Deck,
    timeline: Timeline,
    settings: Settings,
    address: str,
    encoded: Sequence[Encoded],
    cover: Blob | None,
    engines: Mapping[str, str],
    results: Results,
    document: Document | None,
    handout: Blob | None,
    folder: Path,
) -> Question:
    """All that the files depend on."""
    return Question.of(
        "companions-14",
        deckcast=__version__,
        timeline=timeline,
        titles=[(slide.index, slide.title, [(step.index, step.name) for step in slide.steps]) for slide in deck.slides],
        settings=(
            settings.lesson,
            settings.slides,
            settings.narration,
            settings.video,
            settings.sound,
            replace(settings.publish, **_OF_THE_COURSE),
        ),
        address=address,
        encoded=[(one.path.name, one.sha256) for one in encoded],
        cover=cover,
        engines=engines,
        cells=provenances(results),
        page=page_lesson.question(deck, results),
        document=(document, page_digests()) if document else None,
        notes=[[prose.text for prose in proses(step.notes)] for step in deck.steps],
        handout=handout,
        name=folder.name if settings.publish.scorm else "",
    )


def _too_few() -> Finding:
    return Finding(
        "chapters-few",
        "note",
        f"no chapters.txt: the lesson has fewer than {FEWEST} sections of {SHORTEST} seconds",
        hint="sections begin where a slide has a new heading",
    )
