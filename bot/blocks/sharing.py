"""What stands with an answer that only its asker reads, that was shared, or whose question is not what it was."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import parts
from bot.blocks.answers import FOOTER_PREFIX
from bot.blocks.parts import Block
from bot.blocks.references import ShareRef
from bot.blocks.wording import Words

SHARE = "answer_share"
KEEP = "answer_keep"
OLDER = "answer_older"
"""block_id of the note on an answer to a question that was changed or taken back: no part of the conversation."""

_DROPPED = ("actions", "context_actions", "task_card", "plan")


def choice(reference: ShareRef, words: Words) -> list[Block]:
    """Share or keep, with what each does."""
    value = reference.dump()
    note = parts.context(words("share.only_you"))
    note["block_id"] = f"{FOOTER_PREFIX}_only_you"
    buttons = parts.actions(
        parts.button(SHARE, words("button.share"), value, style="primary"),
        parts.button(KEEP, words("button.keep"), value),
        block_id=f"{FOOTER_PREFIX}_share",
    )
    return [note, buttons]


def only_you(key: str, words: Words) -> Block:
    """Why only the asker reads it, or where it was kept."""
    note = parts.context(words(key))
    note["block_id"] = f"{FOOTER_PREFIX}_only_you"
    return note


def shared_by(user: str, question: str, words: Words) -> Block:
    """Who put an answer into the channel, and what it answers."""
    asked = parts.clip(" ".join(question.split()), 200)
    line = parts.line(parts.mention(user), parts.styled(f" {words('share.shared', question=asked)}"))
    return parts.rich(parts.lines(line), block_id=f"{FOOTER_PREFIX}_shared")


def outdated(note: str, blocks: Sequence[Block]) -> list[Block]:
    """An answer that stands no longer for its question: the note first, and nothing left to press."""
    marked = parts.context(note)
    marked["block_id"] = OLDER
    kept = [dict(block) for block in blocks if block.get("type") not in _DROPPED]
    return [marked, *kept][: parts.MAX_MESSAGE_BLOCKS]
