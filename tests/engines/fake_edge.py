"""A speech service on the loopback that speaks edge-tts's protocol, and misbehaves on demand.

Written from what the client sends and accepts. It answers each connection by the next behaviour of a script
(the last one again and again), so that `["close", "ok"]` fails once and then works.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import struct
import threading
import time
from email.utils import formatdate
from typing import Any
from xml.sax.saxutils import escape, unescape

import av
import numpy
import pytest
from aiohttp import WSMsgType, web

RATE = 24_000
WORD = 0.25
"""Seconds of each word's tone."""
EPOCH = 11_644_473_600
"""Seconds from 1601, when the token's clock begins, to 1970."""

LISTED = ("de-AT-IngridNeural", "en-US-AvaNeural", "de-DE-KatjaNeural", "de-DE-SeraphinaMultilingualNeural")
"""The voices that it tells of."""


class FakeEdge:
    """Runs in a thread of its own; `requests` holds the text of each SSML message that arrived."""

    def __init__(self, *script: str, skew: float = 0.0) -> None:
        """`skew`: seconds by which the service's clock is ahead; a token of another time is refused with 403."""
        self._script = list(script) or ["ok"]
        self._skew = skew
        self._lock = threading.Lock()
        self.requests: list[str] = []
        self.connections = 0
        self.together = 0
        """The most connections that were open at once."""
        self._open = 0

    def stand_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Sends the unmodified client here, and nowhere else."""
        import edge_tts.communicate
        import edge_tts.voices
        from edge_tts.drm import DRM

        monkeypatch.setattr(edge_tts.communicate, "WSS_URL", f"http://127.0.0.1:{self.port}/edge/v1?Token=x")
        monkeypatch.setattr(edge_tts.voices, "VOICE_LIST", f"http://127.0.0.1:{self.port}/edge/voices?Token=x")
        monkeypatch.setattr(DRM, "clock_skew_seconds", 0.0)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("no_proxy", "127.0.0.1")

    def __enter__(self) -> FakeEdge:
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, started: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_get("/edge/v1", self._connect)
        app.router.add_get("/edge/voices", self._list)
        app.on_response_prepare.append(_without_date)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        self._site = web.TCPSite(runner, "127.0.0.1", 0)
        await self._site.start()
        self.port: int = runner.addresses[0][1]
        started.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _list(self, request: web.Request) -> web.StreamResponse:
        behaviour = self._script[0]
        if behaviour == "503":
            return web.Response(status=503)
        if behaviour == "bad-json":
            return web.Response(text="{not json")
        return web.json_response([{"ShortName": name, "Gender": "Female", "Locale": name[:5]} for name in LISTED])

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        with self._lock:
            behaviour = self._script[min(self.connections, len(self._script) - 1)]
            self.connections += 1
            self._open += 1
            self.together = max(self.together, self._open)
        try:
            return await self._behave(request, behaviour)
        finally:
            with self._lock:
                self._open -= 1

    async def _behave(self, request: web.Request, behaviour: str) -> web.StreamResponse:
        now = time.time() + self._skew
        if behaviour in ("403", "429", "503"):
            return web.Response(status=int(behaviour), headers={"Date": formatdate(now, usegmt=True)})
        if behaviour == "gone":  # and nothing listens from now on
            await self._site.stop()
            _abort(request)
            return web.Response()
        if behaviour == "403-nodate":
            return web.Response(status=403, reason="No Date")
        if request.query["Sec-MS-GEC"] not in {token(now), token(now - 300), token(now + 300)}:
            return web.Response(status=403, headers={"Date": formatdate(now, usegmt=True)})
        socket = web.WebSocketResponse(compress=True)
        await socket.prepare(request)
        if behaviour == "close-early":
            await socket.close()
            return socket
        config = await socket.receive_str()
        assert "Path:speech.config" in config
        assert '"wordBoundaryEnabled":"true"' in config
        assert "audio-24khz-48kbitrate-mono-mp3" in config
        ssml = await socket.receive_str()
        body = re.search(r"<prosody[^>]*>(.*)</prosody>", ssml, re.DOTALL)
        assert body is not None
        text = unescape(body[1])
        self.requests.append(text)
        await self._answer(request, socket, behaviour, text)
        return socket

    async def _answer(self, request: web.Request, socket: web.WebSocketResponse, behaviour: str, text: str) -> None:
        if behaviour == "stall":
            await _until_gone(socket)
            return
        await socket.send_str(_message("turn.start", {"context": {"serviceTag": "x"}}))
        await socket.send_str(_message("response", {"context": {"serviceTag": "x"}}))
        if behaviour == "bad-json":
            await socket.send_str("X-RequestId:x\r\nPath:audio.metadata\r\n\r\n{not json")
        if behaviour == "bad-path":
            await socket.send_str(_message("something.new", {}))
        words = text.split()
        mp3 = speech(len(words))
        if behaviour == "bad-mp3":
            mp3 = bytes(range(1, 200)) * 20
        if behaviour == "truncate":
            words, mp3 = words[: len(words) // 2], mp3[: len(mp3) // 2 // 144 * 144]
        if behaviour == "half-sound":
            mp3 = mp3[: len(mp3) // 2 // 144 * 144]
        if behaviour not in ("no-words", "noaudio"):
            for index, word in enumerate(words):
                if behaviour == "slow":
                    await asyncio.sleep(0.05)
                await socket.send_str(_message("audio.metadata", _boundary(index, word.strip(".,;:!?()\"'“”"))))
        half = len(mp3) // 2
        if behaviour != "noaudio":
            await socket.send_bytes(_audio(mp3[:half]))
        if behaviour == "drop":
            _abort(request)
            return
        if behaviour == "close":
            await socket.close()
            return
        if behaviour == "stall-midway":
            await _until_gone(socket)
            return
        if behaviour != "noaudio":
            await socket.send_bytes(_audio(mp3[half:]))
            await socket.send_bytes(_frame("X-RequestId:x\r\nPath:audio", b""))
        await socket.send_str(_message("turn.end", {}))
        await _until_gone(socket)


def token(now: float) -> str:
    """What the client sends for this moment; asked of the client, since only its own service knows the secret."""
    from edge_tts.drm import generate_sec_ms_gec_v2

    return generate_sec_ms_gec_v2(now)


def speech(words: int) -> bytes:
    """An MP3 as the service's: 24 kHz, one channel, 48 kbit/s constant, no header frame; a tone a word."""
    count = max(words, 1) * round(WORD * RATE)
    at = numpy.arange(count)
    wave = (9000 * numpy.sin(at / 12) * (at % 6000 < 5400)).astype(numpy.int16)
    out = io.BytesIO()
    with av.open(out, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as container:
        stream: Any = container.add_stream("mp3", rate=RATE, options={"reservoir": "0"})
        stream.bit_rate, stream.layout, stream.format = 48_000, "mono", "s16p"
        frame = av.AudioFrame.from_ndarray(wave[None, :], format="s16p", layout="mono")
        frame.sample_rate = RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return out.getvalue()


def _boundary(index: int, word: str) -> dict[str, Any]:
    ticks = {"Offset": round(index * WORD * 1e7), "Duration": round(0.9 * WORD * 1e7)}
    spoken = {"Text": escape(word), "Length": len(word), "BoundaryType": "WordBoundary"}
    return {"Metadata": [{"Type": "WordBoundary", "Data": {**ticks, "text": spoken}}]}


def _message(path: str, body: dict[str, Any]) -> str:
    return f"X-RequestId:x\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}\r\n\r\n{json.dumps(body)}"


def _audio(data: bytes) -> bytes:
    return _frame("X-RequestId:x\r\nContent-Type:audio/mpeg\r\nX-StreamId:x\r\nPath:audio", data)


def _frame(head: str, data: bytes) -> bytes:
    """The length counts the head with its line end."""
    return struct.pack(">H", len(head) + 2) + head.encode() + b"\r\n" + data


def _abort(request: web.Request) -> None:
    transport = request.transport
    assert transport is not None
    transport.abort()  # type: ignore[attr-defined]


async def _until_gone(socket: web.WebSocketResponse) -> None:
    while (await socket.receive()).type not in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
        pass


async def _without_date(request: web.Request, response: web.StreamResponse) -> None:
    if response.reason == "No Date":
        response.headers.popall("Date", None)
