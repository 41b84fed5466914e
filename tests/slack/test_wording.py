"""The catalogues: the same keys and placeholders in each language, none missing, none left over."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from bot.assistant.answers import Outcome
from bot.blocks import homes, ticket_cards, tickets
from bot.blocks.corrections import Ending
from bot.blocks.wording import LANGUAGES, words
from bot.evaluating.judging import Fault
from bot.keeping import settings_files
from bot.listeners import ticket_lists
from bot.reporting import weekly
from bot.reporting.workbooks import FIGURES
from tickets.confirmed import ConfirmedState
from tickets.errors import Refusal
from tickets.people import Role
from tickets.procedure_records import Act, RecordState
from tickets.procedure_spec import StepKind
from tickets.records import EscalationState, TicketState, Urgency
from tickets.rung_records import GIVEN, Mark
from tickets.rung_records import StepKind as RungStep
from tickets.ticket_records import Alike

BOT = Path("bot")
CATALOGUES = {
    language: json.loads((BOT / f"blocks/words/{language}.json").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
LOOKED_UP = {"words", "_words", "reader", "house", "say", "Declined"}

TICKET_MENU = (
    ticket_cards.CHANGE,
    ticket_cards.AGAIN,
    ticket_cards.MERGE,
    ticket_cards.WITHDRAW,
    ticket_cards.PAST,
)
METADATA = ("title", "organisation", "product", "audience", "owner", "effective_at", "expires_at")
KINDS = ("added", "changed", "removed", "moved", "renumbered")
BY_DATA = {
    *(f"role.{role.value}" for role in Role),
    *(f"urgency.{level.value}" for level in Urgency),
    *(f"state.{state.value}" for state in EscalationState),
    *(f"ticket_state.{state.value}" for state in TicketState),
    *(f"ticket_kind.{kind}" for kind in tickets.KINDS),
    *(f"ticket_list.{name}" for name in {*ticket_lists.NAMES.values(), ticket_lists.SEARCH}),
    *(f"ticket_menu.{act}" for act in TICKET_MENU),
    *(f"ticket_field.{name}" for name in ("state", "priority", "kind", "due_at")),
    *(f"ticket.alike.{reason.value}" for reason in Alike),
    *(f"confirm.state.{state.value}" for state in ConfirmedState),
    *(f"error.not_allowed.{refusal.value}" for refusal in Refusal),
    *(
        f"prompt.{homes.prompt_group(role)}.{n}.{part}"
        for role in Role
        for n in range(1, homes.MAX_PROMPTS + 1)
        for part in ("title", "message")
    ),
    *(f"correction.{ending}" for ending in get_args(Ending)),
    *(f"publication.{kind}" for kind in KINDS),
    *(f"publication.kind.{kind}" for kind in KINDS),
    *(f"publication.metadata.{name}" for name in METADATA),
    *(f"eval.why.{fault.value}" for fault in Fault),
    *(f"mark.{mark.value}" for mark in Mark),
    *(f"grounds.{grounds.value}" for grounds in GIVEN),
    *(f"step.{kind.value}" for kind in RungStep),
    # named where a form is tied to what it does
    *(f"rung.{done}" for done in ("asked_next", "resubmitted", "recorded", "withdrawn")),
    *(f"record.state.{state.value}" for state in RecordState),
    *(f"record.act.{act.value}" for act in Act),
    *(f"record.button.{kind.value}" for kind in StepKind),
    *(f"record.{above}" for above in ("alarm", "moment", "reminder", "passed_up_to_you", "returned_to_you")),
    "record.not_broadcast",
    "procedure.yes",
    "procedure.no",
    "manuals.published",
    "manuals.scheduled",
    *(f"manuals.doing.{doing}" for doing in ("reading", "embedding", "comparing")),
    *(f"week.{figure}" for figure in FIGURES),
    *(f"week.kind.{kind}" for kind in weekly.KINDS),
    *(f"outcome.{outcome.value}" for outcome in Outcome),
    *(f"reminder.file.{file}" for file in settings_files.FILES),
    *(f"weekday.{day}" for day in range(1, 8)),
    "task.search",
    "task.read",
}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def written_keys() -> Iterator[str]:
    """Every string constant of the bot's code that looks like a key of the catalogue."""
    known = {key.partition(".")[0] for key in CATALOGUES["zh"]}
    for file in BOT.rglob("*.py"):
        if "workspace" in file.parts or "assistant" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                yield from _keys_of(node, known)


def _keys_of(call: ast.Call, known: set[str]) -> Iterator[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    direct = name in LOOKED_UP or isinstance(call.func, ast.Call)
    first = call.args[0]
    choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    for choice in choices:
        if (
            direct
            and isinstance(choice, ast.Constant)
            and isinstance(choice.value, str)
            and (
                re.fullmatch(r"[a-z_]+(\.[a-z0-9_]+)+", choice.value)
                and choice.value.partition(".")[0] in known
            )
        ):
            yield choice.value


def test_the_languages_have_the_same_keys() -> None:
    assert set(CATALOGUES["zh"]) == set(CATALOGUES["en"])


@pytest.mark.parametrize("key", CATALOGUES["zh"])
def test_an_entry_says_the_same_in_each_language(key: str) -> None:
    entries = [catalogue[key] for catalogue in CATALOGUES.values()]
    assert all(entry.strip() for entry in entries)
    assert len({frozenset(placeholders(entry)) for entry in entries}) == 1


def test_no_string_that_the_code_asks_for_is_missing() -> None:
    written = set(written_keys())
    assert len(written) > 80
    assert (written | BY_DATA) - set(CATALOGUES["zh"]) == set()


def test_no_string_is_left_over() -> None:
    from_data = ("audit_action.", "error.invalid.", "error.not_allowed.", "publication.metadata.")
    unused = set(CATALOGUES["zh"]) - set(written_keys()) - BY_DATA
    assert {key for key in unused if not key.startswith(from_data)} == set()


def test_an_unknown_key_is_a_mistake_and_not_an_empty_string() -> None:
    with pytest.raises(KeyError):
        words("zh")("no.such.key")


def test_english_has_no_chinese_left_in_it() -> None:
    names = {"《", "》"}
    for key, text in CATALOGUES["en"].items():
        assert not re.findall(r"[\u4e00-\u9fff]", text), key
        assert not set(text) & ({"，", "。", "："} - names), key
