"""What ingesting costs: a first ingest, the same manual again with one clause changed, and the usual recipe beside it.

    python tests/benchmarks/ingest_cost.py [--clauses 1000] [--rounds 3] [--json FILE]
    python tests/benchmarks/ingest_cost.py --memory 10 100 [--server]

The recipe is LangChain's: load the text, RecursiveCharacterTextSplitter(1000, 200), `Chroma.add_documents`, with
the same bundled models. Both sides take the same file, alternate round by round, each in a process of its own, so
that a noisy machine hits both; ratios are medians of the rounds' ratios. A side's time begins when its libraries
are imported and the models loaded, and holds everything after: reading, cutting, embedding, storing, publishing
and, on our side, the live index with its dictionary. CPU seconds are those of the process, threads included.

--memory stages and publishes corpora of so many megabytes (files of a thousand clauses) with a cheap embedder of
16 dimensions (the real one would take hours) and shows peak memory and time; with --server the vectors lie in a
Chroma server, whose memory is its own affair and is not counted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from bot.measuring.texts import articles, manual_text
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
    """Largest resident memory of this process so far, in megabytes; pages of mapped files count."""
    return _status("VmHWM")


class Watcher:
    """Follows this process's memory: the most of its own (anonymous) that it held, mapped files left out."""

    def __init__(self) -> None:
        self.most = 0.0
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            self.most = max(self.most, own_memory())

    def read(self) -> dict[str, float]:
        """Megabytes: the largest resident memory so far, the most that was its own since last asked, and now."""
        now = own_memory()
        most, self.most = max(self.most, now), now
        return {"peak": peak(), "own": most, "now": now}


def own_memory() -> float:
    """Anonymous resident memory of this process in megabytes."""
    return _status("RssAnon")


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(name))) / 1024


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

    def nearnesses(self, ones: Sequence[str], others: Sequence[str]) -> Matrix:
        return self.passages([*map(Passage, ones)]) @ self.passages([*map(Passage, others)]).T


def open_ours(home: Path, embedder: Any, chroma: str = "") -> Any:
    """A library and the way of files into it, on SQLite in `home` and Chroma there or at the address `chroma`."""
    from ingest.pipeline import Intake
    from knowledge.library import Library
    from knowledge.migrations import upgrade
    from knowledge.vectors import Vectors
    from tickets.store import READING, open_engine

    engine = open_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    reader = engine.execution_options(**{READING: True})
    library = Library(
        engine, lambda name: Vectors(home, name, chroma), lambda: embedder, home / "index", reader=reader
    )
    return library, Intake(library)


def ours(file: Path, home: Path, changed: Path) -> dict[str, Any]:
    """First ingest of `file`, then `changed` under its name."""
    import chromadb  # noqa: F401 - imports are not timed

    from knowledge.embedding import BundledEmbeddings

    embedder = Counting(BundledEmbeddings())
    library, intake = open_ours(home, embedder)
    watch = Stopwatch()
    library.publish(intake.stage([file], "benchmark").edition_ids, "benchmark")
    first = watch.read() | {"texts": embedder.texts}
    file.write_bytes(changed.read_bytes())
    embedder.texts, watch = 0, Stopwatch()
    library.publish(intake.stage([file], "benchmark").edition_ids, "benchmark")
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


def memory(megabytes: int, home: Path, chroma: str = "") -> dict[str, Any]:
    """Stage and publish a corpus of that size, read file by file; then five publications of one changed file."""
    corpus = home / "corpus"
    corpus.mkdir()
    size = number = 0
    while size < megabytes * 1_000_000:
        text = manual_text(f"{TITLE}{number}", articles(1000, number))
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
        size, number = size + len(text.encode()), number + 1
    library, intake = open_ours(home, Cheap(), chroma)
    library.index()
    watcher = Watcher()
    found: dict[str, Any] = {"files": number, "start": watcher.read()}
    watch = Stopwatch()
    staged = intake.stage([corpus], "benchmark")
    found["staged"] = watch.read() | watcher.read()
    watch = Stopwatch()
    library.publish(staged.edition_ids, "benchmark")
    library.search("录音至少抽查几通?")
    found["published"] = watch.read() | watcher.read()
    for turn in range(5):
        file = corpus / "0.txt"
        file.write_text(manual_text(f"{TITLE}0", articles(1000, 10_000 + turn)), encoding="utf-8")
        watch = Stopwatch()
        library.publish(intake.stage([file], "benchmark").edition_ids, "benchmark")
        library.search("录音至少抽查几通?")
        found[f"again {turn + 1}"] = watch.read() | watcher.read()
    saved = next((home / "index").glob("live-*"))
    found["clauses"] = len(library.index().keys)
    found["index"] = sum(f.stat().st_size for f in saved.iterdir() if f.stem != "vectors")
    library.close()
    return found | {"opened": in_process("--open", home)}


def opened(home: Path) -> dict[str, Any]:
    """Open what is saved and search it, in a process that does nothing else."""
    watch = Stopwatch()
    library, _ = open_ours(home, Cheap())
    hits = library.search("录音至少抽查几通?")
    assert hits
    return watch.read() | {"peak": peak(), "own": own_memory(), "now": own_memory()}


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
    print(f"{'MB':>5} {'':12}{'s':>8}{'peak':>8}{'own':>8}{'now':>8}")
    for megabytes, m in taken:
        for name, row in m.items():
            if isinstance(row, dict):
                seconds = f"{row['wall']:8.1f}" if "wall" in row else " " * 8
                print(f"{megabytes:5} {name:12}{seconds}{row['peak']:8.0f}{row['own']:8.0f}{row['now']:8.0f}")
        per_clause = m["index"] / m["clauses"]
        print(
            f"{m['files']} files, {m['clauses']} clauses; {per_clause:.0f} bytes a clause without its vector"
        )
    print(
        "MB resident: peak with mapped files (VmHWM), most of its own (RssAnon), its own at the end of the step;"
    )
    print(
        "again: one file of a thousand clauses replaced and published; opened: a fresh process, first search"
    )


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clauses", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--memory", type=int, nargs="+", metavar="MB")
    parser.add_argument("--server", action="store_true", help="with --memory: a Chroma server beside")
    parser.add_argument("--side", nargs=4, help=argparse.SUPPRESS)
    parser.add_argument("--corpus", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        side, file, home, changed = asked.side
        done = (
            ours(Path(file), Path(home), Path(changed)) if side == "ours" else recipe(Path(file), Path(home))
        )
        print(json.dumps(done))
    elif asked.open:
        print(json.dumps(opened(asked.open)))
    elif asked.corpus:
        megabytes, home, chroma = asked.corpus
        print(json.dumps(memory(int(megabytes), Path(home), chroma)))
    elif asked.memory:
        # At the end: tests/ has folders of the same names as the house.
        sys.path.append(str(Path(__file__).parents[1]))
        from servers import chroma_server

        taken = []
        for megabytes in asked.memory:
            with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
                chroma = stack.enter_context(chroma_server()) if asked.server else ""
                taken.append((megabytes, in_process("--corpus", megabytes, home, chroma)))
        show_memory(taken)
    else:
        found = compare(asked.clauses, asked.rounds)
        show(found)
        if asked.json:
            asked.json.write_text(json.dumps(found | {"ratios": ratios(found)}, indent=1))


if __name__ == "__main__":
    main()
