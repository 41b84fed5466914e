"""What ingesting costs: a first ingest, the same manual again with one clause changed, and the usual recipe beside it.

    python tests/benchmarks/ingest_cost.py [--clauses 1000] [--rounds 3] [--json FILE]
    python tests/benchmarks/ingest_cost.py --memory 10 100

The recipe is LangChain's: load the text, RecursiveCharacterTextSplitter(1000, 200), `Chroma.add_documents`, with
the same bundled models. Both sides take the same file, alternate round by round, each in a process of its own, so
that a noisy machine hits both; ratios are medians of the rounds' ratios. A side's time begins when its libraries
are imported and the models loaded, and holds everything after: reading, cutting, embedding, storing, publishing
and, on our side, the live index with its dictionary. CPU seconds are those of the process, threads included.

--memory stages and publishes corpora of so many megabytes (files of a thousand clauses) with a cheap embedder of
16 dimensions (the real one would take hours) and shows peak memory and time.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from manual_text import articles, manual_text

from knowledge.embedding import Matrix, Passage

TITLE = "远程服务工作规程"


class Stopwatch:
    """Wall and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Both, in seconds."""
        return {"wall": time.perf_counter() - self._wall, "cpu": time.process_time() - self._cpu}


def peak() -> float:
    """Largest resident memory of this process so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Counting:
    """An embedder that counts the passages it is given: whole ones, and those that only moved."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.name = inner.name
        self.texts = 0

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        self.texts += len(passages)
        return self._inner.passages(passages)

    def resituated(self, passages: Sequence[Passage], old: Matrix) -> Matrix:
        return self._inner.resituated(passages, old)

    def query(self, text: str) -> Matrix:
        return self._inner.query(text)

    def nearness(self, one: str, other: str) -> float:
        return self._inner.nearness(one, other)


class Cheap:
    """Vectors of 16 dimensions from a checksum: costs nothing and needs little memory."""

    name = "cheap-16"

    def passages(self, passages: Sequence[Passage]) -> Matrix:
        rows = [np.random.default_rng(crc32(p.wide.encode())).standard_normal(16) for p in passages]
        made = np.array(rows, dtype=np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    def query(self, text: str) -> Matrix:
        return self.passages([Passage(text)])[0]

    def nearness(self, one: str, other: str) -> float:
        return float(self.query(one) @ self.query(other))


def open_ours(home: Path, embedder: Any) -> Any:
    """A library and the way of files into it, on SQLite and embedded Chroma in `home`."""
    from ingest.pipeline import Intake
    from knowledge.library import Library
    from knowledge.migrations import upgrade
    from knowledge.vectors import Vectors
    from tickets.store import READING, open_engine

    engine = open_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    reader = engine.execution_options(**{READING: True})
    library = Library(
        engine, lambda name: Vectors(home, name), lambda: embedder, home / "index", reader=reader
    )
    return library, Intake(library)


def ours(file: Path, home: Path, changed: Path) -> dict[str, Any]:
    """First ingest of `file`, then `changed` under its name."""
    import chromadb  # noqa: F401 - imports are not timed

    from knowledge.embedding import BundledEmbeddings

    embedder = Counting(BundledEmbeddings())
    library, intake = open_ours(home, embedder)
    watch = Stopwatch()
    intake.publish(intake.stage([file], "benchmark"), "benchmark")
    first = watch.read() | {"texts": embedder.texts}
    file.write_bytes(changed.read_bytes())
    embedder.texts, watch = 0, Stopwatch()
    intake.publish(intake.stage([file], "benchmark"), "benchmark")
    again = watch.read() | {"texts": embedder.texts}
    clauses = len(library.index().keys)
    library.close()
    return {"first": first, "again": again, "clauses": clauses, "peak": peak()}


def recipe(file: Path, home: Path) -> dict[str, Any]:
    """The usual recipe on the same file and models."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    from knowledge.embedding import BundledEmbeddings

    embedder = BundledEmbeddings()
    watch = Stopwatch()
    loaded = [Document(file.read_text(encoding="utf-8"), metadata={"source": file.name})]
    pieces = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(loaded)
    Chroma("manuals", embedder, persist_directory=str(home / "chroma")).add_documents(pieces)
    return watch.read() | {"texts": len(pieces), "peak": peak()}


def memory(megabytes: int, home: Path) -> dict[str, Any]:
    """Stage and publish a corpus of that size, read file by file."""
    corpus = home / "corpus"
    corpus.mkdir()
    size = number = 0
    while size < megabytes * 1_000_000:
        text = manual_text(f"{TITLE}{number}", articles(1000, number))
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
        size, number = size + len(text.encode()), number + 1
    library, intake = open_ours(home, Cheap())
    library.index()
    begun, watch = peak(), Stopwatch()
    staged = intake.stage([corpus], "benchmark")
    after_stage = watch.read() | {"peak": peak()}
    watch = Stopwatch()
    intake.publish(staged, "benchmark")
    index = library.index()
    return {
        "files": number, "clauses": len(index.keys), "before": begun, "staged": after_stage,
        "published": watch.read() | {"peak": peak()}, "index": index_bytes(index),
    }  # fmt: skip


def index_bytes(index: Any) -> int:
    """Bytes of the live index's arrays, without its vectors."""
    arrays = [index.clause_ids, index.manual_ids, index.keys, index.bridges.starts, index.bridges.words]
    for words in (index.body, index.context):
        arrays += [words.starts, words.rows, words.counts, words.weights, words.idf]
    return sum(array.nbytes for array in arrays)


def in_process(*arguments: object) -> dict[str, Any]:
    """One side, alone in a process."""
    command = [sys.executable, __file__, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def compare(clauses: int, rounds: int) -> dict[str, Any]:
    """All rounds of both sides."""
    texts = articles(clauses, 1)
    edited = [*texts[: clauses // 2], "本条由新的规定代替,以公告为准。", *texts[clauses // 2 + 1 :]]
    found: dict[str, Any] = {"ours": [], "recipe": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as place:
            file, changed = Path(place, "rules.txt"), Path(place, "changed.txt")
            file.write_text(manual_text(TITLE, texts), encoding="utf-8")
            changed.write_text(manual_text(TITLE, edited), encoding="utf-8")
            for side in ("recipe", "ours"):
                home = Path(place, side)
                home.mkdir()
                found[side].append(in_process("--side", side, file, home, changed))
    return found


def ratios(found: dict[str, Any]) -> dict[str, float]:
    """The figures with a target, each the median over the rounds."""
    pairs = list(zip(found["ours"], found["recipe"], strict=True))
    middle = statistics.median
    return {
        "again/first texts": middle(o["again"]["texts"] / o["first"]["texts"] for o, _ in pairs),
        "again/first wall": middle(o["again"]["wall"] / o["first"]["wall"] for o, _ in pairs),
        "again/first cpu": middle(o["again"]["cpu"] / o["first"]["cpu"] for o, _ in pairs),
        "ours/recipe wall": middle(o["first"]["wall"] / r["wall"] for o, r in pairs),
        "ours/recipe cpu": middle(o["first"]["cpu"] / r["cpu"] for o, r in pairs),
    }


TARGETS = {"again/first texts": 0.02, "again/first wall": 0.10, "ours/recipe wall": 1.2}


def show(found: dict[str, Any]) -> None:
    """Medians and ratios as a table."""
    rows = {
        "recipe, first ingest": found["recipe"],
        "ours, first ingest": [side["first"] for side in found["ours"]],
        "ours, one clause changed": [side["again"] for side in found["ours"]],
    }
    print(f"{'':26}{'texts':>7}{'wall s':>9}{'cpu s':>9}   (medians of {len(found['ours'])} rounds)")
    for name, taken in rows.items():
        texts, wall, cpu = (statistics.median(t[key] for t in taken) for key in ("texts", "wall", "cpu"))
        print(f"{name:26}{texts:7.0f}{wall:9.2f}{cpu:9.2f}")
    for name, value in ratios(found).items():
        target = f"   (target: at most {TARGETS[name]:g})" if name in TARGETS else ""
        print(f"{name:26}{value:16.3f}{target}")


def show_memory(taken: Sequence[tuple[int, dict[str, Any]]]) -> None:
    """Peaks and times as a table."""
    print(f"{'MB':>5}{'files':>7}{'clauses':>9}{'start':>8}{'staged':>9}{'s':>7}{'published':>11}{'s':>7}")
    for megabytes, m in taken:
        staged, published = m["staged"], m["published"]
        print(
            f"{megabytes:5}{m['files']:7}{m['clauses']:9}{m['before']:8.0f}{staged['peak']:9.0f}"
            f"{staged['wall']:7.0f}{published['peak']:11.0f}{published['wall']:7.0f}"
            f"   live index {m['index'] / m['clauses']:.0f} bytes a clause without its vector"
        )
    print("start, staged, published: peak resident memory in MB")


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clauses", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--memory", type=int, nargs="+", metavar="MB")
    parser.add_argument("--side", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--corpus", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        side, file, home, changed = asked.side
        done = (
            ours(Path(file), Path(home), Path(changed)) if side == "ours" else recipe(Path(file), Path(home))
        )
        print(json.dumps(done))
    elif asked.corpus:
        print(json.dumps(memory(int(asked.corpus[0]), Path(asked.corpus[1]))))
    elif asked.memory:
        taken = []
        for megabytes in asked.memory:
            with tempfile.TemporaryDirectory() as home:
                taken.append((megabytes, in_process("--corpus", megabytes, home)))
        show_memory(taken)
    else:
        found = compare(asked.clauses, asked.rounds)
        show(found)
        if asked.json:
            asked.json.write_text(json.dumps(found | {"ratios": ratios(found)}, indent=1))


if __name__ == "__main__":
    main()
