"""Rules of different manuals that contradict each other: the admin's list, and the form that settles one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.references import ConflictRef
from bot.blocks.wording import Words
from knowledge.clauses import Clause
from knowledge.conflict_records import Conflict, Settlement

SETTLE = "conflict_settle"
FORM = "conflict_settle_form"
HOLDS = "holds"
MAX_LISTED = 5
FIRST, SECOND = "first", "second"
"""Which of two rules holds alone."""
_PLACE = 60
_QUOTE = 600


def listed(found: Sequence[Conflict], words: Words) -> list[Block]:
    """What nobody has settled, each with the button that opens its form."""
    if not found:
        return []
    rows = [
        parts.row_with(
            f"#{one.id}  {_place(one.a, words)} – {_place(one.b, words)}",
            parts.button(SETTLE, words("button.settle_conflict"), ConflictRef(conflict_id=one.id).dump()),
            block_id=f"conflict_{one.id}",
        )
        for one in found[:MAX_LISTED]
    ]
    left = len(found) - MAX_LISTED
    more = [parts.context(words("home.more", count=left))] if left > 0 else []
    return [parts.header(words("home.conflicts", count=len(found))), *rows, *more]


def form(conflict: Conflict, words: Words) -> Block:
    """Both rules as they read, and what may be said of them: nothing is chosen before somebody chooses."""
    choices = [
        (Settlement.BOTH_HOLD.value, words("conflict.both")),
        (Settlement.BY_ORGANISATION.value, words("conflict.organisation")),
        (FIRST, words("conflict.only", title=_title(conflict.a, words))),
        (SECOND, words("conflict.only", title=_title(conflict.b, words))),
    ]
    field: Block = {
        "type": "input",
        "block_id": HOLDS,
        "label": parts.plain(words("conflict.holds")),
        "hint": parts.plain(words("conflict.hint")),
        "element": {
            "type": "radio_buttons",
            "action_id": views.INPUT,
            "options": [views.option(label, value) for value, label in choices],
        },
    }
    return views.modal(
        FORM,
        words("conflict.form_title"),
        [*_rule(conflict.a, words), *_rule(conflict.b, words), field],
        close=words("button.cancel"),
        submit=words("button.save"),
        private_metadata=ConflictRef(conflict_id=conflict.id).dump(),
    )


def _rule(clause: Clause, words: Words) -> list[Block]:
    whose = f"  {clause.organisation}" if clause.organisation else ""
    head = parts.line(parts.styled(_place(clause, words), bold=True), parts.styled(whose))
    return [parts.rich(parts.lines(head), parts.quote(parts.clip(clause.text, _QUOTE)))]


def _place(clause: Clause, words: Words) -> str:
    return parts.clip(f"{words('source.manual', title=clause.manual)}{clause.label}", _PLACE)


def _title(clause: Clause, words: Words) -> str:
    return parts.clip(words("source.manual", title=clause.manual), _PLACE)
