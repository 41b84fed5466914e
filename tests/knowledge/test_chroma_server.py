"""A Chroma server behind a proxy: below a path, with a token, with a database of its own; and what a proxy says that is none."""

from __future__ import annotations

import http.client
import os
import signal
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from knowledge.chroma_server import ChromaServer
from knowledge.errors import StoreUnavailable
from knowledge.vectors import Vectors
from tests.servers import free_port, start_chroma

TOKEN = "PLANTED-token"
BELOW = "/chroma"
_HOP = {"connection", "transfer-encoding", "content-length", "host", "accept-encoding"}


class Proxy(ThreadingHTTPServer):
    """Passes on what comes below its path with the right token; else it refuses as a proxy does, with a page."""

    daemon_threads = True

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.behind = urlsplit(behind).netloc
        self.url = f"http://127.0.0.1:{self.server_port}{BELOW}"
        self.away = False


class _Passing(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.away:
            self._say(502, b"<html>bad gateway</html>")
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}" or not self.path.startswith(BELOW):
            self._say(401, b"<html>who are you</html>")
        else:
            behind = http.client.HTTPConnection(self.server.behind, timeout=120)
            told = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            behind.request(self.command, self.path.removeprefix(BELOW), body, told)
            answer = behind.getresponse()
            self._say(answer.status, answer.read(), answer.headers.get("Content-Type", ""))
            behind.close()

    do_GET = do_POST = do_PUT = do_DELETE = _pass

    def _say(self, status: int, body: bytes, kind: str = "text/html") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def proxy(chroma_url: str) -> Iterator[Proxy]:
    with Proxy(chroma_url) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_server_behind_a_proxy_keeps_vectors_in_its_own_database(
    proxy: Proxy, chroma_url: str, tmp_path: Path
) -> None:
    import chromadb

    host = urlsplit(chroma_url)
    chromadb.AdminClient(
        chromadb.Settings(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=host.hostname,
            chroma_server_http_port=host.port,
            anonymized_telemetry=False,
        )
    ).create_database("desk-of-the-north")
    named = ChromaServer(proxy.url, TOKEN, database="desk-of-the-north")
    vectors = Vectors(tmp_path, "behind-a-proxy", named)
    made = np.eye(3, dtype=np.float32)
    vectors.put(["a", "b", "c"], made)
    assert vectors.missing(["a", "z"]) == {"z"}
    assert np.array_equal(vectors.get(["b"])["b"], made[1])
    assert vectors.is_shared
    assert not list(tmp_path.iterdir()), "nothing lies in the folder"
    vectors.close()
    other = Vectors(tmp_path, "behind-a-proxy", ChromaServer(chroma_url))
    assert other.missing(["a"]) == {"a"}, "another database"
    other.close()


def test_what_a_proxy_says_is_one_sentence_without_the_token_and_passes(proxy: Proxy, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="could not be reached") as refused:
        Vectors(tmp_path, "behind-a-proxy", ChromaServer(proxy.url, "PLANTED-other")).keys()
    assert "PLANTED" not in str(refused.value)
    vectors = Vectors(tmp_path, "behind-a-proxy", ChromaServer(proxy.url, TOKEN))
    vectors.put(["a"], np.eye(1, dtype=np.float32))
    proxy.away = True
    with pytest.raises(StoreUnavailable, match="could not be reached"):
        vectors.missing(["a"])
    proxy.away = False
    assert vectors.missing(["a"]) == set()
    vectors.close()


def test_a_server_that_hangs_counts_as_away_and_is_used_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen, it takes connections and says nothing: Chroma's client alone would wait for ever."""
    port = free_port()
    server = start_chroma(tmp_path / "server", port)
    try:
        with monkeypatch.context() as patch:
            patch.setattr("knowledge.vectors.SECONDS_TO_STORE", 0.5)
            vectors = Vectors(tmp_path, "model", f"http://127.0.0.1:{port}")
            _patiently(lambda: vectors.put(["a"], np.eye(1, dtype=np.float32)))
            server.send_signal(signal.SIGSTOP)
            assert os.WIFSTOPPED(os.waitpid(server.pid, os.WUNTRACED)[1])
            with pytest.raises(StoreUnavailable, match="could not be reached"):
                vectors.missing(["a"])
            patch.setattr("knowledge.vectors.SECONDS_TO_ANSWER", 0.5)
            with pytest.raises(StoreUnavailable, match="does not answer"):
                vectors.missing(["a"])
        server.send_signal(signal.SIGCONT)
        assert vectors.missing(["a"]) == set()
        vectors.close()
    finally:
        server.kill()
        server.wait()


def _patiently(work: Callable[[], None]) -> None:
    """Half a second may not do on a busy machine; it is tried again as somebody would."""
    for _ in range(60):
        try:
            return work()
        except StoreUnavailable:
            continue
    raise AssertionError("the server never was fast enough")


def test_why_a_server_cannot_be_used_is_told(proxy: Proxy) -> None:
    assert ChromaServer(proxy.url, TOKEN).trouble(120) == ""
    assert "refuses the token" in ChromaServer(proxy.url, "PLANTED-other").trouble(120)
    assert "no database elsewhere" in ChromaServer(proxy.url, TOKEN, database="elsewhere").trouble(120)
    proxy.away = True
    assert "502" in ChromaServer(proxy.url, TOKEN).trouble(120)
    assert "does not answer" in ChromaServer("http://127.0.0.1:9").trouble(120)
    assert "does not answer" in ChromaServer("http://127.0.0.1:nonsense").trouble(120)


@pytest.mark.parametrize(
    ("url", "base", "shown"),
    [
        ("http://chroma:8000", "http://chroma:8000", "http://chroma:8000"),
        ("http://chroma:8000/", "http://chroma:8000", "http://chroma:8000"),
        ("https://api.example.com", "https://api.example.com:443", "https://api.example.com"),
        ("https://u:PLANTED@example.com/c", "https://example.com:443/c", "https://example.com/c"),
        ("chroma", "http://chroma:8000", "http://chroma"),
        ("http://[::1]:9000", "http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_addresses(url: str, base: str, shown: str) -> None:
    server = ChromaServer(url, "PLANTED")
    assert (server.base, server.shown) == (base, shown)
    assert "PLANTED" not in f"{server!r} {server.shown} {server.base}"


def test_a_name_and_password_are_sent_as_such() -> None:
    assert ChromaServer("http://u:p%40ss@h").headers() == {"Authorization": "Basic dTpwQHNz"}
    assert ChromaServer("http://h", "t").headers() == {"X-Chroma-Token": "t", "Authorization": "Bearer t"}
    assert ChromaServer("http://h").headers() == {}
