"""What people type, press and name in Slack, with every kind of injection in it: the tables stand, nobody is called, no file
appears, nothing unforeseen happens, and the bot goes on answering."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attacks import INPUTS, KINDS_TRIED, TRIED, everything
from slack_door import SlackDoor, click, command, shortcut, submission
from slack_payloads import Reference, _references, fields, names
from sqlalchemy import inspect

from bot.listeners import LISTENERS
from bot.listeners.listener import Kind
from bot.observing import metrics
from tickets.records import EscalationContent, Origin, TicketContent

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from sent import faults

pytestmark = pytest.mark.refusals  # what is pressed here was never shown: Slack refuses its triggers

ESCAPED = Path("/tmp/kefu-escaped")  # noqa: S108 - where a path of `attacks` would lead
PEOPLE = ("U_AGENT", "U_SUPERVISOR", "U_ADMIN")
_LINK = re.compile(r"<(?:https?://evil|mailto:)")


@pytest.fixture(scope="module")
def watched(door: SlackDoor) -> Iterator[SlackDoor]:
    """The door; afterwards everything is as it should be."""
    before = _state(door)
    first = max((call["number"] for call in door.desk.crew.calls()["calls"]), default=0)
    yield door
    # Everything that was pressed is through when an answer to a new question stands: the pools are first in, first out.
    door.desk.crew.reply("U_AGENT2", door.desk.crew.say("U_AGENT2", "dm", "借书卡一次最多借几本？"))
    after = _state(door)
    assert after["tables"] == before["tables"], "a table is gone"
    assert after["audit"] >= before["audit"], "the trail was shortened"
    assert after["tickets"] >= before["tickets"]
    assert after["errors"] == before["errors"], "something happened that nobody foresaw"
    assert not ESCAPED.exists()
    sent = [call for call in door.desk.crew.calls()["calls"] if call["number"] > first]
    assert len(sent) > 20
    wrong = [fault for fault in faults(sent) if "calls somebody" in fault]
    assert not wrong
    assert not [call["method"] for call in sent if _links(call["arguments"])]


def _state(door: SlackDoor) -> dict[str, Any]:
    desk = door.desk.services.desk
    with desk._engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        counted = {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()  # noqa: S608
            for name in ("tickets", "audit_entries") if name in tables
        }  # fmt: skip
    errors = sum(
        sample.value
        for family in metrics.ERRORS.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    )
    return {
        "tables": tables,
        "audit": counted.get("audit_entries", 0),
        "tickets": counted["tickets"],
        "errors": errors,
    }


def _structure(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # what somebody wrote happens to begin like one


def _links(arguments: Any) -> bool:
    """A link that somebody typed, where Slack would make one of it."""
    nodes = [_structure(v) if isinstance(v, str) and v[:1] in "[{" else v for v in arguments.values()]
    return bool(_LINK.search(str(arguments.get("text") or ""))) or any(map(_has_link, nodes))


def _has_link(node: Any) -> bool:
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn" and _LINK.search(str(node.get("text"))):
            return True
        return any(map(_has_link, node.values()))
    return isinstance(node, list) and any(map(_has_link, node))


def taken(answer: tuple[int, str]) -> None:
    """Acknowledged, or refused as what it is; never a fault of ours."""
    assert answer[0] in (200, 400, 404), answer
    assert "Traceback" not in answer[1]


@pytest.mark.parametrize("kind", KINDS_TRIED)
def test_messages(watched: SlackDoor, kind: str) -> None:
    for n, attack in enumerate(TRIED[kind]):
        ts = f"17{list(TRIED).index(kind):08d}.{n:06d}"
        place = {"channel": "D_U_AGENT", "user": "U_AGENT", "ts": ts, "channel_type": "im"}
        taken(watched.event({"type": "message", **place, "text": attack}))
        taken(
            watched.event(
                {
                    "type": "app_mention",
                    **place,
                    "channel": "C_FLOOR",
                    "ts": f"{ts}1",
                    "text": f"<@U_KEFU> {attack}",
                }
            )
        )
    told = {"type": "message", "user": "U_AGENT", "ts": "1700000000.000100", "text": everything()[:3000]}
    before = {**told, "text": "借书卡一次最多借几本？"}
    edit = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "D_U_AGENT",
        "channel_type": "im",
        "ts": "1700000001.1",
    }
    taken(
        watched.event(
            {
                **edit,
                "message": {**told, "edited": {"user": "U_AGENT", "ts": "2"}},
                "previous_message": before,
            }
        )
    )
    for name in names(Kind.SHORTCUT):
        taken(watched.interact(shortcut("U_AGENT", name, "D_U_AGENT", told)))


@pytest.mark.parametrize("kind", KINDS_TRIED)
def test_the_slash_command(watched: SlackDoor, kind: str) -> None:
    for first in (
        "",
        "ticket",
        "tickets",
        "escalations",
        "audit",
        "people",
        "me",
        "channel",
        "换班",
        "on",
        "off",
    ):
        attacks = TRIED[kind] if first in ("tickets", "audit") else TRIED[kind][:1]
        for attack in attacks:
            taken(watched.command(command("U_SUPERVISOR", f"{first} {attack}".strip(), "C_FLOOR")))
    for name in ("user_name", "channel_name", "team_domain"):
        taken(watched.command(command("U_AGENT", "me", "C_FLOOR", **{name: TRIED[kind][0]})))


_FORMED = {"owner": "person", "editions": "1", "subject": "ticket:1", "language": "zh", "which": "search"}
"""What takes its own form only: another is refused before anything is read (`test_fuzz_slack.py`)."""


def _carried(shape: type[Reference], attack: str) -> str:
    """A reference with the attack wherever it has a text, about what lies on the desk under the first number."""
    values: dict[str, Any] = {}
    for name, about in shape.model_fields.items():
        if name in _FORMED:
            values[name] = _FORMED[name]
        elif about.annotation is str:
            values[name] = "C_FLOOR" if name == "channel" else attack
        elif "int" in str(about.annotation) and "tuple" not in str(about.annotation):
            values[name] = 1
    return str(shape.model_validate(values).dump())


@pytest.mark.parametrize("kind", KINDS_TRIED)
def test_every_field_of_every_form(watched: SlackDoor, kind: str) -> None:
    """All fields that any form has hold it at once; forms take theirs."""
    attack = TRIED[kind][0]
    held = {name: {"input": {"type": "plain_text_input", "value": attack}} for name in fields()}
    for listener in (one for one in LISTENERS if one.kind is Kind.VIEW):
        for shape in _references(listener):
            body = submission("U_SUPERVISOR", listener.name, _carried(shape, attack), held)
            taken(watched.interact(body))


@pytest.mark.parametrize("kind", KINDS_TRIED)
def test_every_button(watched: SlackDoor, kind: str) -> None:
    attack = TRIED[kind][-1]
    for listener in (one for one in LISTENERS if one.kind is Kind.ACTION):
        taken(watched.interact(click("U_AGENT", listener.name, attack, "D_U_AGENT")))
        shape = _references(listener)[0]
        taken(watched.interact(click("U_NOBODY", listener.name, _carried(shape, attack), attack or "C")))


@pytest.mark.parametrize("kind", KINDS_TRIED)
def test_dropped_files(watched: SlackDoor, kind: str, tmp_path: Path) -> None:
    """The name decides nothing but how it is called; an address that is not Slack's is not asked."""
    for n, attack in enumerate(TRIED[kind]):
        file = {
            "id": attack[:50],
            "name": f"{attack}.txt",
            "size": 3,
            "url_private_download": f"file://{tmp_path}",
        }
        taken(
            watched.event({
                "type": "message", "subtype": "file_share", "channel": "D_U_ADMIN", "channel_type": "im", "user": "U_ADMIN",
                "ts": f"16{list(TRIED).index(kind):08d}.{n:06d}", "text": "", "files": [file],
            })
        )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS_TRIED)
def test_what_was_written_is_shown_as_it_was_written(watched: SlackDoor, kind: str) -> None:
    """On the desk by its services; shown in lists, cards and the Home tab; the fixture looks at what was sent."""
    services, crew = watched.desk.services, watched.desk.crew
    desk, agent = services.desk, services.people.get("U_AGENT")
    origin = Origin("C_FLOOR", "1.1", "1.2", "T_KEFU")
    for n, attack in enumerate(TRIED[kind]):
        clean = attack.replace("\x00", "")
        content = EscalationContent(
            summary=clean or "x",
            report=clean or "x",
            category=clean,
            what_happened=clean,
            handling_suggestion=clean or "x",
        )
        desk.file_escalation(agent, content, origin, f"inj-{kind}-e{n}")
        ticket = desk.log_ticket(
            agent, TicketContent(clean.strip() or "x", clean, kind="repair"), origin, f"inj-{kind}-t{n}"
        )
        assert desk.ticket(ticket.id).content.title.strip() == (clean.strip() or "x")
    for user in PEOPLE:
        crew.open_app(user, "home")
        for text in ("tickets", "escalations", f"tickets {TRIED[kind][0]}"):
            taken(watched.command(command(user, text, "D_U_AGENT")))
    number = desk.ticket(1).id
    assert number == 1


def test_names_in_slack(watched: SlackDoor) -> None:
    """A group's handle, which Slack's administrators choose, and ids of nobody's."""
    for attack in (everything()[:200], "'; DROP TABLE people; --"):
        taken(
            watched.event({"type": "subteam_members_changed", "subteam_id": attack, "added_users": [attack]})
        )
        taken(
            watched.event(
                {"type": "app_home_opened", "user": attack[:50], "channel": attack[:50], "tab": "home"}
            )
        )


def test_every_input_is_tried_somewhere() -> None:
    """The list names files that are there, and every suite of injections is named."""
    named = {Path(one) for where in INPUTS.values() for one in where.split("; ")}
    here = Path(__file__).parent
    missing = [one for one in named if not ((here / one).is_file() or (here.parents[1] / one).is_file())]
    assert not missing
    suites = {Path(file.name) for file in here.glob("test_injections_*.py")}
    assert suites <= named
