"""Opens the engines that a build works with. Tests hand a build a workshop of fakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from deckcast.ports import Availability, Browser, Graphs, Kernels, Progress, Store, Voice
from deckcast.settings import Settings


def _store(settings: Settings, output: Path) -> Store:
    from deckcast.engines.stores import open_store

    return open_store(settings.build.store, output, settings.build.store_copy)


def _executor(settings: Settings) -> Executor:
    from deckcast.engines.executors import open_executor

    return open_executor(settings.build.jobs)


def _kernels(settings: Settings, templates: Sequence[Path], progress: Progress) -> Kernels:
    from deckcast.engines.kernels import open_kernels

    return open_kernels(settings, templates, progress)


def _browser(settings: Settings, progress: Progress) -> Browser:
    from deckcast.engines.browsers import open_browser

    return open_browser(settings.build.browser, progress)


def _graphs() -> Graphs:
    from deckcast.engines.graphviz_program import Graphviz

    return Graphviz()


def _browser_at_hand(settings: Settings) -> Availability:
    from deckcast.engines.browsers import availability

    return availability(settings.build.browser)


def _voice(settings: Settings) -> tuple[Voice, str]:
    from deckcast.engines.voices import choose

    narration = settings.narration
    return choose(
        narration.voice,
        settings.lesson.language,
        online=narration.online,
        rate=narration.rate,
        folder=narration.voice_folder,
    )


def _reference(settings: Settings) -> Voice | None:
    from deckcast.engines.voices import reference

    return reference(settings.lesson.language)


@contextmanager
def _clustered(shop: Workshop, settings: Settings, output: Path, progress: Progress) -> Iterator[Workshop]:
    from deckcast.cluster.browser import open_browser
    from deckcast.cluster.connection import Cluster
    from deckcast.cluster.executor import open_executor
    from deckcast.cluster.kernels import open_kernels
    from deckcast.cluster.voice import open_reference, open_voice
    from deckcast.engines.stores import shared_address

    store = shop.store(settings, output)  # workers find one there, and nobody sweeps it
    with closing(
        Cluster(settings.build.cluster, shared_address(settings.build.store, output), progress.say)
    ) as cluster:
        yield replace(
            shop,
            store=lambda *_: store,
            executor=lambda chosen: open_executor(cluster, lambda: shop.executor(chosen)),
            browser=lambda chosen, told: open_browser(cluster, lambda: shop.browser(chosen, told)),
            voice=lambda chosen: open_voice(cluster, chosen, lambda: shop.voice(chosen)),
            reference=lambda chosen: open_reference(cluster, chosen, lambda: shop.reference(chosen)),
            # Whoever names a Jupyter server wants cells to run there.
            kernels=shop.kernels
            if settings.cells.kernel_url
            else lambda chosen, templates, _: open_kernels(cluster, chosen, templates),
        )


@dataclass(frozen=True, slots=True)
class Workshop:
    """How each engine is opened. Nothing is imported or started before it is called for."""

    store: Callable[[Settings, Path], Store] = _store
    executor: Callable[[Settings], Executor] = _executor
    browser: Callable[[Settings, Progress], Browser] = _browser
    voice: Callable[[Settings], tuple[Voice, str]] = _voice
    """The voice, and one sentence that says why it was chosen."""
    kernels: Callable[[Settings, Sequence[Path], Progress], Kernels] = _kernels
    """Where cells run; the folders are those in which the author's themes are looked for."""
    reference: Callable[[Settings], Voice | None] = _reference
    """The voice that tells when words are spoken, for voices that do not say, and for recordings; None where none
    works."""
    graphs: Callable[[], Graphs] = _graphs
    browser_at_hand: Callable[[Settings], Availability] = _browser_at_hand
    """Whether there is a browser, told without installing or starting any."""
    cluster: Callable[[Workshop, Settings, Path, Progress], AbstractContextManager[Workshop]] = _clustered
    """A workshop whose engines are workers of the cluster that the settings name."""

    @contextmanager
    def at(self, settings: Settings, output: Path, progress: Progress) -> Iterator[Workshop]:
        """Where work is done with these settings: this workshop, or a cluster, to which it is connected meanwhile.

        Raises `ClusterError` where the cluster does not answer or nobody of it can work for the build.
        """
        if not settings.build.cluster:
            yield self
            return
        with self.cluster(self, settings, output, progress) as shop:
            yield shop
