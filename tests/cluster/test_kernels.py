"""Where a chapter's cells run on a cluster: which worker is chosen, what is said, what goes there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cluster.gang import connected, gang
from cluster.seats import MANNER, on_a_worker, until
from deckcast.cluster import seat
from deckcast.cluster.kernels import ClusterKernels
from deckcast.cluster.seat import Manner
from deckcast.engines.kernel_fake import FakeKernels
from deckcast.errors import AssetError, KernelError, LostError
from deckcast.ports import Kernel
from deckcast.theme import PlotStyle


class Places(list[FakeKernels]):
    """The fakes that workers have opened, in order."""

    def __init__(self) -> None:
        self.languages: tuple[str, ...] = ("python", "bash")
        self.needs: tuple[str, ...] = ()
        self.manners: list[Any] = []
        self.styles: list[PlotStyle] = []

    def __call__(self, kernel: str, memory: float, style: Any, sandbox: str) -> FakeKernels:
        self.append(FakeKernels(languages=self.languages, needs=self.needs))
        self.manners.append((kernel, memory, sandbox))
        self.styles.append(style())
        return self[-1]


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Places:
    found = Places()
    monkeypatch.setattr(seat, "LocalKernels", found)
    return found


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "chapters" / "one"
    folder.mkdir(parents=True)
    (folder / "data.txt").write_text("numbers")
    (folder.parent / "tools.py").write_text("x = 1")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def text(kernel: Kernel, source: str) -> str:
    return "".join(str(one.get("text/plain")) for one in kernel.run(source, timeout=9, limit=9999).outputs)


def test_what_a_cell_needs_chooses_the_worker(places: Places, deck: Path, store: Path) -> None:
    with on_a_worker(store, {}, {"gpu": 1}, {}) as place:
        assert place.name.startswith("the cluster at tcp://")
        assert place.meets("gpu").works
        place.start("python", deck, ()).run("1", timeout=9, limit=9)
        assert place.name.startswith("the worker 1 of tcp://")


def test_a_need_that_no_worker_meets_is_told_with_what_would_help(places: Places, store: Path) -> None:
    with on_a_worker(store, {}, {"browser": 1}) as place:
        lacking = place.meets("gpu")
        assert not lacking.works
        assert "no worker of tcp://" in lacking.reason
        assert "deckcast worker tcp://" in lacking.mend
        assert place.availability("python").works, "other cells run all the same"


def test_needs_that_no_worker_meets_together_are_not_met(
    places: Places, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_a_worker(store, {}, {"gpu": 1}) as place:
        monkeypatch.setattr(place, "_told", {("meets", "hub"): _answers(place, "0")})
        assert place.meets("hub").works
        lacking = place.meets("gpu")
        assert not lacking.works
        assert "of those 1 that have the rest" in lacking.reason


def _answers(place: ClusterKernels, *names: str) -> dict[str, Any]:
    from deckcast.ports import Availability

    return {one.address: Availability(one.name in names, "so it says") for one in place._cluster.workers}


def test_a_need_is_asked_of_each_worker_once(places: Places, deck: Path, store: Path) -> None:
    places.needs = ("hub",)
    with on_a_worker(store, {}, {}) as place:
        assert place.meets("hub").works
        assert place.meets("hub").works
        place.start("python", deck, ())
        assert [one.probed for one in places if one.probed] == [["hub"], ["hub"]]


def test_settings_files_and_fonts_travel(places: Places, deck: Path, store: Path) -> None:
    font = deck / "letters.ttf"
    font.write_bytes(b"the font" * 10_000)
    style = PlotStyle("own", "axes.grid: True", (font,))
    with gang({}) as workers, connected(workers.scheduler_address, store) as cluster:
        place = ClusterKernels(cluster, Manner("python3.11", 1.5, "bwrap"), lambda: style)
        kernel = place.start("python", deck, ("data.txt", "../tools.py"))
        assert places.manners[-1] == ("python3.11", 1.5, "bwrap")
        sent = places.styles[-1]
        assert (sent.name, sent.text) == ("own", "axes.grid: True")
        assert [one.name for one in sent.fonts] == ["letters.ttf"]
        assert sent.fonts != style.fonts
        assert sent.fonts[0].read_bytes() == font.read_bytes()
        look = "print(Path('data.txt').read_text(), Path('../tools.py').read_text(), Path.cwd().name)"
        assert text(kernel, f"from pathlib import Path\n{look}") == "numbers x = 1 one\n"
        assert text(kernel, "print(Path.cwd())") == f"{deck}\n", "paths are told as they are here"
        assert not sent.fonts[0].is_relative_to(deck.parent)
        kernel.close()
        until(lambda: not sent.fonts[0].exists())


def test_a_file_that_is_not_there_is_told_before_anything_starts(places: Places, deck: Path, store: Path) -> None:
    with on_a_worker(store) as place:
        with pytest.raises(AssetError, match="no-such"):
            place.start("python", deck, ("no-such.txt",))
        assert not any(one.kernels for one in places)


def test_languages_share_a_folder_and_a_worker(places: Places, deck: Path, store: Path) -> None:
    with on_a_worker(store, {}, {}) as place:
        python, bash = place.start("python", deck, ()), place.start("bash", deck, ("data.txt",))
        assert text(python, "from pathlib import Path\nprint(Path('data.txt').read_text())") == "numbers\n"
        assert text(bash, "ls") == "ls\n"
        assert len({kernel.folder for one in places for kernel in one.kernels}) == 1
        python.close()
        assert text(bash, "echo") == "echo\n", "it is still there"
        bash.close()


def test_a_seat_ends_with_its_last_kernel_and_another_may_follow(places: Places, deck: Path, store: Path) -> None:
    with on_a_worker(store) as place:
        first = place.start("python", deck, ())
        folder = next(kernel.folder for one in places for kernel in one.kernels)
        first.close()
        until(lambda: not folder.exists() and not seat._SEATS)
        second = place.start("python", deck, ())
        assert text(second, "print('again')") == "again\n"
        with pytest.raises(KernelError):
            first.run("1", timeout=9, limit=9)


def test_secrets_of_the_worker_stay_there(
    places: Places, deck: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKER_TOKEN", "s3cret-0f-the-worker")
    with on_a_worker(store) as place:
        kernel = place.start("python", deck, ())
        ran = kernel.run(
            "import os; print(os.environ['WORKER_TOKEN'])\n# fake: late s3cret-0f-the-worker", timeout=9, limit=999
        )
        assert ran.outputs[0].get("text/plain") == "•••\n"
        assert ran.withheld
        assert kernel.late() == ((1, "•••\n"),)
        assert not kernel.run("print('plain')", timeout=9, limit=999).withheld


def test_a_kernel_that_cannot_be_started_tells_why_and_leaves_no_seat(
    places: Places, deck: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with on_a_worker(store) as place:
        assert place.availability("python").works
        monkeypatch.setattr(seat, "LocalKernels", lambda *_: FakeKernels(broken="no memory left"))
        with pytest.raises(KernelError, match="no memory left") as caught:
            place.start("python", deck, ())
        assert caught.value.finding.hint == "tell the fake otherwise"
        until(lambda: not seat._SEATS)


@pytest.fixture
def two(places: Places, store: Path) -> Iterator[tuple[Any, ClusterKernels]]:
    with gang({}, {}) as workers, connected(workers.scheduler_address, store) as cluster:
        yield workers, ClusterKernels(cluster, MANNER, PlotStyle)


def test_a_worker_that_goes_away_is_told_and_another_one_takes_over(
    two: tuple[Any, ClusterKernels], deck: Path
) -> None:
    workers, place = two
    kernel = place.start("python", deck, ())
    name = place.name.split()[2]
    close = workers.workers[int(name)].close
    workers.sync(close)
    with pytest.raises(LostError, match=f"the worker {name} was lost") as caught:
        kernel.run("1", timeout=9, limit=9)
    assert caught.value.finding.hint
    kernel.close()
    other = place.start("python", deck, ())
    assert place.name.split()[2] != name
    assert text(other, "print('here')") == "here\n"
    other.close()
