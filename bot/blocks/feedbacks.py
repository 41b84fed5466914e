"""What follows a thumbs-down: the form that asks why, and what admins read of it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from tickets.answer_desk import Complaint, Fault

FORM = "feedback_form"
FAULT = "fault"
REASON = "reason"
_QUESTION = 100


def form(metadata: str, words: Words) -> Block:
    """What was wrong with the answer; optional, the verdict itself is recorded already."""
    options = [views.option(words(f"fault.{fault.value}"), fault.value) for fault in Fault]
    choice: Block = {
        "type": "input",
        "block_id": FAULT,
        "label": parts.plain(words("feedback.reason")),
        "element": {"type": "radio_buttons", "action_id": views.INPUT, "options": options},
    }
    more = views.text_field(REASON, words("feedback.more"), hint=words("feedback.reason_hint"), optional=True)
    return views.modal(
        FORM,
        words("feedback.form_title"),
        [parts.context(words("feedback.who_reads")), choice, more],
        close=words("button.skip"),
        submit=words("button.submit"),
        private_metadata=metadata,
    )


def listed(complaints: Sequence[Complaint], words: Words, zone: ZoneInfo) -> list[Block]:
    """The section of an admin's home: which answers were no help, and why."""
    if not complaints:
        return []
    rows = []
    for one in complaints:
        day = one.at.astimezone(zone).strftime("%m-%d %H:%M")
        fault = words(f"fault.{one.fault.value}") if one.fault else words("fault.unsaid")
        said = f" · {parts.clip(' '.join(one.reason.split()), _QUESTION)}" if one.reason else ""
        question = parts.clip(" ".join(one.answer.question.split()), _QUESTION)
        rows.append(parts.line(parts.styled(fault, bold=True), parts.styled(f" {day} · {question}{said}")))
    return [parts.header(words("home.complaints")), parts.rich(parts.lines(*rows))]
