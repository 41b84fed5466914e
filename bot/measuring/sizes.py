"""What a corpus of so many clauses costs: to take in, to search and answer from, to hold in memory, to start with.

Every size is measured in a process of its own. Questions are embedded for real; the clauses of the generated
manuals have random vectors (`stand_ins`), for embedding 100,000 clauses takes most of an hour and no question waits
for it: what it takes is measured on a few hundred and told per clause.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from bot.measuring.house import DEMO, bot, memory_mb, workspace
from bot.measuring.stand_ins import FewReal, Held
from bot.measuring.texts import articles, manual_text

if TYPE_CHECKING:
    from knowledge.embedding import Embedder
    from knowledge.library import Library

TITLE = "远程服务工作规程"
QUESTIONS = (
    "保修期外上门检测费收多少钱?",
    "坐席每个月最多能换几次班?",
    "客户要求退货,超过几天就不能退了?",
    "春节期间接电话第一句怎么说?",
    "班长联系不上应该找谁?",
    "洗衣机显示故障代码怎么处理?",
    "员工结婚有几天婚假?",
    "质检员每班至少要抽查多少通录音?",
    "工单建立以后多久之内要把通话要点写进备注?",
    "How long do I have to answer a remote support request?",
)
_EMBEDDED = 200
"""Generated clauses that are embedded for real, to tell what one takes."""
EMBEDDING = "embedding of the question alone"
ANSWER = "whole answer"
RECIPE = "LangChain recipe (search only)"
BM25 = "BM25 alone (rank-bm25)"


class Side(BaseModel):
    """One way of serving a question."""

    model_config = ConfigDict(frozen=True)

    median_ms: float
    p95_ms: float
    by_embedding: float
    """Median of its time by that of the bare embedding, question by question in one run."""


class SizeFigures(BaseModel):
    """What was measured at one size."""

    model_config = ConfigDict(frozen=True)

    clauses: int
    ingest_seconds: float
    """Read, cut, stored, published and indexed; without embedding and without the comparison for conflicts."""
    embedding_ms: float
    """Per clause, with the bundled models, in batches."""
    sides: Mapping[str, Side]
    start_seconds: float
    """From `kefu up` to connected and ready."""
    idle_mb: Mapping[str, float]
    """Memory of the bot then: all of it, and its own (not mapped from files)."""
    left_out: tuple[str, ...] = ()
    """Sides whose library is not installed."""


def measure(clauses: int, rounds: int) -> SizeFigures:
    """Everything at one size, in a process of its own."""
    command = [sys.executable, "-m", "bot.measuring.sizes", str(clauses), str(rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return SizeFigures.model_validate_json(done.stdout.splitlines()[-1])


def _measured(clauses: int, rounds: int, home: Path) -> SizeFigures:
    corpus = home / "corpus"
    corpus.mkdir()
    for number in range(max(clauses // 1000, 1)):
        text = manual_text(f"{TITLE}{number}", articles(min(clauses, 1000), number))
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    embedder = FewReal(TITLE)
    data = home / "data"
    data.mkdir()
    started = time.perf_counter()
    library = _taken_in(corpus, data, embedder)
    ingested = time.perf_counter() - started
    acts, left_out = _acts(library, embedder, corpus, home)
    sides = _sides(acts, rounds)
    count = len(library.index().keys)
    library.close()
    with workspace(home) as place, bot(place, data) as (running, seconds):
        place.crew.command("U_AGENT", "dm", "help")
        idle = memory_mb(running.pid)
    return SizeFigures(
        clauses=count,
        ingest_seconds=round(ingested, 2),
        embedding_ms=round(_embedding_ms(embedder), 2),
        sides=sides,
        start_seconds=round(seconds, 2),
        idle_mb={name: round(size) for name, size in idle.items()},
        left_out=tuple(left_out),
    )


def _taken_in(corpus: Path, data: Path, embedder: Embedder) -> Library:
    from ingest.pipeline import Intake
    from knowledge.library import Library
    from knowledge.migrations import upgrade
    from tickets.store import READING, open_engine

    engine = open_engine(f"sqlite:///{data / 'kefu.db'}")
    upgrade(engine)
    reader = engine.execution_options(**{READING: True})
    held = Held()
    library = Library(engine, lambda _: held, lambda: embedder, data / "index", reader=reader)  # type: ignore[arg-type,return-value]
    intake = Intake(library)
    library._conflicts.find_left = lambda: 0  # type: ignore[method-assign]  # minutes of work that no answer waits for
    library.publish(intake.stage([corpus, DEMO / "manuals"], "bench").edition_ids, "bench")
    library.index()
    return library


def _acts(
    library: Library, embedder: FewReal, corpus: Path, home: Path
) -> tuple[dict[str, Callable[[str], object]], list[str]]:
    """The sides by name, and those that cannot be had here."""
    from bot.assistant.answering import Assistant

    assistant = Assistant(library)
    sides: dict[str, Callable[[str], object]] = {
        EMBEDDING: embedder.query,
        "search": lambda question: library.search(question, 30),
        ANSWER: assistant.answer,
    }
    left_out = []
    for name, make in ((BM25, _bm25), (RECIPE, _recipe)):
        try:
            sides[name] = make(corpus, home, embedder)
        except ImportError:
            left_out.append(name)
    return sides, left_out


def _bm25(corpus: Path, _home: Path, _embedder: FewReal) -> Callable[[str], object]:
    """Lines by two-character words, as one finds it in most write-ups on Chinese."""
    from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]

    def words(text: str) -> list[str]:
        return [text[i : i + 2] for i in range(len(text) - 1)]

    lines = [line for file in sorted(corpus.iterdir()) for line in file.read_text("utf-8").splitlines()]
    found = BM25Okapi([words(line) for line in lines])
    return lambda question: found.get_top_n(words(question), lines, 8)


def _recipe(corpus: Path, home: Path, embedder: FewReal) -> Callable[[str], object]:
    """Load, RecursiveCharacterTextSplitter, Chroma `similarity_search`, over the same files."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store = Chroma("manuals", embedder, persist_directory=str(home / "recipe"))  # type: ignore[arg-type]
    for file in sorted(corpus.iterdir()):
        store.add_documents(splitter.split_documents([Document(file.read_text(encoding="utf-8"))]))
    return lambda question: store.similarity_search(question, k=8)


def _sides(acts: Mapping[str, Callable[[str], object]], rounds: int) -> dict[str, Side]:
    """All sides in turn for each question, so that a noisy machine hits all; after one round to warm up."""
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(rounds + 1):
        for question in QUESTIONS:
            for name, act in acts.items():
                started = time.perf_counter()
                act(question)
                if turn:
                    taken[name].append((time.perf_counter() - started) * 1000)
    bare = taken[EMBEDDING]
    return {
        name: Side(
            median_ms=round(statistics.median(times), 2),
            p95_ms=round(_share(times, 0.95), 2),
            by_embedding=round(statistics.median(a / b for a, b in zip(times, bare, strict=True)), 2),
        )
        for name, times in taken.items()
    }


def _share(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _embedding_ms(embedder: FewReal) -> float:
    from knowledge.embedding import Passage

    texts = [Passage(text, "", TITLE) for text in articles(_EMBEDDED, 99)]
    embedder.inner.passages(texts[:32])
    started = time.perf_counter()
    for at in range(0, len(texts), 32):
        embedder.inner.passages(texts[at : at + 32])
    return (time.perf_counter() - started) * 1000 / len(texts)


def main(arguments: Sequence[str]) -> None:
    """One size in this process; its figures as a line of JSON."""
    from bot import logs

    logs.warnings_only()
    clauses, rounds = map(int, arguments)
    with tempfile.TemporaryDirectory() as home:
        figures = _measured(clauses, rounds, Path(home))
    print(json.dumps(figures.model_dump(mode="json"), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
