"""`kefu ask`: a question, answered on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.assistant.answering import Assistant
    from bot.assistant.answers import Answer, Asker, Turn
    from bot.settings import Settings
    from knowledge.library import Library
    from knowledge.views import View


def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in Chinese or English.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    history: Annotated[Path | None, typer.Option(help="JSON list of earlier turns {role, text}.")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="Questions, one object {id, question, history?} a line.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where the answers of --batch go.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Answer from what was live then: 2026-10-31, 2026年10月31日."),
    ] = None,
    organisation: Annotated[
        str, typer.Option(help="Whose rule comes first; `*`: all side by side, without asking whose.")
    ] = "",
    product: Annotated[str, typer.Option(help="Which product is meant, where rules differ by product.")] = "",
    staff_number: Annotated[str, typer.Option(help="Filled into words to say (工号).")] = "",
) -> None:
    """Answer a question with the exact clause and its source.

    The organisation, product and staff number are those that Slack remembers of a person; here they are given.
    """
    batches.one_of(question, batch, out, "a question")
    from bot.assistant.answers import Asker
    from bot.settings import Settings
    from bot.wiring import open_assistant, open_library, open_usage

    rows = batches.read_lines(batch, ["id", "question"]) if batch is not None else []
    turns = batches.read_history(history)
    settings = Settings()
    library = open_library(settings, soon=True)
    assistant = open_assistant(settings, library)

    def record(answer: Answer) -> None:
        # What is asked here stands in no ledger, but what the model took is paid for all the same.
        if answer.usage is not None:
            open_usage(settings).record("", answer.usage)

    view = _view(library, as_of, settings) if as_of else None
    asker = Asker(organisation.strip(), product.strip(), staff_number.strip())
    if batch is not None and out is not None:
        jobs = [
            (str(row["id"]), str(row["question"]), batches.turns(row.get("history") or [])) for row in rows
        ]
        answers = _answers(assistant, jobs, view, asker, record)
        count = batches.write_lines(out, answers)
        typer.echo(f"{count} answers written to {out}", err=True)
        return
    answer = assistant.answer(question or "", turns, view=view, asker=asker)
    record(answer)
    if answer.details.get("unusable"):
        raise typer.BadParameter(answer.text)
    if answer.details.get("by_words"):
        typer.echo("The embedding server cannot be used just now: this was found by its words.", err=True)
    if json:
        batches.print_json(answer_row("", answer))
    else:
        typer.echo(render(answer))


def _view(library: Library, as_of: str, settings: Settings) -> View:
    """What was live at the end of a day, or at a time of it; usage error for what is no date."""
    from datetime import timedelta

    from ingest.metadata import read_moment

    moment = read_moment(as_of, settings.zone, ends=True)
    if moment is None:
        raise typer.BadParameter(f"{as_of} is not a date; write it like 2026-10-31 or 2026-10-31 18:00.")
    return library.view(as_of=moment - timedelta(microseconds=1))


def _answers(
    assistant: Assistant,
    jobs: list[tuple[str, str, list[Turn]]],
    view: View | None,
    asker: Asker,
    record: Callable[[Answer], None],
) -> Iterator[dict[str, Any]]:
    assistant.warm_up()
    for identity, question, history in jobs:
        answer = assistant.answer(question, history, view=view, asker=asker)
        record(answer)
        yield answer_row(identity, answer)


def answer_row(identity: str, answer: Answer) -> dict[str, Any]:
    """An answer as a line of OUT.jsonl (shared/eval/score.py)."""
    return {
        "id": identity,
        "outcome": answer.outcome.value,
        "text": answer.text,
        "citations": [
            {
                "manual": c.manual,
                "organisation": c.organisation,
                "clause": c.label,
                "quote": c.quote,
                "edition": c.edition,
                "published_at": c.published_at.isoformat(),
                "source": c.source,
                "page": c.page,
                "truncated": c.truncated,
                "has_blank": c.has_blank,
            }
            for c in answer.citations
        ],
        "near": [{"manual": c.manual, "clause": c.label, "quote": c.quote} for c in answer.near],
        "options": [
            {"label": o.label, "organisation": o.organisation, "product": o.product} for o in answer.options
        ],
        "language": answer.language,
        "model": answer.model,
        "confirmed": answer.confirmed
        and {
            "id": answer.confirmed.confirmed_id,
            "by": answer.confirmed.by,
            "at": answer.confirmed.at.isoformat(),
        },
        "latency_ms": round(answer.latency_ms, 2),
        "details": dict(answer.details),
    }


def render(answer: Answer) -> str:
    """An answer for the terminal: the text, then its sources."""
    lines = [answer.text]
    if answer.confirmed is not None:
        signed = (
            "confirmed by {by}, {at:%Y-%m-%d}"
            if answer.language == "en"
            else "统一口径 · 由 {by} 于 {at:%Y-%m-%d} 确认"
        )
        lines += ["", signed.format(by=answer.confirmed.by, at=answer.confirmed.at)]
    if answer.options:
        hint = "Ask again with" if answer.language == "en" else "再问一次,加上"
        flag = "--organisation" if answer.options[0].organisation else "--product"
        lines.append(f'{hint} {flag} "{answer.options[0].label}"')
    heading = "Sources" if answer.language == "en" else "出处"
    if answer.citations:
        lines += ["", f"{heading}:"]
    for citation in answer.citations:
        where = f"《{citation.manual}》{citation.label}"
        owner = f" · {citation.organisation}" if citation.organisation else ""
        page = f" p. {citation.page}" if citation.page else ""
        lines.append(
            f"  - {where}{owner} · v{citation.edition} · {citation.published_at:%Y-%m-%d} · {citation.source}{page}"
        )
    return "\n".join(lines)
