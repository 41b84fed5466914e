"""What is known of a person or a channel: shown in the home, changed in a form."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import parts, views
from bot.blocks.parts import Block
from bot.blocks.wording import Words
from tickets.preferences import Owner, Preference

OPEN = "preference_open"
FORM = "preference_form"
ORGANISATION = "organisation"
PRODUCT = "product"
STAFF_NUMBER = "staff_number"

_NONE = "none"
_MOST = 99
"""Choices that a list takes beside the empty one."""


def form(
    owner: Owner,
    told: Preference,
    organisations: Sequence[str],
    products: Sequence[str],
    metadata: str,
    words: Words,
    below: Sequence[Block] = (),
) -> Block:
    """The form. Lists offer what the live manuals name; what is set already is offered in any case. `below`: what else
    is asked of a channel."""
    whose = words("preference.organisation" if owner is Owner.PERSON else "channel.organisation")
    fields = [_choice(ORGANISATION, whose, organisations, told.organisation, words)]
    if products or told.product:
        fields.append(_choice(PRODUCT, words("preference.product"), products, told.product, words))
    if owner is Owner.PERSON:
        fields.append(
            views.text_field(
                STAFF_NUMBER,
                words("preference.staff_number"),
                initial=told.staff_number,
                hint=words("preference.staff_number_hint"),
                multiline=False,
                optional=True,
            )
        )
    explained = words("preference.about_person" if owner is Owner.PERSON else "preference.about_channel")
    title = words("preference.title_person" if owner is Owner.PERSON else "preference.title_channel")
    return views.modal(
        FORM,
        title,
        [parts.context(explained), *fields, *below],
        close=words("button.cancel"),
        submit=words("button.save"),
        private_metadata=metadata,
    )


def chosen(value: str, offered: Sequence[str], told: str) -> str:
    """What a list's value stands for; empty for the empty choice or one that is offered no more."""
    return next((name for name in _choices(offered, told) if _value(name) == value), "")


def summary(told: Preference, words: Words) -> str:
    """One line of what is known."""
    pieces = [told.organisation, told.product]
    if told.staff_number:
        pieces.append(words("preference.number_shown", number=told.staff_number))
    known = " · ".join(piece for piece in pieces if piece)
    return words("preference.known", known=known) if known else words("preference.unknown")


def home_row(told: Preference, words: Words) -> list[Block]:
    """What is known of the person, with the button to change it."""
    return [
        parts.context(summary(told, words)),
        parts.actions(parts.button(OPEN, words("preference.change"), "")),
    ]


def _choices(offered: Sequence[str], told: str) -> list[str]:
    """Offered names, the one that is set first when it is not among them."""
    names = list(dict.fromkeys(offered))[:_MOST]
    return names if not told or told in names else [told, *names[: _MOST - 1]]


def _value(name: str) -> str:
    """The name as far as Slack lets a value be long; none of them is the empty choice."""
    return parts.clip(f"n:{name}", 75)


def _choice(field: str, label: str, offered: Sequence[str], told: str, words: Words) -> Block:
    choices = _choices(offered, told)
    options = [views.option(words("preference.none"), _NONE)]
    options += [views.option(name, _value(name)) for name in choices]
    current = _value(told) if told in choices else _NONE
    return views.choice_field(field, label, options, current)
