"""Who may name a cluster: whoever can answer there can run anything here."""

from __future__ import annotations

from pathlib import Path

import pytest

import deckcast
from deckcast.errors import ClusterError, ConfigError, TrustError
from deckcast.workshop import Workshop

DECK = "---\n{front}\n---\n\n# Trees\n"


@pytest.fixture
def shop() -> Workshop:
    def reached(*_: object) -> object:
        raise ClusterError("asked")

    return Workshop(cluster=reached)  # type: ignore[arg-type]


def write(folder: Path, front: str) -> Path:
    folder.mkdir()
    (folder / "presentation.md").write_text(DECK.format(front=front))
    return folder


def test_a_deck_names_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Workshop) -> None:
    monkeypatch.chdir(tmp_path)
    talk = write(tmp_path / "talk", "cluster: tcp://stranger:8786")
    with pytest.raises(TrustError, match="names a cluster, tcp://stranger:8786"):
        deckcast.build(talk, workshop=shop)
    with pytest.raises(ClusterError, match="asked"):
        deckcast.build(talk, workshop=shop, settings={"build.cluster": "tcp://mine:8786"})


def test_nor_does_the_configuration_that_comes_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Workshop
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    monkeypatch.chdir(mine)
    talk = write(tmp_path / "talk", "title: Trees")
    (talk / "deckcast.toml").write_text('cluster = "tcp://stranger:8786"\n')
    with pytest.raises(TrustError, match="names a cluster"):
        deckcast.build(talk, workshop=shop)


def test_the_project_that_one_works_in_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shop: Workshop) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deckcast.toml").write_text('cluster = "tls://mine:8786"\n')
    with pytest.raises(ClusterError, match="asked"):
        deckcast.build(write(tmp_path / "talk", "title: Trees"), workshop=shop)


@pytest.mark.parametrize("address", ["host:8786", "tcp://host", "http://host:8786", "tcp://me:pass@host:8786"])
def test_addresses_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as raised:
        deckcast.build(write(tmp_path / "talk", "title: Trees"), settings={"build.cluster": address})
    assert "pass" not in str(raised.value)
