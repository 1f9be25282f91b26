"""Asks a question of the store before anybody works on it, and remembers what was asked where.

A *slot* is a place in the lesson that always needs some answer ("picture of slide 7"). Remembering
the question that stood there in the last build is what lets `--explain` say why the answer was made again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from deckcast.digest import Question, digest
from deckcast.model import Blob, Finding
from deckcast.ports import Answer, Progress, Store


class Keeper:
    """The store as one build sees it. Safe to use from several threads."""

    def __init__(self, store: Store, progress: Progress, lesson: str, *, force: bool = False) -> None:
        self._store = store
        self._progress = progress
        self._force = force
        self._ledger_key = ledger_key(lesson)
        self._damaged_before = len(store.damaged)
        self._before = asked(store, lesson)
        self._asked: dict[str, Question] = {}
        self._keys: set[str] = set()
        self._counts: dict[str, list[int]] = {}
        self._lock = threading.Lock()

    def find(
        self, stage: str, slot: str, question: Question, *, serves: Callable[[Answer], bool] | None = None
    ) -> Answer | None:
        """The kept answer, told to the progress as kept; None means: make it, then call `keep`.

        `serves` may refuse an answer, such as one that tells of a file which is no longer there.
        With `force`, None the first time that a key is asked for in this build.
        """
        with self._lock:
            self._asked[slot] = question
        answer = self.find_part(question)
        if answer is None or (serves is not None and not serves(answer)):
            return None
        self._tell(stage, slot, kept=True)
        return answer

    def find_part(self, question: Question) -> Answer | None:
        """The kept answer to what is asked on the way to a piece: nobody is told. None means: make it, `keep_part`."""
        with self._lock:
            fresh = not self._force or question.key in self._keys
            self._keys.add(question.key)
        return self._store.get(question.key) if fresh else None

    def expect_as_before(self) -> None:
        """Tells the store that this build will ask much of what the last one asked."""
        if not self._force:
            self._store.expect(question.key for question in self._before.values())

    def expect(self, questions: Iterable[Question]) -> None:
        """Tells the store what will be asked soon, in the order of use."""
        if not self._force:
            self._store.expect(question.key for question in questions)

    def before(self, slot: str) -> Question | None:
        """What was asked in a slot by the last build that remembered it."""
        return self._before.get(slot)

    def keep_part(
        self, question: Question, facts: Mapping[str, Any], blobs: Mapping[str, bytes] | None = None
    ) -> Answer:
        """Stores the answer to such a question."""
        return self._store.put(question.key, facts, blobs or {})

    def keep(
        self, stage: str, slot: str, question: Question, facts: Mapping[str, Any], blobs: Mapping[str, bytes]
    ) -> Answer:
        """Stores an answer that had to be made, and tells the progress why."""
        answer = self._store.put(question.key, facts, blobs)
        self._tell(stage, slot, kept=False, why=question.changed(self._before.get(slot)))
        return answer

    def note(self, stage: str, slot: str, question: Question, *, kept: bool, why: str = "") -> None:
        """Counts an answer that is kept elsewhere than in the store, and tells the progress of it.

        Without `why`, an answer that had to be made is explained by the question that stood in its slot before.
        """
        with self._lock:
            self._asked[slot] = question
        self._tell(stage, slot, kept=kept, why="" if kept else why or question.changed(self._before.get(slot)))

    def read(self, blob: Blob) -> bytes:
        return self._store.read(blob)

    def counts(self, stage: str) -> tuple[int, int]:
        """(made, kept) so far in `stage`."""
        made, kept = self._counts.get(stage, (0, 0))
        return made, kept

    def remember(self) -> None:
        """Writes down what was asked where, for the next build's explanations, and sees to it that all has been stored.

        Where this build did not need to ask, since what the answer went into was kept whole, the last question counts.
        """
        known = {**self._before, **self._asked}
        asked = {slot: [question.kind, question.parts] for slot, question in sorted(known.items())}
        self._store.put(self._ledger_key, {"asked": asked}, {})
        self._store.flush()

    def findings(self) -> tuple[Finding, ...]:
        """That kept work was damaged, if any was that this build asked for."""
        damaged = self._store.damaged[self._damaged_before :]
        if not damaged:
            return ()
        files = "1 file" if len(damaged) == 1 else f"{len(damaged)} files"
        message = f"kept work was damaged, and was made again: {files}, such as {damaged[0]}"
        hint = "this lesson is whole; where it happens again, the disk may be failing"
        return (Finding("store-damaged", "warning", message, hint=hint),)

    def _tell(self, stage: str, slot: str, *, kept: bool, why: str = "") -> None:
        with self._lock:
            counts = self._counts.setdefault(stage, [0, 0])
            counts[1 if kept else 0] += 1
        self._progress.advance(stage, slot, kept=kept, why=why)


def asked(store: Store, lesson: str) -> dict[str, Question]:
    """What the last build of a lesson asked, by slot; empty where none remembered it."""
    answer = store.get(ledger_key(lesson))
    try:
        told = {} if answer is None else answer.facts["asked"]
        return {
            slot: Question(str(kind), tuple((str(name), str(value)) for name, value in parts))
            for slot, (kind, parts) in told.items()
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}  # it is whole, and of a shape that no deckcast of today writes


def ledger_key(lesson: str) -> str:
    """Under which the store keeps what a lesson's last build asked."""
    return digest(("ledger-1", lesson))
