"""How a channel is answered: from which manuals, who reads the answers, and in which hours it is left in peace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from tickets.errors import InvalidInput
from tickets.models import ChannelSettingRow
from tickets.transaction import Transaction

MOST_MANUALS = 100
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


class Reach(StrEnum):
    """Who reads the answers in a channel."""

    EVERYBODY = "everybody"
    """They stand in the thread of the question."""
    ASKER_FIRST = "asker_first"
    """The asker alone, who may share them with the channel."""
    ASKER = "asker"
    """The asker alone."""


@dataclass(frozen=True, slots=True)
class ChannelSetting:
    """How a channel is answered."""

    manuals: tuple[int, ...] = ()
    """Only these are quoted there; empty: all that the channel may read."""
    reach: Reach = Reach.EVERYBODY
    quiet_from: str = ""
    quiet_until: str = ""
    """Site time like `22:00` between which only the asker reads answers; until may be the next morning."""

    def is_quiet(self, local: datetime) -> bool:
        """Whether the channel is left in peace at this moment of the site's clock; `until` is not quiet any more."""
        if not self.quiet_from:
            return False
        now, since, until = f"{local:%H:%M}", self.quiet_from, self.quiet_until
        return since <= now < until if since < until else now >= since or now < until

    def reach_at(self, local: datetime) -> Reach:
        """Who reads what is answered at this moment of the site's clock."""
        return Reach.ASKER if self.is_quiet(local) else self.reach


OPEN = ChannelSetting()
"""Of a channel for which nothing is set."""


def get(session: Session, channel: str) -> ChannelSetting:
    """What is set for a channel."""
    row = session.get(ChannelSettingRow, channel) if channel else None
    if row is None:
        return OPEN
    return ChannelSetting(tuple(row.manuals), Reach(row.reach), row.quiet_from, row.quiet_until)


def put(tx: Transaction, actor_id: str, channel: str, setting: ChannelSetting) -> ChannelSetting:
    """Replace what is set for a channel. Nothing is written when nothing changes.

    Raises InvalidInput (`manuals`, `quiet_from`, `quiet_until`).
    """
    kept = _checked(setting)
    row = tx.session.get(ChannelSettingRow, channel)
    if kept == get(tx.session, channel):
        return kept
    if kept == OPEN:
        tx.session.delete(row)
    else:
        row = row or ChannelSettingRow(channel=channel)
        row.manuals, row.reach = list(kept.manuals), kept.reach.value
        row.quiet_from, row.quiet_until = kept.quiet_from, kept.quiet_until
        row.at, row.changed_by = tx.now, actor_id
        tx.session.add(row)
    details = {
        "manuals": list(kept.manuals),
        "reach": kept.reach.value,
        "quiet": f"{kept.quiet_from}-{kept.quiet_until}" if kept.quiet_from else "",
    }
    tx.record(actor_id, "channel.set", f"channel:{channel}", details)
    return kept


def _checked(setting: ChannelSetting) -> ChannelSetting:
    manuals = tuple(sorted(set(setting.manuals)))
    if len(manuals) > MOST_MANUALS:
        raise InvalidInput("manuals", f"At most {MOST_MANUALS} manuals can be named.")
    for field, one, other in (
        ("quiet_from", setting.quiet_from, setting.quiet_until),
        ("quiet_until", setting.quiet_until, setting.quiet_from),
    ):
        if not one and other:
            raise InvalidInput(field, "Quiet hours need a beginning and an end.")
        if one and not _TIME.fullmatch(one):
            raise InvalidInput(field, "A time is written like 22:00.")
    if setting.quiet_from and setting.quiet_from == setting.quiet_until:
        raise InvalidInput("quiet_until", "Quiet hours must end at another time than they begin.")
    return ChannelSetting(manuals, Reach(setting.reach), setting.quiet_from, setting.quiet_until)
