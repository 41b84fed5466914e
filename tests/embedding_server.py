"""An embedding server on loopback that makes real vectors: text-embeddings-inference's and OpenAI's requests, over HTTP.

with EmbeddingServer(CheapEmbedder().embed) as server:
    server.fail(429, ("Retry-After", "1"))      # the next request; then it works again
    server.stop(); server.start()               # away, and back at the same address
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from tests.servers import free_port

Embed = Callable[[Sequence[str]], Any]
MOST = 32
"""Texts in one request, as text-embeddings-inference has it unless told otherwise."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        owner = self.server.owner
        owner.requests.append((self.path, body))
        status, headers = owner.failures.pop(0) if owner.failures else (200, ())
        if owner.key and self.headers.get("Authorization") != f"Bearer {owner.key}":
            status = 401
        texts = body.get("inputs") if self.path == "/embed" else body.get("input")
        if status == 200 and (self.path not in ("/embed", "/v1/embeddings") or not isinstance(texts, list)):
            status = 404
        if status == 200 and len(texts) > MOST:
            status = 422
        answer: Any = {"error": "scripted", "error_type": "Overloaded"}
        if status == 200:
            answer = _answer(self.path, body, np.asarray(owner.embed(texts), np.float32))
        data = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (
            *headers,
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(data))),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _answer(path: str, body: dict[str, Any], vectors: Any) -> Any:
    if path == "/embed":
        return vectors.tolist()
    coded = body.get("encoding_format") == "base64"
    data = [
        {
            "object": "embedding",
            "index": n,
            "embedding": base64.b64encode(one.tobytes()).decode() if coded else one.tolist(),
        }
        for n, one in enumerate(vectors)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return {"object": "list", "data": data, "model": body["model"], "usage": usage}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    owner: EmbeddingServer

    def __init__(self, *given: Any) -> None:
        self.open: set[socket.socket] = set()
        super().__init__(*given)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)


class EmbeddingServer:
    """Runs while the `with` block does; `embed` may be set to another model meanwhile."""

    def __init__(self, embed: Embed, key: str = "") -> None:
        self.embed, self.key = embed, key
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.failures: list[tuple[int, tuple[tuple[str, str], ...]]] = []
        self._port = free_port()
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """What goes into KEFU_EMBEDDING_BASE_URL for `tei:`; for `openai:` with /v1."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def sent(self) -> list[str]:
        """Every text that it was sent."""
        return [text for _, body in self.requests for text in body.get("inputs") or body.get("input") or ()]

    def fail(self, status: int, *headers: tuple[str, str], times: int = 1) -> None:
        """Answer the next requests so."""
        self.failures += [(status, headers)] * times

    def start(self) -> None:
        """Answer, at the same address as before."""
        self._server = _Server(("127.0.0.1", self._port), _Handler)
        self._server.owner = self
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    def stop(self) -> None:
        """Refuse connections, and break those that are open."""
        if self._server is not None:
            self._server.shutdown()
            for connection in list(self._server.open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._server.server_close()
            self._server = None

    def __enter__(self) -> EmbeddingServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
