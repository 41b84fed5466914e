"""What follows a thumbs-down: the form that asks why."""

from __future__ import annotations

from bot.blocks import views
from bot.blocks.parts import Block
from bot.blocks.wording import Words

FORM = "feedback_form"
REASON = "reason"


def form(metadata: str, words: Words) -> Block:
    """What was wrong with the answer; optional, the verdict itself is recorded already."""
    return views.modal(
        FORM,
        words("feedback.form_title"),
        [views.text_field(REASON, words("feedback.reason"), hint=words("feedback.reason_hint"))],
        close=words("button.skip"),
        submit=words("button.submit"),
        private_metadata=metadata,
    )
