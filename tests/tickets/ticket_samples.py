"""Logging tickets, and what was told of them."""

from __future__ import annotations

from desk_samples import AGENT, sent, ticket

from tickets.desk import Desk
from tickets.records import NoticeKind, Origin, Ticket


def log(desk: Desk, key: str = "t1", **changes: object) -> Ticket:
    return desk.log_ticket(AGENT, ticket(**changes), Origin(), key)


def told(desk: Desk) -> list[tuple[str | None, str]]:
    """Whom the outbox tells of tickets now, and of what."""
    trail = {entry.id: entry.action for entry in desk.audit()}
    due = [notice for notice in sent(desk) if notice.kind is NoticeKind.TICKET_TOLD]
    return [(notice.audience.user_id, trail.get(notice.subject_id, "")) for notice in due]
