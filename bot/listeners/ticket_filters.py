"""What narrows a list of tickets down, typed beside words to look for: `状态:处理中 类型:报修 优先:紧急 负责人:小林`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.assistant.redaction import mask
from bot.blocks.tickets import KINDS
from bot.blocks.wording import LANGUAGES, words
from bot.listeners import errors
from tickets.people import People
from tickets.records import TicketState, Urgency
from tickets.ticket_records import TicketQuery

_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")
_ALSO = {"紧急": "urgent", "普通": "normal", "未处理": "open", "关闭": "closed"}
"""What people write besides the names on the cards."""
_BY_NAME = {
    "kind": "kind", "类型": "kind", "种类": "kind", "state": "state", "状态": "state",
    "priority": "priority", "优先": "priority", "优先级": "priority", "紧急程度": "priority",
    "owner": "owner", "负责": "owner", "负责人": "owner", "first": "first", "首问": "first", "首问人": "first",
}  # fmt: skip
_ONESELF = {"me": True, "我": True}
_FILTER = re.compile(rf"({'|'.join(sorted(_BY_NAME, key=len, reverse=True))})[:：](\S+)", re.IGNORECASE)


def masked(text: str, people: People) -> str:
    """What was typed, as it may be kept and shown: in filters, only what names a value or a colleague stays as it is."""
    filters = [f"{one[0].removesuffix(one[2])}{_told(one, people)}" for one in _FILTER.finditer(text)]
    return " ".join(filter(None, [mask(words_of(text)), *filters]))


def _told(found: re.Match[str], people: People) -> str:
    """The value of a filter: a customer's number or name may stand there, by mistake or as an unknown kind."""
    which, value = _BY_NAME[found[1].lower()], found[2]
    known = _VALUES[which](value) if which in _VALUES else bool(_meant(value, people))
    return value if known else "".join(mask(value).split())


def words_of(text: str) -> str:
    """What is looked for, without the filters."""
    return " ".join(_FILTER.sub(" ", text).split())


def narrowed(query: TicketQuery, text: str, people: People, reader: str) -> TicketQuery:
    """A query with the filters of what was typed. Raises errors.Declined for a value that nothing has."""
    for match in _FILTER.finditer(text):
        query = _READ[_BY_NAME[match.group(1).lower()]](query, match.group(2), people, reader)
    return query


def _named(prefix: str, values: tuple[str, ...]) -> dict[str, str]:
    """The values by all their names, in every language."""
    found = {value: value for value in values}
    for value in values:
        found |= {words(language)(f"{prefix}.{value}").lower(): value for language in LANGUAGES}
    return found


def _known(prefix: str, values: tuple[str, ...], wanted: str) -> str:
    """The value that has this name; empty when none has."""
    named, wanted_name = _named(prefix, values) | _ALSO, wanted.lower()
    found = named.get(wanted_name) or named.get(wanted_name.replace("_", " ")) or ""
    return found if found in values else ""


def _one_of(prefix: str, values: tuple[str, ...], wanted: str) -> str:
    found = _known(prefix, values, wanted)
    if not found:
        raise errors.Declined("ticket.no_such_filter", value=wanted)
    return found


_STATES = tuple(state.value for state in TicketState)
_LEVELS = tuple(level.value for level in Urgency)
_VALUES: Mapping[str, Callable[[str], str]] = {
    "kind": lambda wanted: _known("ticket_kind", KINDS, wanted),
    "state": lambda wanted: _known("ticket_state", _STATES, wanted),
    "priority": lambda wanted: _known("urgency", _LEVELS, wanted),
}
"""The value that a filter's text names; empty when none."""


def _kind(query: TicketQuery, wanted: str, people: People, reader: str) -> TicketQuery:
    # An organisation may have kinds of its own.
    return replace(query, kind=_known("ticket_kind", KINDS, wanted) or wanted)


def _state(query: TicketQuery, wanted: str, people: People, reader: str) -> TicketQuery:
    return replace(query, states=(TicketState(_one_of("ticket_state", _STATES, wanted)),))


def _priority(query: TicketQuery, wanted: str, people: People, reader: str) -> TicketQuery:
    return replace(query, priority=Urgency(_one_of("urgency", _LEVELS, wanted)))


def _owner(query: TicketQuery, wanted: str, people: People, reader: str) -> TicketQuery:
    return replace(query, owner_id=_person(wanted, people, reader))


def _first(query: TicketQuery, wanted: str, people: People, reader: str) -> TicketQuery:
    return replace(query, first_responder_id=_person(wanted, people, reader))


def _person(wanted: str, people: People, reader: str) -> str:
    """The id of whoever is meant: a mention, a name, an id, or oneself."""
    found = [one or reader for one in _meant(wanted, people)]
    if len(found) != 1:
        raise errors.Declined("people.unknown" if not found else "people.ambiguous", name=wanted)
    return found[0]


def _meant(wanted: str, people: People) -> list[str]:
    """The ids of those who may be meant; the empty one is oneself."""
    if wanted.lower() in _ONESELF:
        return [""]
    if mention := _MENTION.fullmatch(wanted):
        return [mention.group(1)]
    name = wanted.removeprefix("@").lower()
    return [one.id for one in people.everybody() if name in (one.id.lower(), one.name.lower())]


_READ: Mapping[str, Callable[[TicketQuery, str, People, str], TicketQuery]] = {
    "kind": _kind, "state": _state, "priority": _priority, "owner": _owner, "first": _first,
}  # fmt: skip
