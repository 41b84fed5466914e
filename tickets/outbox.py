"""The outbox: what must be told is written with what happened, and sent afterwards until it arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from structlog.contextvars import get_contextvars

from tickets.errors import NotFound
from tickets.models import CardRow, NoticeRow
from tickets.records import Audience, Card, Notice, NoticeKind
from tickets.rows import card_value, notice_value
from tickets.store import insert_once

LEASE = timedelta(seconds=40)
"""How long a claimed notice is left to whoever claimed it; then it is offered again. Renewed before each message."""
_CLOCK_WENT_BACK = timedelta(minutes=20)
"""Nothing is put off for so long: what is due later than that was written before somebody set the clock."""


def post(
    session: Session,
    at: datetime,
    kind: NoticeKind,
    subject: str,
    subject_id: int,
    audience: Audience,
    actor_id: str,
) -> None:
    """Write a notice, due at once, in the running transaction."""
    session.add(
        NoticeRow(
            kind=kind,
            subject=subject,
            subject_id=subject_id,
            audience_user=audience.user_id,
            audience_role=audience.role,
            actor_id=actor_id,
            request=str(get_contextvars().get("request") or "")[:32],
            created_at=at,
            due_at=at,
        )
    )


def is_due(session: Session, now: datetime) -> bool:
    """Whether there may be something to claim."""
    return session.execute(select(NoticeRow.id).where(*_due(now)).limit(1)).first() is not None


def claim_due(session: Session, now: datetime, limit: int) -> list[Notice]:
    """Claim up to `limit` due notices, oldest first; two senders never get the same one within the lease.

    One that is behind another to the same audience about the same subject is not given before that one arrived or
    was given up: both would stand in the same thread or DM.
    """
    older = aliased(NoticeRow)
    behind = exists().where(
        older.id < NoticeRow.id,
        older.subject == NoticeRow.subject,
        older.audience_user.is_not_distinct_from(NoticeRow.audience_user),
        older.audience_role.is_not_distinct_from(NoticeRow.audience_role),
        older.delivered_at.is_(None),
        older.given_up_at.is_(None),
    )
    query = (
        select(NoticeRow)
        .where(*_due(now), ~behind)
        .order_by(NoticeRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=NoticeRow)
    )
    rows = session.execute(query).scalars().all()
    notices = []
    for row in rows:
        notice = notice_value(row)
        row.claimed_until = now + LEASE
        notices.append(replace(notice, held_until=row.claimed_until))
    return notices


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        NoticeRow.delivered_at.is_(None),
        NoticeRow.given_up_at.is_(None),
        or_(NoticeRow.due_at <= now, NoticeRow.due_at > now + _CLOCK_WENT_BACK),
        or_(
            NoticeRow.claimed_until.is_(None),
            NoticeRow.claimed_until <= now,
            NoticeRow.claimed_until > now + _CLOCK_WENT_BACK,
        ),
    )


def hold(session: Session, now: datetime, notice: Notice) -> Notice | None:
    """Renew the claim on a notice; None when it lapsed and somebody else has it, or settled it."""
    row: Any = session.get(NoticeRow, notice.id, with_for_update=True)
    if row is None or row.delivered_at is not None or row.given_up_at is not None:
        return None
    if row.claimed_until != notice.held_until:
        return None
    row.claimed_until = now + LEASE
    return replace(notice, held_until=row.claimed_until)


def release(session: Session, now: datetime) -> int:
    """End every claim; that there was one is still seen. How many."""
    held = NoticeRow.delivered_at.is_(None), NoticeRow.given_up_at.is_(None), NoticeRow.claimed_until > now
    result = session.connection().execute(update(NoticeRow).where(*held).values(claimed_until=now))
    return int(result.rowcount)


def mark_delivered(session: Session, now: datetime, notice_id: int, channel: str, ts: str) -> None:
    """It arrived. The message of a submitted escalation is its card from now on."""
    row = _row(session, notice_id)
    if row.delivered_at is not None:
        return
    row.delivered_at, row.claimed_until = now, None
    row.channel, row.ts = channel, ts
    if row.kind == NoticeKind.ESCALATION_SUBMITTED and channel and ts:
        _insert_card(session, row.subject, channel, ts, row.audience_user, row.audience_role)


def mark_failed(session: Session, now: datetime, notice_id: int, retry_at: datetime | None) -> None:
    """It did not arrive: offered again at `retry_at`, or never when that is None."""
    row = _row(session, notice_id)
    if row.delivered_at is not None:
        return
    row.attempts += 1
    row.claimed_until = None
    if retry_at is None:
        row.given_up_at = now
    else:
        row.due_at = retry_at


def _row(session: Session, notice_id: int) -> NoticeRow:
    row = session.get(NoticeRow, notice_id, with_for_update=True)
    if row is None:
        raise NotFound("notice", notice_id)
    return row


def place_card(session: Session, subject: str, channel: str, ts: str, audience: Audience) -> None:
    """Remember a Slack message that shows the subject; the same message twice is one card."""
    _insert_card(session, subject, channel, ts, audience.user_id, audience.role)


def _insert_card(
    session: Session, subject: str, channel: str, ts: str, user: str | None, role: str | None
) -> None:
    values = {"subject": subject, "channel": channel, "ts": ts, "audience_user": user, "audience_role": role}
    insert_once(session, CardRow, values)


def cards(session: Session, subject: str) -> list[Card]:
    """All Slack messages that show the subject, oldest first."""
    query = select(CardRow).where(CardRow.subject == subject).order_by(CardRow.id)
    return [card_value(row) for row in session.execute(query).scalars()]
