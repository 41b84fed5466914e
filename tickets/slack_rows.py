"""Tables about Slack itself: workspaces that installed the app, and which of them people and channels belong to.

The first three are those of slack_sdk's SQLAlchemy stores (a test compares them), but for tokens, which are sealed and
therefore longer. Nothing here is part of the record: the trail does not speak of it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.models import Base


class SlackBotRow(Base):
    """The bot of one installation, as `SQLAlchemyInstallationStore` keeps it. Tokens are sealed."""

    __tablename__ = "slack_bots"
    __table_args__ = (
        Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32))
    app_id: Mapped[str] = mapped_column(String(32))
    enterprise_id: Mapped[str | None] = mapped_column(String(32))
    enterprise_name: Mapped[str | None] = mapped_column(String(200))
    team_id: Mapped[str | None] = mapped_column(String(32))
    team_name: Mapped[str | None] = mapped_column(String(200))
    bot_token: Mapped[str | None] = mapped_column(Text)
    bot_id: Mapped[str | None] = mapped_column(String(32))
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    bot_scopes: Mapped[str | None] = mapped_column(String(1000))
    bot_refresh_token: Mapped[str | None] = mapped_column(Text)
    bot_token_expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    is_enterprise_install: Mapped[bool]
    installed_at: Mapped[datetime] = mapped_column(DateTime)


class SlackInstallationRow(Base):
    """One installation by one person, as `SQLAlchemyInstallationStore` keeps it. Tokens and webhooks are sealed."""

    __tablename__ = "slack_installations"
    __table_args__ = (
        Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(String(32))
    app_id: Mapped[str] = mapped_column(String(32))
    enterprise_id: Mapped[str | None] = mapped_column(String(32))
    enterprise_name: Mapped[str | None] = mapped_column(String(200))
    enterprise_url: Mapped[str | None] = mapped_column(String(200))
    team_id: Mapped[str | None] = mapped_column(String(32))
    team_name: Mapped[str | None] = mapped_column(String(200))
    bot_token: Mapped[str | None] = mapped_column(Text)
    bot_id: Mapped[str | None] = mapped_column(String(32))
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    bot_scopes: Mapped[str | None] = mapped_column(String(1000))
    bot_refresh_token: Mapped[str | None] = mapped_column(Text)
    bot_token_expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    user_id: Mapped[str] = mapped_column(String(32))
    user_token: Mapped[str | None] = mapped_column(Text)
    user_scopes: Mapped[str | None] = mapped_column(String(1000))
    user_refresh_token: Mapped[str | None] = mapped_column(Text)
    user_token_expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    incoming_webhook_url: Mapped[str | None] = mapped_column(Text)
    incoming_webhook_channel: Mapped[str | None] = mapped_column(String(200))
    incoming_webhook_channel_id: Mapped[str | None] = mapped_column(String(200))
    incoming_webhook_configuration_url: Mapped[str | None] = mapped_column(String(200))
    is_enterprise_install: Mapped[bool]
    token_type: Mapped[str | None] = mapped_column(String(32))
    installed_at: Mapped[datetime] = mapped_column(DateTime)


class SlackOauthStateRow(Base):
    """A way to the installation page that is still open, as `SQLAlchemyOAuthStateStore` keeps it."""

    __tablename__ = "slack_oauth_states"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(200))
    expire_at: Mapped[datetime] = mapped_column(DateTime)


class SlackPlaceRow(Base):
    """In which workspace a person or channel was seen first; with which bot they are reached."""

    __tablename__ = "slack_places"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    team_id: Mapped[str] = mapped_column(String(32), default="")
    enterprise_id: Mapped[str] = mapped_column(String(32), default="")


class UnderwayRow(Base):
    """A question that was taken on and whose answer does not stand in Slack yet; see `tickets.underway`."""

    __tablename__ = "answers_underway"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    user_id: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    thread_ts: Mapped[str] = mapped_column(String(32))
    message_ts: Mapped[str] = mapped_column(String(32))
    team_id: Mapped[str] = mapped_column(String(64), default="")
    enterprise_id: Mapped[str] = mapped_column(String(64), default="")
    # Masked, as in the ledger.
    question: Mapped[str] = mapped_column(Text)
    in_thread: Mapped[bool]
    # For whom it is to be answered, when that was chosen; else empty.
    asker: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    # Who is working on it, and until when that is to be believed.
    owner: Mapped[str] = mapped_column(String(64))
    held_until: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    # The message that it is written into, once there is one.
    stream_ts: Mapped[str] = mapped_column(String(32), default="")
    answer_id: Mapped[int | None]
    # Text and blocks of the whole answer, from when they are known until they stand in Slack.
    shown: Mapped[dict[str, Any]]


class KeptAnswerRow(Base):
    """An answer that only its asker has read so far; see `tickets.kept_desk`."""

    __tablename__ = "answers_kept"

    answer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kept_at: Mapped[datetime] = mapped_column(index=True)
    shown: Mapped[dict[str, Any]]


class PictureRow(Base):
    """Which file of Slack's shows a picture, so that it is not uploaded again."""

    __tablename__ = "pictures_uploaded"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
