"""`kefu search`: what retrieval finds, for tuning."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.assistant.answers import Turn
    from knowledge.library import Library


def search(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    k: Annotated[int, typer.Option("-k", help="How many excerpts.", min=1, max=1000)] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    batch: Annotated[
        Path | None, typer.Option(help="Questions, one object {id, question, history?} a line.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the hits of --batch go.")] = None,
) -> None:
    """Show what retrieval finds for a question, best first.

    Clauses, short ones with their neighbours. The first score is the probability (0 to 1) that the manuals answer
    the question, so scores compare across questions.
    """
    batches.one_of(question, batch, out, "a question")
    from bot.settings import Settings
    from bot.wiring import open_library

    if batch is not None and out is not None:
        rows = batches.read_lines(batch, ["id", "question"])
        library = open_library(Settings(), soon=True)
        count = batches.write_lines(out, _all_hits(library, rows, k))
        typer.echo(f"{count} searches written to {out}", err=True)
        return
    row = hits_row(open_library(Settings(), soon=True), "", question or "", (), k)
    if json:
        batches.print_json(row)
        return
    for hit in row["hits"]:
        typer.echo(f"{hit['score']:7.3f}  《{hit['manual']}》{hit['clause']}  {hit['text'][:120]}")


def _all_hits(library: Library, rows: list[dict[str, Any]], k: int) -> Iterator[dict[str, Any]]:
    library.search("热身", 1)  # the model's loading is not part of a question's time
    for row in rows:
        yield hits_row(
            library, str(row["id"]), str(row["question"]), batches.turns(row.get("history") or []), k
        )


def hits_row(
    library: Library, identity: str, question: str, history: Sequence[Turn], k: int
) -> dict[str, Any]:
    """What one search finds, as a line of OUT.jsonl.

    `score` compares across questions: that of the first hit is the probability that the manuals answer; `mixed`
    is the score of this search alone, `meaning` (cosine) and `words` (BM25) what it was mixed from.
    """
    from bot.assistant.deciding import LOOKED_AT, spread, standing
    from bot.assistant.following import find
    from knowledge.excerpts import SEARCHED, excerpts

    started = time.perf_counter()
    view = library.view()
    asked = find(view, question, history, max(LOOKED_AT, k * SEARCHED))
    looked_at = asked.hits[:LOOKED_AT]
    chance = standing(asked.question, looked_at, asked.scope, view) if looked_at else 0.0
    found = excerpts(view, asked.hits)[:k]
    scores = spread(chance, [excerpt.hit.score for excerpt in found])
    return {
        "id": identity,
        "hits": [
            {
                "manual": excerpt.hit.clause.manual,
                "organisation": excerpt.hit.clause.organisation,
                "clause": excerpt.hit.clause.label,
                "clauses": [clause.label for clause in excerpt.clauses],
                "heading_path": list(excerpt.hit.clause.heading_path),
                "text": excerpt.text,
                "score": round(score, 4),
                "mixed": round(excerpt.hit.score, 4),
                "meaning": round(excerpt.hit.meaning, 4),
                "words": round(excerpt.hit.words, 4),
                "source": excerpt.hit.clause.source,
            }
            for excerpt, score in zip(found, scores, strict=True)
        ],
        "latency_ms": round((time.perf_counter() - started) * 1000, 2),
    }
