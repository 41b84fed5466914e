"""Payloads as Slack builds them, out of every name that the bot listens to, with anything in them that people may type or
press; and the same with parts missing or of another kind."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from functools import cache
from typing import Any

from hypothesis import strategies as st
from slack_door import SlackDoor, click, command, shortcut, submission

import bot.blocks
from bot.blocks.references import Reference
from bot.listeners import LISTENERS
from bot.listeners.listener import Kind, Listener
from tickets.procedure_files import load
from tickets.records import EscalationContent, Origin, TicketContent

Json = dict[str, Any]

evil = st.sampled_from([
    "", " ", "\x00", "\ud800", "<!channel> <@U_ADMIN>", "<https://evil.example|点这里> *粗* <!date^0^{date}|x>",
    "'; DROP TABLE tickets; --", "../../etc/passwd", "{{7*7}}", "=cmd|' /C calc'!A0", "A" * 5000, "𝕊" * 300, "\u202e反",
    "9" * 400, "-1", "NaN", "null", "[]", "{}", "0", "1", "2026-11-28", "12:30", "<script>alert(1)</script>", "U_AGENT",
    '{"escalation_id": 1, "revision": 1}', '{"editions": "1-999999999"}', '{"manual_id": 9223372036854775808}',
])  # fmt: skip
text = st.one_of(
    evil, st.text(max_size=60), st.text(st.characters(categories=["Lo", "P", "S", "C"]), max_size=20)
)
anything: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(text, inner, max_size=3)),
    max_leaves=6,
)
users = st.sampled_from(["U_AGENT", "U_AGENT2", "U_SUPERVISOR", "U_ADMIN", "U_NOBODY"])
channels = st.sampled_from(["D_U_AGENT", "C_FLOOR", "C_NOWHERE", "D_U_ADMIN", "G1"])
stamps = st.one_of(st.just("1700000000.000100"), st.text("0123456789.", min_size=1, max_size=20))


def names(kind: Kind) -> list[str]:
    """What the bot listens to of one kind."""
    return sorted({one.name for one in LISTENERS if one.kind is kind})


@cache
def _references(listener: Listener) -> list[type[Reference]]:
    """What a listener reads out of a button's value or a form: whatever its module loads."""
    module = inspect.getmodule(listener.run)
    found = set(re.findall(r"(\w+Ref)\.load", inspect.getsource(module))) if module else set()
    every = {one.__name__: one for one in _below(Reference)}
    return [every[name] for name in sorted(found & every.keys())] or sorted(
        every.values(), key=lambda c: c.__name__
    )


def _below(base: type[Reference]) -> set[type[Reference]]:
    return {base, *(deeper for one in base.__subclasses__() for deeper in _below(one))}


@st.composite
def carried(draw: st.DrawFn, name: str, kind: Kind) -> str:
    """What a button or form of this name carries: mostly what the bot would have put there."""
    if draw(st.integers(0, 5)) == 0:
        return draw(text)
    listener = next(one for one in LISTENERS if one.name == name and one.kind is kind)
    shape = draw(st.sampled_from(_references(listener)))
    values: Json = {}
    for field, about in shape.model_fields.items():
        if not about.is_required() and draw(st.booleans()):
            continue
        values[field] = draw(_value_of(field, about.annotation))
    try:
        return str(shape.model_validate(values).dump())
    except ValueError:
        return draw(text)


def _value_of(field: str, annotation: Any) -> st.SearchStrategy[Any]:
    if field == "editions":
        return st.sampled_from(["1", "1-2", "1,3", "99"])
    if field == "subject":
        return st.sampled_from(["ticket:1", "escalation:1", "record:1", "x:9"])
    if field in ("channel", "owner", "act", "procedure", "which", "next_role", "language"):
        return st.one_of(
            st.sampled_from(["C_FLOOR", "D_U_AGENT", "person", "channel", "sign", "take", "accept", "close", "team", "all"]),
            st.sampled_from(["leader", "manager", "supervisor", "zh", "en", "shift_swap", "complaint", "mine"]),
            text,
        )  # fmt: skip
    if "int" in str(annotation):
        number = st.sampled_from([1, 1, 1, 2, 3, 0, -1, 10**6, 2**63])
        return st.lists(number, max_size=3) if "tuple" in str(annotation) else number
    if "bool" in str(annotation):
        return st.booleans()
    if "dict" in str(annotation):
        return st.dictionaries(text, text, max_size=2)
    return text


@cache
def fields() -> list[str]:
    """The names of everything that a form may ask: the constants of the blocks, and the fields of all procedures."""
    found: set[str] = set()
    for one in pkgutil.iter_modules(bot.blocks.__path__):
        module = importlib.import_module(f"bot.blocks.{one.name}")
        found |= {v for k, v in vars(module).items() if k.isupper() and isinstance(v, str)}
    for procedure in load().procedures.values():
        found |= {field.key for field in procedure.fields}
    return sorted(
        one for one in found if re.fullmatch(r"[a-z_]{2,40}", one) and one not in names(Kind.ACTION)
    )


_OPTIONS = (
    "normal", "urgent", "important", "open", "closed", "in_progress", "leader", "manager", "none", "shift_swap", "complaint",
    "repair", "both", "first", "second", "1", "2", "zh", "en", "channel", "asker", "yes", "no", "",
)  # fmt: skip


@st.composite
def choice(draw: st.DrawFn) -> Json:
    """What an input holds."""
    match draw(
        st.sampled_from(["text", "text", "option", "option", "options", "user", "users", "moment", "nothing"])
    ):
        case "text":
            return {"type": "plain_text_input", "value": draw(st.one_of(st.none(), text))}
        case "option":
            option = {
                "text": {"type": "plain_text", "text": "x"},
                "value": draw(st.one_of(st.sampled_from(_OPTIONS), text)),
            }
            return {"type": "static_select", "selected_option": option}
        case "options":
            several = draw(st.lists(st.sampled_from(_OPTIONS), max_size=3))
            return {"type": "checkboxes", "selected_options": [{"value": one} for one in several]}
        case "user":
            return {"type": "users_select", "selected_user": draw(st.one_of(st.none(), users))}
        case "users":
            return {"type": "multi_users_select", "selected_users": draw(st.lists(users, max_size=2))}
        case "moment":
            moment = draw(st.sampled_from([0, -1, 1_800_000_000, 2**31, 2**40, 2**62]))
            return {"type": "datetimepicker", "selected_date_time": moment}
    return {"type": "plain_text_input"}


@st.composite
def values(draw: st.DrawFn) -> Json:
    """What a form holds: all that any form may ask, or a few of it, or names that nobody knows."""
    few = draw(st.lists(st.sampled_from(fields()), max_size=4, unique=True))
    named = fields() if draw(st.integers(0, 3)) else few
    one = st.lists(choice(), min_size=4, max_size=4)
    drawn = draw(one)  # a form of a hundred fields out of four values: the rest would only cost
    shift = draw(st.integers(0, 3))
    held = {name: {"input": drawn[(n + shift) % 4]} for n, name in enumerate(named)}
    for name in few:
        held[name] = {"input": draw(choice())}
    return held


@st.composite
def changed(draw: st.DrawFn, payload: Json) -> Json:
    """A payload, mostly as it should be, now and then with parts missing or of another kind."""
    for _ in range(draw(st.sampled_from([0, 0, 0, 0, 1, 2]))):
        at: Any = payload
        for _ in range(draw(st.integers(0, 3))):
            inner = [
                one
                for one in (at.values() if isinstance(at, dict) else at)
                if isinstance(one, dict | list) and one
            ]
            if not inner:
                break
            at = draw(st.sampled_from(inner))
        key = draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        if isinstance(at, dict) and draw(st.booleans()):
            del at[key]
        else:
            at[key] = draw(anything)
    return payload


@st.composite
def events(draw: st.DrawFn) -> Json:
    """An event of those that the bot is subscribed to, or of none."""
    kind = draw(st.sampled_from([*names(Kind.EVENT), "message", "message", "message", "nonsense"]))
    event: Json = {"type": kind, "channel": draw(channels), "user": draw(users), "event_ts": "1.2"}
    if kind in ("message", "app_mention"):
        event |= {
            "text": draw(text),
            "ts": draw(stamps),
            "channel_type": draw(st.sampled_from(["im", "channel", "group"])),
        }
        if draw(st.booleans()):
            event["thread_ts"] = draw(stamps)
        files = draw(st.lists(_file(), max_size=2)) if draw(st.integers(0, 4)) == 0 else []
        event |= {"files": files} if files else {}
    if kind == "message":
        subtype = draw(
            st.sampled_from(
                [
                    None,
                    None,
                    None,
                    "message_changed",
                    "message_deleted",
                    "file_share",
                    "bot_message",
                    "channel_join",
                ]
            )
        )
        event |= {"subtype": subtype} if subtype else {}
        if subtype in ("message_changed", "message_deleted"):
            inner = {
                "type": "message",
                "user": draw(users),
                "ts": draw(stamps),
                "text": draw(text),
                "edited": {"user": "U", "ts": "1"},
            }
            event |= {
                "message": inner,
                "previous_message": {**inner, "text": draw(text)},
                "deleted_ts": inner["ts"],
            }
    event |= (
        {
            "tab": draw(st.sampled_from(["home", "messages"])),
            "subteam_id": "S1",
            "thread_ts": event.get("thread_ts", "1.1"),
        }
        if kind != "message"
        else {}
    )
    return event  # fmt: skip


@st.composite
def _file(draw: st.DrawFn) -> Json:
    name = draw(
        st.one_of(st.sampled_from(["手册.txt", "../../x.docx", "C:\\x.pdf", "a\0b.zip", ".", ""]), text)
    )
    address = draw(
        st.sampled_from(["http://127.0.0.1:9/files/1", "file:///etc/passwd", "ftp://127.0.0.1/x", "", "x"])
    )
    return {
        "id": draw(text),
        "name": name,
        "size": draw(st.integers(-1, 10**10)),
        "url_private_download": address,
    }


@st.composite
def payloads(draw: st.DrawFn) -> tuple[str, Json]:
    """What to send, and how."""
    kind = draw(
        st.sampled_from(["event", "action", "action", "view", "view", "command", "shortcut", "other"])
    )
    user, channel = draw(users), draw(channels)
    if kind == "event":
        return kind, draw(changed(draw(events())))
    if kind == "action":
        name = draw(st.sampled_from(names(Kind.ACTION)))
        made = click(user, name, draw(carried(name, Kind.ACTION)), channel)
        if draw(st.booleans()):
            option = {"text": {"type": "plain_text", "text": "x"}, "value": draw(carried(name, Kind.ACTION))}
            made["actions"][0] |= {"type": "overflow", "selected_option": option}
        if draw(st.integers(0, 2)) == 0:  # in a form or the Home tab
            view = submission(user, draw(st.sampled_from(names(Kind.VIEW))), draw(text), draw(values()))[
                "view"
            ]
            made |= {"view": view, "container": {"type": "view", "view_id": view["id"]}}
            del made["message"], made["channel"]
        return kind, draw(changed(made))
    if kind == "view":
        name = draw(st.sampled_from(names(Kind.VIEW)))
        return kind, draw(changed(submission(user, name, draw(carried(name, Kind.VIEW)), draw(values()))))
    if kind == "command":
        words = [
            "",
            "audit",
            "ticket",
            "tickets",
            "escalations",
            "off",
            "on",
            "people",
            "me",
            "换班",
            "channel",
            "help",
        ]
        return kind, draw(changed(command(user, f"{draw(st.sampled_from(words))} {draw(text)}", channel)))
    if kind == "other":
        return kind, draw(changed(_other(draw, user)))
    message = {"type": "message", "user": user, "text": draw(text), "ts": draw(stamps)}
    return kind, draw(
        changed(shortcut(user, draw(st.sampled_from([*names(Kind.SHORTCUT), "x"])), channel, message))
    )


def _other(draw: st.DrawFn, user: str) -> Json:
    """Entries that nobody here listens to, under names that somebody listens to; and bodies of no kind."""
    name = draw(st.sampled_from([*names(Kind.SHORTCUT), *names(Kind.ACTION), *names(Kind.VIEW)]))
    kind = draw(
        st.sampled_from(["shortcut", "view_closed", "block_suggestion", "interactive_message", "dialog_submission", "x", ""])
    )  # fmt: skip
    view = {"id": "V1", "type": "modal", "callback_id": name, "state": {"values": {}}}
    return {
        "type": kind, "callback_id": name, "action_id": name, "block_id": "b", "value": draw(text), "view": view,
        "user": {"id": user}, "trigger_id": "1.2.x", "team": {"id": "T_KEFU"}, "actions": [{"name": name}],
    }  # fmt: skip


def furnish(door: SlackDoor) -> None:
    """Something on the desk under the first numbers, so that what is pressed is about something."""
    services = door.desk.services
    desk, agent, origin = (
        services.desk,
        services.people.get("U_AGENT"),
        Origin("C_FLOOR", "1.1", "1.2", "T_KEFU"),
    )
    for n in range(3):
        content = EscalationContent(
            summary="客户要求当天上门",
            report="【事件】客户要求当天上门",
            category="超出本职范围",
            handling_suggestion="请加急",
        )
        desk.file_escalation(agent, content, origin, f"fuzz-e{n}")
        desk.log_ticket(agent, TicketContent("洗衣机漏水", kind="repair"), origin, f"fuzz-t{n}")
