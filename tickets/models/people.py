"""What commands and Slack say of people, and what people say of themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models.base import Base


class PersonRow(Base):
    """What commands say of a person on top of the people file; see `tickets.directory_told`. Never deleted."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    facts: Mapped[dict[str, Any]]
    removed: Mapped[bool]
    at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))

    @property
    def number(self) -> str:
        """For people."""
        return self.id


class AttendanceRow(Base):
    """What was last said about somebody being on shift; it holds from `since` until `until`."""

    __tablename__ = "attendance"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    on: Mapped[bool]
    since: Mapped[datetime]
    until: Mapped[datetime]
    said_by: Mapped[str] = mapped_column(String(64))

    @property
    def number(self) -> str:
        """For people."""
        return self.id


class GroupRuleRow(Base):
    """What commands say that being in a Slack user group means; `id` is its handle. Never deleted."""

    __tablename__ = "people_groups"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Empty: no command says anything of the group, or the file's rule is taken away.
    rule: Mapped[dict[str, Any]]
    removed: Mapped[bool]
    at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))

    @property
    def number(self) -> str:
        """For people."""
        return f"@{self.id}"


class GroupMembersRow(Base):
    """Who is in a Slack user group, as last read; `id` is its handle. Written when it changed."""

    __tablename__ = "people_group_members"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(64))
    members: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    @property
    def number(self) -> str:
        """For people."""
        return f"@{self.id}"


class GroupReadingRow(Base):
    """When a group was last looked at, and why it could not be read, if so; the trail does not speak of it."""

    __tablename__ = "people_group_readings"

    handle: Mapped[str] = mapped_column(String(64), primary_key=True)
    tried_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(120), default="")


class DirectoryVersionRow(Base):
    """One row, counted up with every change of who is who: a cheap look tells each process to read again."""

    __tablename__ = "directory_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class PreferenceRow(Base):
    """What a person or a channel has told about itself; see `tickets.preferences`."""

    __tablename__ = "preferences"

    owner: Mapped[str] = mapped_column(String(16), primary_key=True)
    owner_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(120), default="")
    product: Mapped[str] = mapped_column(String(120), default="")
    staff_number: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
