"""Gaps in an admin's home: one click makes a ticket for whoever keeps the nearest manual."""

from __future__ import annotations

from slack_bolt import Args

from bot.blocks import gaps
from bot.blocks.references import GapRef
from bot.listeners import homes, places
from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared


def on_ticket(shared: Shared, args: Args) -> None:
    """The button of a gap. A gap that has a ticket keeps it, whoever clicks again."""
    args.ack()
    place = places.of_interaction(args.body)
    asked = GapRef.load(str(args.body["actions"][0].get("value") or ""))
    person, services = shared.person(place.user), shared.services
    gap = services.desk.gaps.get(asked.gap_id)
    listed = gaps.Listed(gap, services.gaps.near(gap), services.gaps.owner(gap))
    content = gaps.ticket(listed, shared.house_words, shared.zone)
    services.desk.gaps.make_ticket(person, gap.id, content)
    shared.nudge()
    homes.refresh(shared, person)


LISTENERS = (Listener(Kind.ACTION, gaps.TICKET, on_ticket, writes=True),)
