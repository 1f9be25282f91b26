"""Engines that stay open on a worker for a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cluster.machines import until
from deckcast.cluster import warm
from deckcast.cluster.warm import borrowed, close_idle


class Engine:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    yield
    close_idle()


def test_one_is_used_again_and_by_one_at_a_time() -> None:
    with borrowed("a", Engine) as first, borrowed("a", Engine) as second:
        assert second is not first
    with borrowed("a", Engine) as third, borrowed("b", Engine) as other:
        assert third in (first, second)
        assert other not in (first, second)
    assert not first.closed


def test_what_nobody_uses_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "IDLE", 0.2)
    with borrowed("a", Engine) as used:
        with borrowed("b", Engine) as unused:
            pass
        until(lambda: unused.closed == 1, "the end of what nobody uses")
        assert not used.closed
    until(lambda: used.closed == 1, "its end")


def test_one_that_does_not_close_keeps_no_other_open() -> None:
    class Stubborn(Engine):
        def close(self) -> None:
            super().close()
            raise OSError("no")

    with borrowed("a", Stubborn) as first, borrowed("b", Engine) as second:
        pass
    assert close_idle(3600) == 2
    assert close_idle() == 0
    assert (first.closed, second.closed) == (1, 1)


def test_one_that_fails_in_use_goes_back() -> None:
    with pytest.raises(ValueError, match="broken"), borrowed("a", Engine) as first:
        raise ValueError("broken")
    with borrowed("a", Engine) as second:
        assert second is first
