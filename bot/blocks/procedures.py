"""A procedure as a form: guidance on top, its fields in their order, in pages where they are many; and the menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks import parts, views
from bot.blocks.answers import FOOTER_PREFIX
from bot.blocks.parts import Block
from bot.blocks.procedure_inputs import WATCHED_AT_STEP, Style, cost, inputs
from bot.blocks.references import OpenRef
from bot.blocks.wording import Words
from tickets.procedure_spec import FieldKind, FieldSpec, Procedure, StepSpec
from tickets.procedure_values import READ_BACK, holds

FORM = "procedure_form"
STEP_FORM = "procedure_step_form"
MENU = "procedure_menu"

OPEN = "procedure_open"
MOST_BEGUN = 8
OPENS = (OPEN, *(f"{OPEN}_{number}" for number in range(MOST_BEGUN)))
"""action_ids of buttons that begin one procedure: no two in a row may be the same."""
OPEN_MENU = "procedure_open_menu"

PROCEDURE = "procedure"
ABOUT = "about"
NOTE = "note"

_PAGE = 80
"""Blocks of fields on one page: Slack takes 100 in all."""
_LONG_TEXTS = 16
"""Long texts on one page: a view may have 250 kB."""
_KEPT = "kept"
_TICK = " ✓"
_LISTED = 100


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form shows at first."""

    values: Mapping[str, str]
    page: int = 0
    """From 0."""
    hint: str = ""
    """Why the form is shown again, or what it was filled from."""
    contact_kept: bool = False
    editing: bool = False
    """Filed before: it goes on where it was sent back."""


def asked(fields: Iterable[FieldSpec], values: Mapping[str, str]) -> list[FieldSpec]:
    """The fields that are part of the record when it holds these values."""
    return [field for field in fields if holds(field.when, values)]


def watched(fields: Iterable[FieldSpec]) -> frozenset[str]:
    """Keys of the fields on which others depend."""
    return frozenset(field.when.field for field in fields if field.when is not None)


def pages(fields: Sequence[FieldSpec]) -> list[list[FieldSpec]]:
    """The fields in portions that fit into a view, whatever is asked of them."""
    found = _portions(fields)
    if len(found) == 1:
        return found
    # How to reach the customer is kept nowhere on the way: it is asked last.
    contacts = [field for field in fields if field.kind is FieldKind.CONTACT]
    return _portions([*(field for field in fields if field.kind is not FieldKind.CONTACT), *contacts])


def _portions(fields: Sequence[FieldSpec]) -> list[list[FieldSpec]]:
    found: list[list[FieldSpec]] = [[]]
    blocks = long_texts = 0
    for field in fields:
        is_long = field.kind in (FieldKind.LONG_TEXT, FieldKind.COMPUTED)
        if blocks + cost(field) > _PAGE or long_texts + is_long > _LONG_TEXTS:
            found.append([])
            blocks = long_texts = 0
        found[-1].append(field)
        blocks, long_texts = blocks + cost(field), long_texts + is_long
    return found


def next_page(procedure: Procedure, values: Mapping[str, str], page: int) -> int | None:
    """The page after this one on which something is asked."""
    following = list(enumerate(pages(procedure.fields)))[page + 1 :]
    return next((number for number, fields in following if asked(fields, values)), None)


def form(procedure: Procedure, filling: Filling, metadata: str, words: Words, zone: ZoneInfo) -> Block:
    """The form of a procedure, at one of its pages."""
    portions = pages(procedure.fields)
    style = Style(words, zone, watched(procedure.fields), contact_kept=filling.contact_kept)
    name = procedure.name.in_language(words.language)
    blocks = [parts.context(filling.hint)] if filling.hint else []
    if len(name) > views.MAX_TITLE:
        blocks.append(parts.header(name))
    if procedure.guidance and filling.page == 0:
        blocks.append(parts.section(procedure.guidance.in_language(words.language)))
    if len(portions) > 1:
        blocks.append(parts.context(words("procedure.page", page=filling.page + 1, pages=len(portions))))
        blocks += [_kept(number, portions[number], filling.values, words) for number in range(filling.page)]
    for field in asked(portions[filling.page], filling.values):
        blocks += inputs(field, filling.values.get(field.key, ""), style)
    last = next_page(procedure, filling.values, filling.page) is None
    submit = words("procedure.file_again" if filling.editing else "button.submit")
    return views.modal(
        FORM,
        name,
        blocks,
        close=words("button.cancel"),
        submit=submit if last else words("procedure.next"),
        private_metadata=metadata,
    )


def step_form(
    step: StepSpec,
    values: Mapping[str, str],
    metadata: str,
    words: Words,
    zone: ZoneInfo,
    *,
    takes: bool,
    about: str = "",
) -> Block:
    """What is asked of whoever acts at a step; with `takes` False: why it is not taken, and nothing else. `about`: the
    record in one line."""
    told_by = {note.when.field for note in step.notes if note.when is not None}
    style = Style(words, zone, watched(step.fields) | told_by, action=WATCHED_AT_STEP)
    blocks = [parts.context(about)] if about else []
    blocks += notes(step, values, words) if takes else []
    for field in asked(step.fields, values) if takes else ():
        blocks += inputs(field, values.get(field.key, ""), style)
    blocks.append(
        views.text_field(NOTE, words("record.remark" if takes else "record.reason"), optional=takes)
    )
    return views.modal(
        STEP_FORM,
        step.label.in_language(words.language),
        blocks,
        close=words("button.cancel"),
        submit=words("button.submit"),
        private_metadata=metadata,
    )


def notes(step: StepSpec, facts: Mapping[str, str], words: Words) -> list[Block]:
    """What whoever acts is told, as far as it holds for this record."""
    said = [note.words.in_language(words.language) for note in step.notes if holds(note.when, facts)]
    return [parts.section(text) for text in said]


def start(procedure: Procedure, label: str, answer_id: int | None = None) -> Block:
    """A button that begins a procedure; below an answer, filled from its question."""
    return parts.button(OPEN, label, OpenRef(procedure=procedure.key, answer_id=answer_id).dump())


def below_answer(procedure: Procedure | None, answer_id: int | None, words: Words) -> list[Block]:
    """Below an answer to somebody who wants something done: the procedure for it."""
    if procedure is None:
        return []
    label = words("procedure.begin", name=procedure.name.in_language(words.language))
    return [parts.actions(start(procedure, label, answer_id), block_id=f"{FOOTER_PREFIX}_procedure")]


def offering(view: Block, procedure: Procedure | None, words: Words) -> Block:
    """A form of something else with the offer, on top, to begin the procedure that the text belongs to."""
    if procedure is None:
        return view
    name = procedure.name.in_language(words.language)
    button = start(procedure, words("procedure.suggest_button", name=name))
    offer = [parts.section(words("procedure.suggest", name=name)), parts.actions(button)]
    return {**view, "blocks": [*offer, *view["blocks"]][: views.MAX_VIEW_BLOCKS]}


def menu(
    offered: Sequence[Procedure], elsewhere: Sequence[Procedure], text: str, metadata: str, words: Words
) -> Block:
    """All that somebody may begin, and the text to fill it from. `elsewhere`: what has a form of another kind, as
    buttons."""
    title = words("procedure.menu_title")
    if not offered:
        return views.modal(
            MENU, title, [parts.section(words("procedure.none_for_role"))], close=words("button.close")
        )
    which = {
        "type": "input",
        "block_id": PROCEDURE,
        "label": parts.plain(words("procedure.which")),
        "element": {
            "type": "static_select",
            "action_id": views.INPUT,
            "options": [_offer(procedure, words) for procedure in offered[:_LISTED]],
        },
    }
    about = views.text_field(
        ABOUT, words("procedure.about"), initial=text, hint=words("procedure.about_hint"), optional=True
    )
    return views.modal(
        MENU,
        title,
        [which, about, *begin_row(elsewhere, words)],
        close=words("button.cancel"),
        submit=words("procedure.next"),
        private_metadata=metadata,
    )


def begin_row(offered: Sequence[Procedure], words: Words, *more: Block) -> list[Block]:
    """Buttons that begin one procedure each, and `more` buttons after them."""
    buttons = [
        parts.button(action, one.name.in_language(words.language), OpenRef(procedure=one.key).dump())
        for action, one in zip(OPENS[1:], offered, strict=False)
    ]
    return [parts.actions(*buttons, *more)] if buttons or more else []


def _offer(procedure: Procedure, words: Words) -> Block:
    option = views.option(procedure.name.in_language(words.language), procedure.key)
    option["description"] = parts.plain(procedure.purpose.in_language(words.language), 75)
    return option


# -- pages before this one -------------------------------------------------------------------------------


def _kept(number: int, fields: Sequence[FieldSpec], values: Mapping[str, str], words: Words) -> Block:
    """What was filled in on an earlier page; it comes back with this one, so that it is nowhere else."""
    rows: list[Block] = []
    for field in fields:
        label = parts.clip(field.label.in_language(words.language), 100)
        value = values.get(field.key, "")
        rows.append(
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": f"{label}  ", "style": {"bold": True}},
                    {"type": "text", "text": value or " "},
                    *([{"type": "text", "text": _TICK}] if values.get(field.key + READ_BACK) else []),
                ],
            }
        )
    return parts.rich(*rows, block_id=f"{_KEPT}.{number}")


def kept(view: Mapping[str, Any], procedure: Procedure) -> dict[str, str]:
    """Field → value of what was filled in on the pages before this one."""
    portions, found = pages(procedure.fields), {}
    for block in view.get("blocks") or []:
        kind, _, number = str(block.get("block_id") or "").partition(".")
        if kind != _KEPT:
            continue
        for field, row in zip(portions[int(number)], block["elements"], strict=True):
            _, value, *tick = row["elements"]
            found[field.key] = str(value["text"]).strip()
            found |= {field.key + READ_BACK: "yes"} if tick else {}
    return found
