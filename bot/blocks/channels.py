"""How a channel is answered: the inputs of its form, and one line of what is set."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from knowledge.library import ManualSummary
from tickets.channel_settings import ChannelSetting, Reach

MANUALS = "manuals"
REACH = "reach"
QUIET_FROM = "quiet_from"
QUIET_UNTIL = "quiet_until"

_NO_HOUR = "none"


def inputs(setting: ChannelSetting, manuals: Sequence[ManualSummary], words: Words) -> list[Block]:
    """Which manuals, who reads the answers, and when the channel is left in peace. `manuals`: what can be chosen."""
    fields: list[Block] = []
    if manuals:
        chosen = {str(number) for number in setting.manuals}
        named = sorted(manuals, key=lambda one: str(one.manual_id) not in chosen)[: views.MAX_OPTIONS]
        options = [views.option(_name(one), str(one.manual_id)) for one in named]
        fields.append(
            views.choices_field(
                MANUALS, words("channel.manuals"), options, sorted(chosen), hint=words("channel.manuals_hint"),
                placeholder=words("channel.manuals_all"),
            )
        )  # fmt: skip
    levels = [views.option(words(f"channel.reach.{reach.value}"), reach.value) for reach in Reach]
    element: Block = {
        "type": "radio_buttons",
        "action_id": views.INPUT,
        "options": levels,
        "initial_option": next(level for level in levels if level["value"] == setting.reach.value),
    }
    fields.append(
        {"type": "input", "block_id": REACH, "label": parts.plain(words("channel.reach")), "element": element}
    )
    fields.append(_hour(QUIET_FROM, "channel.quiet_from", setting.quiet_from, words))
    until = _hour(QUIET_UNTIL, "channel.quiet_until", setting.quiet_until, words)
    fields.append({**until, "hint": parts.plain(words("channel.quiet_hint"))})
    return fields


def summary(setting: ChannelSetting, words: Words) -> str:
    """One line of what is set."""
    pieces = [words(f"channel.reach.{setting.reach.value}")]
    if setting.manuals:
        pieces.insert(0, words("channel.manuals_set", count=len(setting.manuals)))
    if setting.quiet_from:
        pieces.append(words("channel.quiet_set", since=setting.quiet_from, until=setting.quiet_until))
    return words("channel.set", known=" · ".join(pieces))


def hour(value: str) -> str:
    """What a chosen hour stands for; empty for none."""
    return "" if value == _NO_HOUR else value


def _hour(field: str, label: str, at: str, words: Words) -> Block:
    times = [f"{half // 2:02d}:{half % 2 * 30:02d}" for half in range(48)]
    offered = times if not at or at in times else sorted([*times, at])
    options = [views.option(words("channel.quiet_none"), _NO_HOUR), *(views.option(t, t) for t in offered)]
    return views.choice_field(field, words(label), options, at or _NO_HOUR)


def _name(manual: ManualSummary) -> str:
    return f"{manual.title} · {manual.organisation}" if manual.organisation else manual.title
