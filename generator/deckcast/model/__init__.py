"""The nouns of deckcast, in the order in which a lesson meets them.

Every value is frozen and made of tuples, strings, numbers and paths, so it can be compared, digested
and sent to another machine. What the author wrote carries its `Where`, so that any later stage can
point at the author's own line.

    text ─▶ Deck(Slide(Step(Content))) ─▶ Results ─▶ Frame, Take ─▶ Scene, Timeline ─▶ Lesson
            deck.py                        cells.py    picture.py, motion.py, lesson.py
"""

from __future__ import annotations

from deckcast.model.blob import Blob
from deckcast.model.cells import (
    NO_RESULTS,
    Cell,
    Failure,
    Inline,
    Output,
    OutputKind,
    OutputPlace,
    Provenance,
    Result,
    Results,
)
from deckcast.model.deck import (
    Box,
    Content,
    Deck,
    Finding,
    Link,
    Option,
    Properties,
    Property,
    Prose,
    Scalar,
    Severity,
    Slide,
    Step,
    Where,
    proses,
)
from deckcast.model.inspection import Inspection, Lettering, Painted
from deckcast.model.lesson import (
    AAC_BLOCK,
    SAMPLE_RATE,
    Encoded,
    Lesson,
    Phonemes,
    Point,
    Scene,
    Sentence,
    Speech,
    Stage,
    Take,
    Timeline,
    Utterance,
    Word,
)
from deckcast.model.motion import Clip, Fade, Film, Look, Moment, Motion, Pointer, Push, Recipe, Spot, View, Wish, Zoom
from deckcast.model.picture import Frame
from deckcast.model.region import Opening, Region

__all__ = [
    "AAC_BLOCK",
    "NO_RESULTS",
    "SAMPLE_RATE",
    "Blob",
    "Box",
    "Cell",
    "Clip",
    "Content",
    "Deck",
    "Encoded",
    "Fade",
    "Failure",
    "Film",
    "Finding",
    "Frame",
    "Inline",
    "Inspection",
    "Lesson",
    "Lettering",
    "Link",
    "Look",
    "Moment",
    "Motion",
    "Opening",
    "Option",
    "Output",
    "OutputKind",
    "OutputPlace",
    "Painted",
    "Phonemes",
    "Point",
    "Pointer",
    "Properties",
    "Property",
    "Prose",
    "Provenance",
    "Push",
    "Recipe",
    "Region",
    "Result",
    "Results",
    "Scalar",
    "Scene",
    "Sentence",
    "Severity",
    "Slide",
    "Speech",
    "Spot",
    "Stage",
    "Step",
    "Take",
    "Timeline",
    "Utterance",
    "View",
    "Where",
    "Wish",
    "Word",
    "Zoom",
    "proses",
]
