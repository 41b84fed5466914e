"""What comes back from the inputs of a procedure's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks.procedure_inputs import COMPUTED
from tickets.contacts import Contact
from tickets.procedure_spec import FieldKind, FieldSpec

View = Mapping[str, Any]


def given(view: View, fields: Iterable[FieldSpec], zone: ZoneInfo) -> dict[str, str]:
    """Field → value of every input that the form showed, what was read back and what the bot had filled in; how to
    reach a customer is left out (`contact`)."""
    apart = {field.key for field in fields if field.kind is FieldKind.CONTACT}
    values = (view.get("state") or {}).get("values") or {}
    found = {key: _value(_only(held), zone) for key, held in values.items() if key not in apart}
    for block in view.get("blocks") or []:
        kind, _, key = str(block.get("block_id") or "").partition(".")
        if kind == COMPUTED and key:
            found[key] = str((block.get("text") or {}).get("text") or "")
    return found


def contact(view: View, fields: Iterable[FieldSpec]) -> Contact | None:
    """How to reach the customer, as typed into the inputs of the contact fields; None when nothing was."""
    typed = contact_values(view, fields)
    parts = {field.part: typed[field.key] for field in fields if field.part and field.key in typed}
    return Contact(**parts) or None


def contact_values(view: View, fields: Iterable[FieldSpec]) -> dict[str, str]:
    """Contact field → what was typed into it: to draw the same form again, and for nothing else."""
    values = (view.get("state") or {}).get("values") or {}
    typed = {
        field.key: str(_only(values.get(field.key) or {}).get("value") or "").strip()
        for field in fields
        if field.kind is FieldKind.CONTACT
    }
    return {key: text for key, text in typed.items() if text}


def shown(view: View) -> list[str]:
    """block_ids of the inputs that the form showed, in order; those of fields are their keys."""
    blocks = view.get("blocks") or []
    return [str(block.get("block_id") or "") for block in blocks if block.get("type") == "input"]


def _only(elements: View) -> View:
    """The one element of an input."""
    return next(iter(elements.values()), {})


def _value(element: View, zone: ZoneInfo) -> str:
    if element.get("type") == "datetimepicker":
        moment = element.get("selected_date_time")
        try:
            return datetime.fromtimestamp(int(moment), zone).isoformat() if moment else ""
        except (ValueError, OverflowError, OSError):
            return ""  # no calendar has it: asked again as if nothing had been picked
    options = [element.get("selected_option") or {}, *(element.get("selected_options") or [])]
    names = ("value", "selected_date", "selected_time", "selected_user", "selected_conversation")
    chosen = [element.get(name) for name in names] + [option.get("value") for option in options]
    return next((str(value).strip() for value in chosen if value), "")
