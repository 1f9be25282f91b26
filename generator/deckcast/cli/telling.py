"""What a person or a program is told of the chapters that a command has built."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deckcast import report
from deckcast.cli.echo import echo
from deckcast.errors import DeckcastError
from deckcast.model import Finding, Lesson

if TYPE_CHECKING:
    from deckcast.building import Outcome
    from deckcast.course import Site


class Telling:
    """Tells of each chapter as soon as it is done, and of all, in their order, at the end."""

    def __init__(self, names: Sequence[str], *, quiet: bool, verbose: bool, as_json: bool) -> None:
        self._names = names
        self._quiet = quiet
        self._verbose = verbose
        self._as_json = as_json
        self._outcomes: dict[int, Outcome] = {}
        self._more: list[Finding] = []
        """Of no single chapter."""
        self._code = 0

    @property
    def lessons(self) -> list[Lesson]:
        return [lesson for at in sorted(self._outcomes) if (lesson := self._outcomes[at].lesson) is not None]

    def begin(self, at: int) -> None:
        """What follows is about the chapter with that number."""
        if len(self._names) > 1 and not self._quiet:
            echo(f"── {self._names[at]}", err=True)

    def outcome(self, at: int, outcome: Outcome) -> None:
        self._outcomes[at] = outcome
        self._code = max(self._code, outcome.code)
        if self._as_json:
            return
        self._show(outcome.findings)
        if outcome.lesson is not None and not self._quiet:
            echo(f"voice: {outcome.lesson.voice}", err=True)
            echo(report.lesson_line(outcome.lesson))

    def course(self, site: Site) -> None:
        """What leads from lesson to lesson."""
        self._more += site.findings
        if not self._as_json:
            self._show(site.findings)
        if site.page is not None and len(self._names) > 1 and not (self._quiet or self._as_json):
            echo(f"all lessons: {site.page}", err=True)

    def trouble(self, error: DeckcastError) -> None:
        """Why nothing more is built."""
        self._more += error.findings
        self._code = max(self._code, error.exit_code)
        if not self._as_json:
            self._show(error.findings)

    def end(self) -> int:
        """The sum of it all, and the command's exit code."""
        found = [finding for at in sorted(self._outcomes) for finding in self._outcomes[at].findings] + self._more
        if self._as_json:
            report.print_json(
                {
                    "version": 1,
                    "ok": self._code == 0,
                    "lessons": [report.lesson_json(lesson) for lesson in self.lessons],
                    "diagnostics": [report.finding_json(finding) for finding in found],
                }
            )
            return self._code
        failed = [self._names[at] for at in sorted(self._outcomes) if self._outcomes[at].lesson is None]
        if failed and len(self._names) > 1:
            echo(f"{len(failed)} of {len(self._names)} chapters not built: {', '.join(failed)}", err=True)
        if told := report.count_findings(self._heard(found)):
            echo(told, err=True)
        return self._code

    def _show(self, findings: Sequence[Finding]) -> None:
        report.show_findings(self._heard(findings))

    def _heard(self, findings: Sequence[Finding]) -> list[Finding]:
        return [one for one in findings if self._verbose or one.severity != "note"]
