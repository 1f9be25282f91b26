"""Kernels on a Jupyter server: files travel, cut connections are mended, and the token is nowhere to be read."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deckcast.engines import kernel_server, kernel_server_socket, kernel_server_wire
from deckcast.engines.kernel_server import ServerKernels
from deckcast.engines.kernel_server_rest import Server
from deckcast.errors import AssetError, ConfigError, DeckcastError, KernelError
from deckcast.ports import Kernel, Ran
from deckcast.theme import PlotStyle
from engines.jupyter import TOKEN, Relay, free_port, jupyter_server


class Said:
    """A progress that remembers what it was told."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def say(self, message: str) -> None:
        self.messages.append(message)

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, stage: str, what: str, *, kept: bool, why: str = "") -> None: ...

    def end(self, stage: str, note: str = "") -> None: ...


def kernels(url: str, said: Said | None = None) -> ServerKernels:
    return ServerKernels(url, "python3", PlotStyle, said or Said())


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECKCAST_KERNEL_TOKEN", TOKEN)
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nothing must go through it
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)


@contextlib.contextmanager
def stand_in(status: int, kind: str, body: str, *, refuses: str = "", tls: Path | None = None) -> Iterator[str]:
    """A web server that gives one answer to all, or only to paths that begin with `refuses`."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            told, content, form = status, body, kind
            if refuses and not self.path.startswith(refuses):
                told, form = 200, "application/json"
                content = json.dumps({"kernelspecs": {"python3": {"spec": {"language": "python"}}}})
            self.send_response(told)
            self.send_header("Content-Type", form)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content.encode())

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the library's names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign] - a client that goes away is meant to
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def told(error: BaseException | None) -> str:
    """All that a person could read of an error."""
    seen = ""
    while error is not None:
        seen += f"{error!r} {error} {getattr(error, 'findings', '')} {vars(error)}"
        error = error.__cause__ or error.__context__
    return seen


# ── quick: addresses and answers ──


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://127.0.0.1:8888", "http://127.0.0.1:8888"),
        ("http://127.0.0.1:8888/", "http://127.0.0.1:8888"),
        (" https://gpu-box:8888/lab/tree/x.ipynb ", "https://gpu-box:8888"),
        ("https://hub.example/user/ada/tree", "https://hub.example/user/ada"),
    ],
)
def test_an_address_may_be_copied_from_a_browser(given: str, used: str) -> None:
    assert kernels(given).name == used


@pytest.mark.parametrize("given", ["gpu-box:8888", "", "ftp://gpu-box", "http://"])
def test_what_is_no_address_is_a_mistake_of_the_configuration(given: str) -> None:
    with pytest.raises(ConfigError, match="is no address of a Jupyter server"):
        kernels(given)


@pytest.mark.parametrize("given", [f"http://box:8888/?token={TOKEN}", f"http://user:{TOKEN}@box:8888/lab"])
def test_an_address_with_a_token_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(ConfigError, match="more than an address") as caught:
        kernels(given)
    assert TOKEN not in told(caught.value)
    assert "DECKCAST_KERNEL_TOKEN" in caught.value.finding.hint


def test_no_server_is_told_at_once() -> None:
    found = kernels(f"http://127.0.0.1:{free_port()}").availability("python")
    assert not found.works
    assert found.reason.endswith("cannot be reached: nothing answers there")
    assert "kernel_url" in found.mend


def test_a_name_that_nobody_has_is_told() -> None:
    found = kernels("http://no-such-machine.invalid:8888").availability("python")
    assert found.reason.endswith("there is no machine of this name")


@pytest.mark.parametrize(
    ("status", "kind", "body", "reason"),
    [
        (200, "text/html", "<h1>Welcome</h1>", "no Jupyter server: it sends text/html"),
        (200, "application/json", '{"name": "another"}', "is no Jupyter server"),
        (200, "application/json", '["python3"]', "is no Jupyter server"),
        (404, "text/html", "nothing", "refuses: 404"),
        (401, "text/html", "", r"does not accept the token \(401\)"),
        (403, "application/json", '{"message": "Forbidden"}', r"does not accept the token \(403: Forbidden\)"),
        (302, "text/html", "", "sends us to another address"),
        (500, "application/json", '{"message": "out of memory"}', "refuses: 500: out of memory"),
    ],
)
def test_a_strange_answer_is_told_in_words(status: int, kind: str, body: str, reason: str) -> None:
    with stand_in(status, kind, body) as url, pytest.raises(KernelError, match=reason) as caught:
        kernels(url).start("python", Path(), ())
    assert url in str(caught.value)
    assert caught.value.finding.hint
    assert TOKEN not in told(caught.value)


def test_a_missing_token_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECKCAST_KERNEL_TOKEN", " ")
    with stand_in(403, "application/json", "{}") as url:
        found = kernels(url).availability("python")
    assert "wants a token (403)" in found.reason
    assert "DECKCAST_KERNEL_TOKEN" in found.mend


def test_a_token_that_is_none_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECKCAST_KERNEL_TOKEN", f"{TOKEN}\nX-Other: 1")
    with pytest.raises(KernelError, match="holds characters that no token has") as caught:
        Server("http://127.0.0.1:9").get("api")
    assert TOKEN not in told(caught.value)


def test_a_certificate_that_nobody_vouches_for_is_told() -> None:
    with stand_in(200, "application/json", "{}", tls=Path(__file__).with_name("untrusted.pem")) as url:
        found = kernels(url).availability("python")
    assert "certificate" in found.reason
    assert "is not trusted: self-signed certificate" in found.reason
    assert "SSL_CERT_FILE" in found.mend


def test_a_server_without_https_is_told() -> None:
    with stand_in(200, "application/json", "{}") as url:
        found = kernels(url.replace("http:", "https:")).availability("python")
    assert "does not speak HTTPS" in found.reason
    assert "http://" in found.mend


def test_a_server_that_keeps_no_files_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    with (
        stand_in(403, "application/json", '{"message": "read-only"}', refuses="/api/contents") as url,
        pytest.raises(KernelError, match=r"does not keep the chapter's files: .*403: read-only") as caught,
    ):
        kernels(url).start("python", tmp_path, ("a.csv",))
    assert "contents API" in caught.value.finding.hint
    assert "token" not in str(caught.value)


@pytest.mark.parametrize("name", ["missing.csv", "../secret.txt", "/etc/passwd"])
def test_only_files_of_the_deck_travel(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "deck").mkdir()
    with stand_in(201, "application/json", "{}", refuses="/api/contents") as url, pytest.raises(AssetError, match=name):
        kernels(url).start("python", tmp_path / "deck", (name,))


# ── slow: a real server ──


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server's address and the folder of its files."""
    folder = tmp_path_factory.mktemp("server")
    with jupyter_server(folder) as url:
        yield url, folder / "root"


@pytest.fixture
def deck(tmp_path: Path) -> Path:
    folder = tmp_path / "deck"
    (folder / "data" / "more").mkdir(parents=True)
    (folder / "data" / "more" / "a b.csv").write_bytes(b"1,2\r\n\xff")
    (folder / "helper.py").write_text("ANSWER = 42\n")
    (folder / "private.txt").write_text("private")
    return folder


def run(kernel: Kernel, source: str, timeout: float = 30, limit: int = 1_000_000) -> Ran:
    return kernel.run(source, timeout=timeout, limit=limit)


def text(ran: Ran) -> str:
    assert ran.failure is None, ran.failure
    return "".join(str(one.get("text/plain")) for one in ran.outputs)


def folders(root: Path) -> list[Path]:
    return sorted(root.glob("deckcast-*"))


@pytest.mark.slow
def test_files_travel_and_are_gone_afterwards(place: tuple[str, Path], deck: Path) -> None:
    url, root = place
    kernel = kernels(url).start("python", deck, ("data/more/a b.csv", "helper.py", "helper.py"))
    try:
        code = "import helper, os; print(helper.ANSWER, open('data/more/a b.csv', 'rb').read(), os.getcwd())"
        assert text(run(kernel, code)) == f"42 b'1,2\\r\\n\\xff' {folders(root)[0]}\n"
        assert not list(root.rglob("private.txt"))
        run(
            kernel,
            "open('.left', 'w').write('x'); os.mkdir('results'); open('results/a', 'w').write('y'); os.chdir('/')",
        )
    finally:
        kernel.close()
        kernel.close()
    assert folders(root) == []


@pytest.mark.slow
def test_modules_that_chapters_share_travel_too(place: tuple[str, Path], tmp_path: Path) -> None:
    chapter = tmp_path / "chapters" / "one"
    chapter.mkdir(parents=True)
    (chapter.parent / "common").mkdir()
    (chapter.parent / "common" / "texts.py").write_text("WORDS = 7\n")
    kernel = kernels(place[0]).start("python", chapter, ("../common/texts.py",))
    try:
        assert text(run(kernel, "from common.texts import WORDS; print(WORDS)")) == "7\n"
    finally:
        kernel.close()


@pytest.mark.slow
def test_folders_of_other_languages_go_too(place: tuple[str, Path], deck: Path) -> None:
    url, root = place
    there = kernels(url)
    kernel = there.start("bash", deck, ("helper.py",))
    try:
        assert text(run(kernel, "cat helper.py; mkdir sub; echo hi > sub/x")) == "ANSWER = 42\n"
        assert kernel.provenance().kernel == "bash"
        assert kernel.provenance().cores > 0
    finally:
        kernel.close()
        there.close()
    assert folders(root) == []


@pytest.mark.slow
def test_the_provenance_is_the_servers_process(place: tuple[str, Path], deck: Path) -> None:
    url, _ = place
    kernel = kernels(url).start("python", deck, ())
    try:
        assert text(run(kernel, "import os; os.environ['JUPYTER_TOKEN'][:3]")) == "'s3c'"  # the server's environment
        told = kernel.provenance()
        assert (told.kernel, told.language[:7]) == ("python3", "Python ")
        assert run(kernel, "block = bytearray(100 << 20)").peak > 100 << 20
    finally:
        kernel.close()


@pytest.mark.slow
def test_an_endless_cell_is_interrupted_and_the_state_stays(place: tuple[str, Path], deck: Path) -> None:
    kernel = kernels(place[0]).start("python", deck, ())
    try:
        run(kernel, "x = 1")
        ran = run(kernel, "while True:\n    pass", timeout=0.5)
        assert ran.failure is not None
        assert (ran.failure.name, ran.failure.line > 0, ran.alive) == ("Timeout", True, True)
        assert kernel.evaluate("x + 1", timeout=30).outputs[0].get("text/plain") == "2"
    finally:
        kernel.close()


@pytest.mark.slow
def test_a_cell_that_does_not_stop_is_ended_with_its_kernel(place: tuple[str, Path], deck: Path) -> None:
    url, root = place
    kernel = kernels(url).start("python", deck, ())
    try:
        stubborn = (
            "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        pass"
        )
        ran = run(kernel, stubborn, timeout=0.5)
        assert ran.failure is not None
        assert (ran.failure.name, ran.alive) == ("Timeout", False)
        with pytest.raises(KernelError, match="has ended"):
            run(kernel, "1")
    finally:
        kernel.close()
    assert folders(root) == []


@pytest.mark.slow
def test_a_kernel_that_dies_is_not_mistaken_for_the_one_that_follows(place: tuple[str, Path], deck: Path) -> None:
    url, root = place
    kernel = kernels(url).start("python", deck, ("helper.py",))
    try:
        ran = run(kernel, "print('before', flush=True)\nimport os; os._exit(3)")
        assert ran.failure is not None
        assert (ran.failure.name, ran.alive) == ("KernelDied", False)
        with pytest.raises(KernelError, match="has ended"):
            run(kernel, "1")
    finally:
        kernel.close()
    assert folders(root) == []


@pytest.mark.slow
def test_fonts_too_large_to_travel_are_left_at_home(
    place: tuple[str, Path], deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (deck / "Large.otf").write_bytes(b"x" * 100_000)
    monkeypatch.setattr(kernel_server, "LARGEST_PRELUDE", 100_000)
    said = Said()
    there = ServerKernels(place[0], "python3", lambda: PlotStyle(fonts=(deck / "Large.otf",)), said)
    kernel = there.start("python", deck, ())
    try:
        assert text(run(kernel, "1 + 1")) == "2"
        assert len(said.messages) == 1
        assert "too large to travel" in said.messages[0]
    finally:
        kernel.close()


@pytest.mark.slow
def test_needs_are_those_of_the_server(place: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    there = kernels(place[0])
    try:
        assert there.meets("hub").reason == "HF_HUB_OFFLINE is set"  # in the server's environment alone
        assert there.availability("cobol").reason.startswith(
            f"{place[0]} has no Jupyter kernel for cobol (it has: `bash`"
        )
    finally:
        there.close()


@pytest.mark.slow
def test_a_wrong_token_is_refused_at_once(place: tuple[str, Path], deck: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DECKCAST_KERNEL_TOKEN", "another-token")
    with pytest.raises(KernelError, match="does not accept the token") as caught:
        kernels(place[0]).start("python", deck, ())
    assert "another-token" not in told(caught.value)
    assert not kernels(place[0]).meets("gpu").works


@pytest.mark.slow
def test_a_cut_in_the_middle_of_a_cell_loses_nothing(place: tuple[str, Path], deck: Path) -> None:
    url, _ = place
    relay = Relay(int(url.rpartition(":")[2]))
    try:
        kernel = kernels(f"http://127.0.0.1:{relay.port}").start("python", deck, ())
        try:
            cutter = threading.Timer(0.6, relay.cut)
            cutter.start()
            code = "import time\nfor n in range(15):\n    print(n, flush=True)\n    time.sleep(0.1)\nn"
            assert text(run(kernel, code)) == "".join(f"{n}\n" for n in range(15)) + "14"
            cutter.join()
            relay.cut()
            assert text(run(kernel, "n + 1")) == "15"  # after a cut between two cells, too
        finally:
            kernel.close()
    finally:
        relay.close()


@pytest.mark.slow
def test_a_connection_that_stays_cut_is_reported(
    place: tuple[str, Path], deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, root = place
    monkeypatch.setattr(kernel_server_socket, "PAUSES", (0.1, 0.2))
    relay, said = Relay(int(url.rpartition(":")[2])), Said()
    try:
        kernel = kernels(f"http://127.0.0.1:{relay.port}", said).start("python", deck, ())
        try:
            cutter = threading.Timer(0.3, relay.cut, kwargs={"for_good": True})
            cutter.start()
            with pytest.raises(KernelError, match="was cut and cannot be made again") as caught:
                run(kernel, "import time; time.sleep(20)")
            assert "network" in caught.value.finding.hint
            assert TOKEN not in told(caught.value)
        finally:
            kernel.close()
        assert [folder.name in said.messages[0] for folder in folders(root)] == [True]
    finally:
        relay.close()
        for folder in folders(root):
            folder.rmdir()


@pytest.mark.slow
def test_an_answer_lost_with_the_connection_is_missed(
    place: tuple[str, Path], deck: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a network swallows what the server has sent: it never learns, and sends it only once."""
    monkeypatch.setattr(kernel_server_wire, "LOOK", 0.2)
    url, _ = place
    relay = Relay(int(url.rpartition(":")[2]))
    try:
        kernel = kernels(f"http://127.0.0.1:{relay.port}").start("python", deck, ())
        socket = kernel._wire._socket  # type: ignore[attr-defined]
        receive = socket.receive

        def deaf(timeout: float) -> object:
            """Hears nothing of the shell channel."""
            got = receive(timeout)
            return None if got is not None and got.get("channel") == "shell" else got

        try:
            relay.cut()
            monkeypatch.setattr(socket, "receive", deaf)
            with pytest.raises(KernelError, match="answer was lost"):
                run(kernel, "import time; time.sleep(1)")
        finally:
            kernel.close()
    finally:
        relay.close()


@pytest.mark.slow
def test_output_that_the_server_throws_away_is_no_result(place: tuple[str, Path], deck: Path) -> None:
    kernel = kernels(place[0]).start("python", deck, ())
    try:
        with pytest.raises(KernelError, match="has thrown output away") as caught:
            run(kernel, "for n in range(100):\n    print('x' * 1_000_000, flush=True)")
        assert "limit_rate" in caught.value.finding.hint
    finally:
        kernel.close()


@pytest.mark.slow
def test_nothing_stays_on_the_server_and_no_thread_here(place: tuple[str, Path], deck: Path) -> None:
    url, root = place
    before, running = threading.active_count(), Server(url).get("api/kernels")
    with pytest.raises(DeckcastError):
        kernels(url).start("python", deck, ("helper.py", "missing.csv"))
    kernel = kernels(url).start("python", deck, ("helper.py",))
    kernel.close()
    assert folders(root) == []
    assert {one["id"] for one in Server(url).get("api/kernels")} <= {one["id"] for one in running}
    until = time.monotonic() + 60
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= before
