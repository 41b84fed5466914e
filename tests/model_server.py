"""An OpenAI-compatible chat server on loopback that plays scripted replies, bad ones included.

    with ModelServer() as server:
        server.play(Reply("text"))            # the next request gets this; the last one repeats
        settings = server.settings()

It speaks `POST /v1/chat/completions`, streamed (server-sent events) and not, over a real socket.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import SecretStr

from bot.assistant.model_settings import ModelSettings


@dataclass(frozen=True)
class Reply:
    """What the server does with one request."""

    text: str | Callable[[dict[str, Any]], str] = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    first_token_seconds: float = 0.0
    hang_after: int | None = None
    """Send so many characters, then nothing more, with the connection open."""
    cut_after: int | None = None
    """Send so many characters, then close the connection in the middle."""
    stop_after: int | None = None
    """Send so many characters, then end in good order, as a model does that runs out of tokens."""
    raw: str | None = None
    """Sent in place of proper events."""
    piece: int = 7
    """Characters in one streamed event."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        owner = self.server.owner
        reply = owner.take(body, {name.lower(): value for name, value in self.headers.items()})
        owner.stopping.wait(reply.first_token_seconds)
        if reply.status != 200:
            self._send(
                json.dumps({"error": {"message": "scripted", "type": "x"}}), reply.status, reply.headers
            )
            return
        text = reply.text(body) if callable(reply.text) else reply.text
        try:
            if body.get("stream"):
                self._stream(reply, text)
            else:
                self._send(json.dumps(_whole(text)), 200, reply.headers)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, body: str, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        data = body.encode()
        self.send_response(status)
        for name, value in (
            *headers,
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(data))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, reply: Reply, text: str) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if reply.raw is not None:
            self._chunk(reply.raw)
            self._chunk("")
            return
        limits = [
            limit for limit in (reply.hang_after, reply.cut_after, reply.stop_after) if limit is not None
        ]
        shown = text[: min(limits)] if limits else text
        self._event({"role": "assistant", "content": ""})
        for start in range(0, len(shown), reply.piece):
            self._event({"content": shown[start : start + reply.piece]})
        if reply.hang_after is not None:
            self.server.owner.stopping.wait(60)
        if reply.hang_after is not None or reply.cut_after is not None:
            return  # no closing chunk: the client sees the connection break
        self._event({}, finish="length" if reply.stop_after is not None else "stop")
        if self.server.owner.requests[-1].get("stream_options", {}).get("include_usage"):
            usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
            self._chunk(f"data: {json.dumps(_frame([], usage=usage))}\n\n")
        self._chunk("data: [DONE]\n\n")
        self._chunk("")

    def _event(self, delta: dict[str, Any], finish: str | None = None) -> None:
        choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
        self._chunk(f"data: {json.dumps(_frame(choices), ensure_ascii=False)}\n\n")

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()


def _frame(choices: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "scripted",
        "choices": choices,
        **more,
    }


def _whole(text: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    frame = _frame([{"index": 0, "message": message, "finish_reason": "stop"}])
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return {**frame, "object": "chat.completion", "usage": usage}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: ModelServer


class ModelServer:
    """Runs while the `with` block does. `requests` are the bodies received, `headers` their headers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.stopping = threading.Event()
        self._replies: list[Reply] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self

    def __enter__(self) -> ModelServer:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """What goes into KEFU_MODEL_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def play(self, *replies: Reply) -> None:
        """Script the next requests; the last reply repeats."""
        with self._lock:
            self._replies = list(replies)

    def take(self, body: dict[str, Any], headers: dict[str, str]) -> Reply:
        """The reply for this request."""
        with self._lock:
            self.requests.append(body)
            self.headers.append(headers)
            return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def settings(self, **changes: Any) -> ModelSettings:
        """Settings that lead here, with deadlines that no busy machine misses: a test of a deadline sets its own."""
        values: dict[str, Any] = {
            "model": "openai:scripted",
            "model_base_url": self.url,
            "model_api_key": SecretStr("k-test"),
            "model_first_token_seconds": 60.0,
            "model_total_seconds": 120.0,
            "model_max_retries": 0,
        }
        return ModelSettings(**(values | changes))
