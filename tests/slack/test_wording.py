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
from bot.blocks import homes, steps, ticket_cards, tickets
from bot.blocks.corrections import Ending
from bot.blocks.wording import LANGUAGES, words
from bot.evaluating.judging import Fault
from bot.keeping import settings_files
from bot.listeners import LISTENERS, sessions, ticket_lists
from bot.reporting import weekly
from bot.reporting.workbooks import FIGURES
from tickets import answer_desk
from tickets.channel_settings import Reach
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
    *(f"task.{step}" for step in (steps.SEARCH, steps.READ, steps.CHECK)),
    *(f"ask.status_{doing}" for doing in sessions.DOING),
    *(f"channel.reach.{reach.value}" for reach in Reach),
    *(f"fault.{fault.value}" for fault in answer_desk.Fault),
    *(key for listener in LISTENERS for key in (listener.title, listener.hint) if key),
    *(f"help.{section}" for section in ("text", "commands", "where", "reviewer", "audit", "admin")),
    *(f"install.{said}" for said in ("done", "failed", "not_invited", "other_browser", "too_late")),
    "duty.department_head",  # named in the people file
    "duty.office_manager",
    "channel.quiet_from",
    "channel.quiet_until",
    "revise.older",
    "revise.no_question",
    "revise.deleted",
    "share.kept",
    "share.only_you_here",
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


def _spoken_constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants of a file that could reach somebody: no docstrings, no names of what people may type (keys of
    dicts, patterns), no messages of errors, which never reach anybody."""
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.Dict):
            silent |= {id(key) for key in node.keys if key is not None}
        elif isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "compile"
        ):
            silent |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node


def test_no_sentence_stands_in_the_code() -> None:
    """Whatever people read in Slack comes from the catalogues: buttons, fallbacks, alt texts, placeholders."""
    left: list[str] = []
    names = {"《", "》"}
    for file in [*(BOT / "listeners").rglob("*.py"), *(BOT / "blocks").rglob("*.py"), *BOT.glob("*cards.py")]:
        if file.name == "small_talk.py":  # what people say, not what they are told
            continue
        for constant in _spoken_constants(ast.parse(file.read_text(encoding="utf-8"))):
            text = str(constant.value)
            if text not in names and re.search(
                r"[\u3000-\u9fff\uff00-\uffef]|[A-Za-z]{2,} [A-Za-z]{2,}", text
            ):
                left.append(f"{file}:{constant.lineno}: {text}")
    assert left == []


SIGNS = {
    "⚠": {"zh": "注意|变化|变更|未通过|超时", "en": "Attention|changed|Check failed|overdue"},
    "⏰": {"zh": "到时|超过|提醒", "en": "time|overdue"},
    "⇄": {"zh": "对照", "en": "against"},
    "✔": {"zh": "统一口径", "en": "One voice"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sign_stands_beside_words_that_say_the_same(language: str) -> None:
    for key, text in CATALOGUES[language].items():
        assert not re.search(r":[a-z0-9_+-]+:", text), f"{key}: a shortcode is read out as its name"
        for sign in re.findall(r"[\u2190-\u2bff\U0001f000-\U0001faff]", text):
            if sign not in "→←↑↓–—":
                assert re.search(SIGNS[sign][language], text), key
