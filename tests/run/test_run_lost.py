"""Cells whose machine is lost in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest

from deckcast.engines.kernel_fake import FakeKernel, FakeKernels
from deckcast.errors import KernelError, LostError
from deckcast.ports import Ran
from run.chapter import Chapter, texts


class Unsteady(FakeKernels):
    """Its machine is lost while the second cell runs, a number of times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def start(self, language: str, folder: Path, files: tuple[str, ...]) -> FakeKernel:
        kernel = super().start(language, folder, files)
        whole = kernel.run

        def run(source: str, *, timeout: float, limit: int) -> Ran:
            if self.times and kernel.ran:
                self.times -= 1
                raise LostError("the worker box was lost while it ran cells", hint="look into its log")
            return whole(source, timeout=timeout, limit=limit)

        kernel.run = run  # type: ignore[method-assign]
        return kernel


@pytest.fixture
def chapter(tmp_path: Path) -> Chapter:
    return Chapter(tmp_path)


def test_the_whole_chapter_begins_again_and_each_cell_is_told_once(chapter: Chapter) -> None:
    whole = chapter.run()
    record = chapter.record.read_bytes()
    chapter.kernels = Unsteady(2)
    assert chapter.run("always") == whole
    assert chapter.record.read_bytes() == record
    assert [len(kernel.ran) for kernel in chapter.kernels.kernels] == [1, 1, 3]
    assert all(kernel.closed for kernel in chapter.kernels.kernels)
    assert chapter.told.kept == []
    assert len(chapter.told.pieces) == len(chapter.told.made) == 3
    assert [one for one in chapter.told.said if "lost" in one] == [
        "cells: the worker box was lost while it ran cells; they begin again on another one"
    ] * 2


def test_three_machines_lost_are_an_error_and_the_record_stays(chapter: Chapter) -> None:
    chapter.run()
    record = chapter.record.read_bytes()
    chapter.kernels = Unsteady(3)
    with pytest.raises(KernelError, match="was lost") as caught:
        chapter.run("always")
    assert caught.value.finding.where is not None
    assert caught.value.finding.hint == "look into its log"
    assert chapter.record.read_bytes() == record
    assert len(chapter.kernels.kernels) == 3


def test_where_nothing_is_lost_there_is_one_session(chapter: Chapter) -> None:
    assert texts(chapter.run()) == ["three numbers\n", "[1, 2, 3]", "total 6\n"]
    assert len(chapter.kernels.kernels) == 1
