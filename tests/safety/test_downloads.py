"""What servers and archives may try when a voice or a browser is fetched: nothing of it stays, and it is told why."""

from __future__ import annotations

import io
import shutil
import socket
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from deckcast.engines import browser_install, web_file
from deckcast.errors import DeckcastError, StorageError
from deckcast.stages import Silence

OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


@contextmanager
def answering(head: bytes, body: bytes = b"", *, endless: bool = False, pause: float = 0) -> Iterator[str]:
    """The address of a server that gives this answer, its body again and again where it is `endless`."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def answer() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.recv(65536)
                connection.sendall(head + b"\r\n" + body)
                while endless and not over.wait(pause):
                    connection.sendall(body)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/model.onnx"
    finally:
        over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(30)


def refused(address: str, folder: Path) -> str:
    """What is told; nothing of the download may stay."""
    with pytest.raises(DeckcastError) as caught:
        web_file.fetch(address, folder / "model.onnx", Silence())
    assert caught.value.finding.hint
    assert [one.name for one in folder.iterdir() if not one.name.endswith(".lock")] == []
    return str(caught.value)


def test_a_server_that_promises_too_much(tmp_path: Path) -> None:
    with answering(OK + b"Content-Length: 99999999999999\r\n", b"x") as address:
        assert "MiB, and 4,096 are the most" in refused(address, tmp_path)


@pytest.mark.parametrize("head", [b"", b"Transfer-Encoding: chunked\r\n"])
def test_a_server_that_never_ends(tmp_path: Path, head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_file, "LARGEST", 1 << 20)
    body = b"10000\r\n" + b"x" * 65_536 + b"\r\n" if head else b"x" * 65_536
    with answering(OK + head, body, endless=True) as address:
        assert "does not end after 1 MiB" in refused(address, tmp_path)


def test_a_server_that_drips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_file, "PATIENCE", 1.0)
    with answering(OK, b"x", endless=True, pause=0.05) as address:
        assert "bytes a second" in refused(address, tmp_path)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 50\r\n", b"short"),
        (b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\nzz\r\n"),
        (b"Transfer-Encoding: chunked\r\n", b"ffffffffffffffffffff\r\nhello"),
    ],
)
def test_a_server_that_tells_a_wrong_length(tmp_path: Path, head: bytes, body: bytes) -> None:
    with answering(OK + head, body) as address:
        assert "broke off" in refused(address, tmp_path)


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/a", "data:,x", "http://127.0.0.1:1/\r\nx"])
def test_a_server_that_leads_elsewhere(tmp_path: Path, to: str) -> None:
    with answering(b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: " + to.encode() + b"\r\n") as address:
        refused(address, tmp_path)


def test_a_server_that_leads_in_a_circle(tmp_path: Path) -> None:
    with answering(b"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /again\r\n") as address:
        refused(address, tmp_path)


def test_no_server_leads_from_https_to_http() -> None:
    asked = web_file.urllib.request.Request("https://example.org/a")
    with pytest.raises(web_file.urllib.error.URLError, match="not followed"):
        web_file._Redirects().redirect_request(asked, None, 302, "Found", {}, "http://example.org/a")


def test_a_compressed_answer_is_not_blown_up(tmp_path: Path) -> None:
    with answering(OK + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n", b"\x1f\x8b\x08\0\0") as address:
        path = web_file.fetch(address, tmp_path / "model.onnx", Silence())
    assert path.read_bytes() == b"\x1f\x8b\x08\0\0"


def test_a_full_disk(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    aside = tmp_path / f".model.onnx.{web_file.os.getpid()}.part"
    aside.symlink_to("/dev/full")
    with answering(OK, b"x" * 100_000) as address, pytest.raises(StorageError, match="no space left"):
        web_file.fetch(address, tmp_path / "model.onnx", Silence())
    assert not (tmp_path / "model.onnx").exists()


# ── archives ──


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry


NAME = "package/bin/chromium.br"
ODD = {
    "a link out": member(NAME, tarfile.SYMTYPE, "/etc/passwd"),
    "a link to a folder above": member(NAME, tarfile.SYMTYPE, "../../../../etc/passwd"),
    "a link to itself": member(NAME, tarfile.SYMTYPE, "chromium.br"),
    "a hard link out": member(NAME, tarfile.LNKTYPE, "/etc/passwd"),
    "a device": member(NAME, tarfile.CHRTYPE),
    "a pipe": member(NAME, tarfile.FIFOTYPE),
    "a folder": member(NAME, tarfile.DIRTYPE),
}


@pytest.mark.parametrize("entry", ODD.values(), ids=ODD)
def test_an_archive_that_holds_no_ordinary_file(tmp_path: Path, entry: tarfile.TarInfo) -> None:
    kept = io.BytesIO()
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        archive.addfile(entry)
    kept.seek(0)
    with tarfile.open(fileobj=kept) as archive, pytest.raises((browser_install._FailedError, RecursionError)):
        browser_install._extract(archive, NAME, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_goes_nowhere_but_into_its_folder(tmp_path: Path) -> None:
    kept = io.BytesIO()
    names = ["/tmp/security-a.so", "../../b.so", "lib/../../c.so"]
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        for name in names:
            archive.addfile(member(name))
    kept.seek(0)
    with tarfile.open(fileobj=kept) as archive:
        for name in names:
            browser_install._extract(archive, name, tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.so", "c.so", "security-a.so"]


def test_an_archive_that_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser_install, "LARGEST", 1 << 20)
    kept = io.BytesIO()
    entry = member(NAME)
    entry.size = 2 << 20
    with tarfile.open(fileobj=kept, mode="w:gz") as archive:
        archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    assert len(kept.getvalue()) < 10_000
    kept.seek(0)
    with tarfile.open(fileobj=kept) as archive, pytest.raises(browser_install._FailedError, match="more than 1 MiB"):
        browser_install._extract(archive, NAME, tmp_path)


@pytest.mark.skipif(shutil.which("node") is None, reason="no node")
def test_brotli_that_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packing = "process.stdout.write(require('zlib').brotliCompressSync(Buffer.alloc(9 << 20)))"
    packed = tmp_path / "a.br"
    packed.write_bytes(output_of(["node", "-e", packing]))
    assert packed.stat().st_size < 1_000
    browser_install._decompress(packed, tmp_path / "whole")
    assert (tmp_path / "whole").stat().st_size == 9 << 20
    monkeypatch.setattr(browser_install, "LARGEST", 1 << 20)
    with pytest.raises(browser_install._FailedError, match="more than 1048576 bytes come out"):
        browser_install._decompress(packed, tmp_path / "b")


def output_of(command: list[str]) -> bytes:
    import subprocess

    return subprocess.run(command, capture_output=True, check=True).stdout
