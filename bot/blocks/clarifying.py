"""What stands below an answer that asks whose rule is meant, and below one that knew it."""

from __future__ import annotations

from bot.assistant.answers import Answer, Option
from bot.assistant.clarifying import ALL, MOST_OPTIONS
from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.preferences import OPEN
from bot.blocks.references import ChoiceRef
from bot.blocks.wording import Words

CHOOSE = tuple(f"clarify_{number}" for number in range(1, MOST_OPTIONS + 1))
"""action_ids of the options: those of one block must differ."""
CHOOSE_ALL = "clarify_all"


def options(answer: Answer, answer_id: int | None, words: Words, prefix: str) -> list[Block]:
    """The options of a `clarify` answer as buttons, all of them side by side as the last; else nothing."""
    if not answer.options:
        return []
    buttons = [
        parts.button(action, option.label, _reference(answer_id, option))
        for action, option in zip(CHOOSE, answer.options, strict=False)
    ]
    every = _reference(answer_id, Option("", organisation=ALL))
    buttons.append(parts.button(CHOOSE_ALL, words("clarify.all"), every))
    note = parts.context(words("clarify.remembered"))
    note["block_id"] = f"{prefix}_options_note"
    return [parts.actions(*buttons, block_id=f"{prefix}_options"), note]


def known(answer: Answer, words: Words, prefix: str) -> list[Block]:
    """By what the rule was chosen, and the way to change it; nothing where it was not."""
    told = answer.details.get("told")
    if not told:
        return []
    by_product = answer.details.get("told_product")
    note = parts.context(words("clarify.known_product" if by_product else "clarify.known", told=told))
    note["block_id"] = f"{prefix}_known"
    change = parts.actions(parts.button(OPEN, words("clarify.change"), ""), block_id=f"{prefix}_change")
    return [note, change]


def _reference(answer_id: int | None, option: Option) -> str:
    return ChoiceRef(answer_id=answer_id, organisation=option.organisation, product=option.product).dump()
