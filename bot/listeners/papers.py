"""An escalation as a file: uploaded into the DM of whoever asks for it."""

from __future__ import annotations

from datetime import UTC, datetime

from slack_bolt import Args

from bot.blocks import papers
from bot.blocks.references import PaperRef
from bot.listeners import errors, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from bot.reporting.papers import escalation_paper


def _on_button(shared: Shared, args: Args, form: str) -> None:
    args.ack()
    place = places.of_interaction(args.body)
    escalation_id = PaperRef.load(str(args.body["actions"][0].get("value") or "")).escalation_id
    reader = shared.person(place.user)
    escalation = shared.services.desk.rungs.view(reader, escalation_id)

    def work() -> None:
        from bot.reporting import docx_files, pdf_files  # 0.3 s that no start need wait for

        words = shared.words(place.user)
        paper = escalation_paper(escalation, shared.services.people, words, shared.zone, datetime.now(UTC))
        content = (docx_files if form == "docx" else pdf_files).write(paper)
        # Into the DM and never into the channel of the card: it holds the whole report.
        channel = str(shared.client.conversations_open(users=place.user)["channel"]["id"])
        shared.client.files_upload_v2(
            channel=channel,
            filename=f"{escalation.number}.{form}",
            title=f"{paper.title} {escalation.number}",
            content=content,
        )

    errors.run_in_pool(shared, place, work)


def on_docx(shared: Shared, args: Args) -> None:
    """As a Word file."""
    _on_button(shared, args, "docx")


def on_pdf(shared: Shared, args: Args) -> None:
    """As a PDF file."""
    _on_button(shared, args, "pdf")


LISTENERS = (
    Listener(Kind.ACTION, papers.DOCX, on_docx, scopes=("files:write",)),
    Listener(Kind.ACTION, papers.PDF, on_pdf, scopes=("files:write",)),
)
