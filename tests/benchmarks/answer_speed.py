"""What an answer costs beside the bare embedding of its question, at 10,000 and 100,000 clauses.

    python tests/benchmarks/answer_speed.py [--clauses 10000 100000] [--rounds 5] [--askers 16] [--json FILE]

Both sides alternate question by question in one run, so that a noisy machine hits both: the bundled models'
embedding of the question; `View.search` with it; the whole answer without a model (search, decision, conflicts,
quoting); BM25 over all clauses alone; and the usual LangChain recipe (RecursiveCharacterTextSplitter, Chroma `similarity_search`)
with the same models over the same text. Medians, and the medians of the ratios within a question, are printed.
Then so many askers ask at once: answers a second beside query embeddings a second.

What is real: the questions' embeddings, the clauses (generated, of ordinary length), the database, the saved index.
What is not: to embed 100,000 clauses takes hours, so every clause has a random unit vector but for the few hundred
of the demo's sample manuals, which the questions are about; the recipe's pieces have random vectors, too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from ingest_cost import open_ours

from bot.assistant.answering import Assistant
from bot.measuring.sizes import QUESTIONS
from bot.measuring.stand_ins import FewReal, Held
from bot.measuring.texts import articles, manual_text
from knowledge.reading import question_terms

SAMPLES = Path(__file__).parents[2] / "bot" / "demo" / "manuals"
TITLE = "远程服务工作规程"
TARGETS = {10_000: 1.5, 100_000: 3.0}
"""Search and decision in units of the bare embedding, at most."""
ASKED_TARGET = 40.0


def timed(act: Callable[[str], object], question: str) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processors."""
    started, used = time.perf_counter(), time.process_time()
    act(question)
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


def per_second(act: Callable[[str], object], askers: int, count: int) -> float:
    """How many questions a second so many askers get done."""
    with ThreadPoolExecutor(askers) as pool:
        started = time.perf_counter()
        list(pool.map(act, islice(cycle(QUESTIONS), count)))
        return count / (time.perf_counter() - started)


def corpus(folder: Path, clauses: int) -> None:
    """Files of a thousand generated clauses each."""
    folder.mkdir()
    for number in range(clauses // 1000):
        text = manual_text(f"{TITLE}{number}", articles(1000, number))
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")


def recipe(folder: Path, home: Path, embedder: FewReal) -> Callable[[str], object]:
    """The usual recipe's search over the same files."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    store = Chroma("manuals", embedder, persist_directory=str(home / "recipe"))
    for file in sorted(folder.iterdir()):
        store.add_documents(splitter.split_documents([Document(file.read_text(encoding="utf-8"))]))
    return lambda question: store.similarity_search(question, k=8)


def measure(clauses: int, rounds: int, askers: int, home: Path) -> dict[str, Any]:
    """All figures at one size."""
    embedder = FewReal(TITLE)
    folder = home / "corpus"
    corpus(folder, clauses)
    library, intake = open_ours(home, embedder)
    library._conflicts.find_left = lambda: 0  # minutes of work that no answer waits for
    library._open_vectors = lambda _: Held()
    library.publish(intake.stage([folder, SAMPLES], "benchmark").edition_ids, "benchmark")
    assistant = Assistant(library)
    index = library.index()
    sides: dict[str, Callable[[str], object]] = {
        "embedding": embedder.query,
        "search": lambda question: library.search(question, 30),
        "whole answer": assistant.answer,
        "BM25 alone": lambda question: index.body.scores(question_terms(question)),
        "recipe": recipe(folder, home, embedder),
    }
    for act in sides.values():
        for question in QUESTIONS:
            act(question)  # warm
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    for _ in range(rounds):
        for question in QUESTIONS:
            for name, act in sides.items():
                times[name].append(timed(act, question))
    ceiling, asked = [], []
    for _ in range(3):
        ceiling.append(per_second(embedder.query, askers, 10 * askers))
        asked.append(per_second(assistant.answer, askers, 10 * askers))
    library.close()
    bare = times["embedding"]
    return {
        "clauses": len(index.keys),
        "median ms": {name: statistics.median(wall for wall, _ in taken) for name, taken in times.items()},
        "ratio": {name: _ratio(taken, bare, 0) for name, taken in times.items()},
        "ratio of cpu": {name: _ratio(taken, bare, 1) for name, taken in times.items()},
        "embeddings a second": statistics.median(ceiling),
        "answers a second": statistics.median(asked),
    }


def _ratio(taken: Sequence[tuple[float, float]], bare: Sequence[tuple[float, float]], part: int) -> float:
    return statistics.median(a[part] / b[part] for a, b in zip(taken, bare, strict=True))


def show(found: dict[str, Any], clauses: int, askers: int) -> None:
    """The figures as a table."""
    print(f"{found['clauses']} clauses{'':12}median ms   × the embedding   × its cpu")
    for name, taken in found["median ms"].items():
        target = (
            f"   (target: at most {TARGETS[clauses]})"
            if name == "whole answer" and clauses in TARGETS
            else ""
        )
        print(
            f"  {name:22}{taken:10.1f}{found['ratio'][name]:12.2f}{found['ratio of cpu'][name]:12.2f}{target}"
        )
    ceiling, asked = found["embeddings a second"], found["answers a second"]
    print(
        f"  {askers} at once: {asked:.1f} answers a second of {ceiling:.1f} embeddings ({asked / ceiling:.0%})"
    )


def main() -> None:
    """Measure each size in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clauses", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--askers", type=int, default=16)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    every: dict[int, Any] = {}
    for clauses in asked.clauses:
        with tempfile.TemporaryDirectory() as home:
            every[clauses] = measure(clauses, asked.rounds, asked.askers, Path(home))
        show(every[clauses], clauses, asked.askers)
    if asked.json:
        asked.json.write_text(json.dumps(every, indent=1))


if __name__ == "__main__":
    main()
