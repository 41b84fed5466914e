"""The forms in which a reviewer writes: an instruction, a question, a note for the rung above, a reason."""

from __future__ import annotations

from bot.blocks import escalations, parts, views
from bot.blocks.parts import Block
from bot.blocks.rungs import note_form
from bot.blocks.wording import Words
from tickets.records import Escalation


def instruct_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    """The modal for an approval with an instruction."""
    field = views.text_field(
        escalations.INSTRUCTION, words("escalation.instruction"), hint=words("escalation.instruction_hint")
    )
    hint = words("escalation.instruct_hint", number=escalation.number)
    title, submit = words("escalation.instruct_title"), words("button.approve")
    return note_form(escalations.INSTRUCT_FORM, title, hint, field, metadata, submit, words)


def ask_back_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    """The modal that asks the filer something."""
    field = views.text_field(escalations.QUESTION, words("escalation.back_question"))
    hint = words("escalation.ask_back_hint", number=escalation.number)
    title, submit = words("button.ask_back"), words("button.send")
    return note_form(escalations.ASK_BACK_FORM, title, hint, field, metadata, submit, words)


def pass_up_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    """The modal that hands it on upwards."""
    field = views.text_field(escalations.NOTE, words("escalation.pass_note"), optional=True)
    hint = words("escalation.pass_up_hint", number=escalation.number)
    title, submit = words("button.pass_up"), words("button.pass_up")
    return note_form(escalations.UPWARD_FORM, title, hint, field, metadata, submit, words)


def reject_form(escalation: Escalation, metadata: str, words: Words) -> Block:
    """The modal that asks why; without a reason nothing is rejected."""
    return views.modal(
        escalations.REJECT_FORM,
        words("escalation.reject_title"),
        [
            parts.context(words("escalation.reject_hint", number=escalation.number)),
            views.text_field(escalations.REASON, words("escalation.reason")),
        ],
        close=words("button.cancel"),
        submit=words("button.reject"),
        private_metadata=metadata,
    )
