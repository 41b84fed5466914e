"""Filled-in procedures in lists, in the App Home, and as a broadcast to a channel."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.procedures import OPEN_MENU, begin_row
from bot.blocks.records import READ, SHOW
from bot.blocks.references import RecordRef
from bot.blocks.wording import Words
from tickets.procedure_records import Record
from tickets.procedure_spec import Procedure

Filled = tuple[Record, Procedure]

_TITLE = 80
_WAITING = 10
_MOST_BROADCAST = 9000


def home(
    offered: Sequence[Procedure],
    waiting: Sequence[Filled],
    mine: Sequence[Filled],
    words: Words,
    zone: ZoneInfo,
) -> list[Block]:
    """The section of the App Home: what can be begun (the most used first), what waits for me, what I have open."""
    menu = parts.button(OPEN_MENU, words("procedure.home_menu"), "")
    blocks = [parts.header(words("procedure.home")), *begin_row(offered, words, menu)]
    if waiting:
        blocks.append(parts.header(words("procedure.home_waiting", count=len(waiting))))
        blocks += [_row(one, words, zone) for one in waiting[:_WAITING]]
    if mine:
        blocks.append(parts.header(words("procedure.home_mine")))
        blocks += [_row(one, words, zone) for one in mine[:_WAITING]]
    return blocks


def _row(filled: Filled, words: Words, zone: ZoneInfo) -> Block:
    record, _ = filled
    seen = RecordRef(record_id=record.id, revision=record.revision).dump()
    section = parts.section(line(filled, words, zone))
    section["accessory"] = parts.button(SHOW, words("record.button.show"), seen)
    return section


def line(filled: Filled, words: Words, zone: ZoneInfo) -> str:
    """A record in one line."""
    record, procedure = filled
    at = record.created_at.astimezone(zone).strftime("%m-%d %H:%M")
    step = procedure.step(record.step)
    pieces = [
        f"{record.number}  {at}",
        procedure.name.in_language(words.language),
        words(f"record.state.{record.state.value}"),
        step.label.in_language(words.language) if step is not None else "",
        parts.clip(record.title, _TITLE),
    ]
    return " · ".join(parts.clip(piece, 200) for piece in pieces if piece)


def broadcast(record: Record, procedure: Procedure, text: str, read: int, words: Words) -> list[Block]:
    """What a channel is told, with the button that says it was read where that is wanted."""
    name = procedure.name.in_language(words.language)
    title = parts.header(words("record.broadcast_title", name=name, number=record.number))
    blocks = [title, parts.markdown(parts.clip(text, _MOST_BROADCAST), broadcast_block_id(record))]
    if procedure.effect.acknowledge:
        seen = RecordRef(record_id=record.id, revision=record.revision).dump()
        blocks.append(parts.actions(parts.button(READ, words("button.read"), seen, style="primary")))
        blocks.append(parts.context(words("record.broadcast_read", count=read)))
    return blocks


def broadcast_block_id(record: Record) -> str:
    """How the message is known again in its channel."""
    return f"record_broadcast_{record.id}"
