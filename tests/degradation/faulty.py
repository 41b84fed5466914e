"""What is broken on purpose, and the desk that it is broken under."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import Desk

from bot.demo.crew import buttons_of, is_finished, is_from_bot, text_of
from tests.servers import free_port

Json = dict[str, Any]
HOST = "localhost"


class Note:
    """What a test saw, for the table: what went on, what people were told, how it came back.

    Each piece of a cell is written by the very call that checks it: the table says nothing that no test asserts.
    """

    def __init__(self, node: pytest.Item) -> None:
        self._cells: dict[str, list[str]] = {"works": [], "told": [], "back": []}
        node.user_properties.append(("seen", self._cells))

    def _saw(self, cell: str, what: str, holds: object) -> None:
        assert holds, what
        if what not in self._cells[cell]:
            self._cells[cell].append(what)

    def works(self, what: str, holds: object) -> None:
        """This goes on while it is broken."""
        self._saw("works", what, holds)

    def told(self, what: str, holds: object) -> None:
        """This is what people are told (or that they are told nothing)."""
        self._saw("told", what, holds)

    def back(self, what: str, holds: object) -> None:
        """So it comes back."""
        self._saw("back", what, holds)


def ask(desk: Desk, question: str, user: str = "U_AGENT") -> Json:
    """Ask in the DM; the message that was sent."""
    return desk.crew.say(user, "dm", question) | {"user": user}


def answer_to(desk: Desk, asked: Json) -> Json:
    """The whole answer, once it is there: the only message of the bot below the question."""

    def look() -> Json | None:
        return next(
            (m for m in said(desk, asked) if is_finished(m) and "answer_feedback" in buttons_of(m)), None
        )

    found: Json = desk.crew.wait(look, "the answer")
    whole = [m for m in said(desk, asked) if "answer_feedback" in buttons_of(m)]
    assert len(whole) == 1, [text_of(m) for m in whole]
    return found


def sentence_to(desk: Desk, asked: Json) -> str:
    """What the bot says below a question that it cannot answer: one clear sentence, said once, no traceback."""
    told: list[Json] = desk.crew.wait(
        lambda: [m for m in said(desk, asked) if is_finished(m) and text_of(m).strip()], "a sentence"
    )
    texts = [str(m["text"]) for m in told]
    assert len(texts) == 1, texts
    assert not {"Traceback", "Error", "sqlalchemy", "sqlite3", "psycopg"} & set(texts[0].split()), texts
    return texts[0]


def said(desk: Desk, asked: Json) -> list[Json]:
    """All that the bot wrote below a question."""
    thread = asked.get("thread_ts") or asked["ts"]
    return [
        m for m in desk.crew.messages(asked["user"], "dm", thread) if is_from_bot(m) and m["ts"] > asked["ts"]
    ]


@contextmanager
def each_connection(engine: Engine, *pragmas: str, afterwards: str) -> Iterator[None]:
    """SQLite told something at each use of a connection, and the opposite once it is over."""
    broken = True

    @event.listens_for(engine, "checkout")
    def tell(connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas if broken else (afterwards,):
            cursor.execute(pragma)
        cursor.close()

    try:
        yield
    finally:
        broken = False


class Clock:
    """The wall clock, set forward or back."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.off


class SlowNames:
    """A resolver that takes its time for one host, which is this machine."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.seconds, self.asked, self.gone = 0.0, 0, False
        real = socket.getaddrinfo

        def resolve(host: Any, *given: Any, **named: Any) -> Any:
            if host != HOST:
                return real(host, *given, **named)
            self.asked += 1
            time.sleep(self.seconds)
            if self.gone:
                raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
            return real("127.0.0.1", *given, **named)

        patch.setattr(socket, "getaddrinfo", resolve)


class ChromaServer:
    """A Chroma server that can be killed and comes back with what it held."""

    def __init__(self, folder: Path) -> None:
        self._port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it answers."""
        program = Path(sys.executable).with_name("chroma")
        command = [program, "run", "--path", self._folder, "--host", "127.0.0.1", "--port", str(self._port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self._answers, "a Chroma server")

    def _answers(self) -> bool:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1)
            return True
        return False

    def kill(self) -> None:
        """As the kernel does it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)


def until(look: Callable[[], object], what: str, patience: float = 240.0) -> None:
    """Wait until `look` is true."""
    end = time.monotonic() + patience
    while not look():
        assert time.monotonic() < end, f"{what} did not come within {patience:.0f} s"
        time.sleep(0.1)
