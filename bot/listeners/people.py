"""`/kefu people`, `/kefu on`, `/kefu off`, and Slack saying that a user group changed."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import parts
from bot.blocks import people as blocks
from bot.blocks.people import Listed
from bot.blocks.wording import Words
from bot.keeping.groups import SlackGroups
from bot.listeners import errors
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared
from tickets.directory_roles import DISPLAY_NAMES
from tickets.people import Person

SCOPE = "usergroups:read"


def show(shared: Shared, args: Args, wanted: str) -> None:
    """Everybody, or those whose name, team, organisation or role holds what was typed."""
    words = shared.words(str(args.body["user_id"]))
    everybody = [_listed(shared, person, words) for person in shared.services.people.everybody()]
    found = [one for one in everybody if _matches(one, wanted)]
    shown = [parts.header(words("people.title", count=len(found))), *blocks.listed(found, words)]
    text = parts.clip(parts.fallback(parts.read_out(shown)), 3000)
    args.respond(text=text, blocks=shown, response_type="ephemeral")


def attend(shared: Shared, args: Args, who: str, *, on: bool) -> bool:
    """Say that the user, or somebody named, is on shift or off; False when several words name nobody: they were
    no name, then, but a question that begins so.

    Raises NotAllowed, Declined.
    """
    user = str(args.body["user_id"])
    directory, words = shared.services.desk.directory, shared.words(user)
    person = shared.person(user)
    if who:
        found = directory.named(who)
        if not found and len(who.split()) > 1:
            return False
        if len(found) != 1:
            raise errors.Declined("people.unknown" if not found else "people.ambiguous", name=who)
        person = found[0]
    said = directory.set_attendance(shared.person(user), person.id, on=on)
    own, deputy = person.id == user, bool(person.deputy)
    text = blocks.said(person.name, said.until, words, shared.zone, on=on, own=own, deputy=deputy)
    args.respond(text=parts.fallback(text), response_type="ephemeral")
    return True


def on_group_changed(shared: Shared, args: Args) -> None:
    """Read the group again: the event tells what changed, not what is."""
    group_id = str(args.body["event"].get("subteam_id") or "")
    SlackGroups(shared.client, shared.services.desk.directory).read_again(group_id)


def _listed(shared: Shared, person: Person, words: Words) -> Listed:
    people = shared.services.people
    deputy = people.get(person.deputy).name if person.deputy else ""
    role = people.ladder_of(person).name(person.role)
    if role == DISPLAY_NAMES[person.role]:  # else the house has a name of its own for it
        role = words(f"role.{person.role.value}")
    return Listed(person, role, people.on_shift(person.id), deputy)


def _matches(one: Listed, wanted: str) -> bool:
    person = one.person
    texts = (person.id, person.name, person.team, person.organisation, one.role, *person.duties)
    return any(wanted.lower() in text.lower() for text in texts)


LISTENERS = (Listener(Kind.EVENT, "subteam_members_changed", on_group_changed, scopes=(SCOPE,)),)
