"""Where installations are kept: slack_sdk's SQLAlchemy stores on our database, with tokens sealed.

What our subclass adds to slack_sdk 3.47: an organisation-wide installation is kept without a workspace, because one
that is saved with the workspace that it was begun in is never found again (python-slack-sdk#1639), and a workspace of
an organisation falls back to the organisation's installation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Engine, Text, select
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.startup import StartupError
from tickets.store import READING

STATE_SECONDS = 600
"""How long somebody may take between the install page and Slack's answer."""
_SECRET = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")


class Sealed(TypeDecorator[str]):
    """A text that the database keeps encrypted and signed."""

    impl = Text
    cache_ok = True

    def __init__(self, fernet: MultiFernet) -> None:
        super().__init__()
        self.fernet = fernet

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Seal."""
        return None if value is None else self.fernet.encrypt(value.encode("utf-8")).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Open; a text that was sealed with a key that is gone is no token any more."""
        if value is None:
            return None
        try:
            return self.fernet.decrypt(value.encode("ascii")).decode("utf-8")
        except InvalidToken:
            return None


def sealing(keys: Sequence[str]) -> MultiFernet:
    """What seals with the first key and opens with any. Raises StartupError when there is none."""
    if not keys:
        raise StartupError(
            "KEFU_CONTACT_KEY is not set: the tokens of the workspaces are kept sealed (`kefu privacy key` makes a key)."
        )
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise StartupError(
            "KEFU_CONTACT_KEY is not a key: it has 44 characters (`kefu privacy key` makes one)."
        ) from error


class Installations(SQLAlchemyInstallationStore):
    """The installations of one app. The tables come from our migrations. Safe between threads and processes."""

    def __init__(self, client_id: str, engine: Engine, fernet: MultiFernet) -> None:
        super().__init__(client_id, engine)
        self._reader = engine.execution_options(**{READING: True})
        for table in (self.bots, self.installations):
            for name in _SECRET:
                if name in table.c:
                    table.c[name].type = Sealed(fernet)

    def save(self, installation: Installation) -> None:
        """Keep an installation; of a whole organisation without the workspace where it was begun."""
        if installation.is_enterprise_install:
            installation.team_id = installation.team_name = None
        super().save(installation)

    def save_bot(self, bot: Bot) -> None:
        """Keep a bot with its tokens; likewise."""
        if bot.is_enterprise_install:
            bot.team_id = bot.team_name = None
        super().save_bot(bot)

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace: its own, else its organisation's."""
        found = super().find_bot(
            enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
        )
        if found is None and enterprise_id and team_id and not is_enterprise_install:
            found = super().find_bot(enterprise_id=enterprise_id, team_id=None, is_enterprise_install=True)
        return found if found is not None and found.bot_token else None

    def every_bot(self) -> list[Bot]:
        """The newest bot of each workspace and organisation that can be used."""
        table = self.bots
        query = (
            table.select()
            .where(table.c.client_id == self.client_id)
            .order_by(table.c.installed_at, table.c.id)
        )
        newest: dict[tuple[Any, Any], Bot] = {}
        with self._reader.connect() as connection:
            for row in connection.execute(query).mappings():
                newest[row["enterprise_id"], row["team_id"]] = self.build_bot_entity(row)
        return [bot for bot in newest.values() if bot.bot_token]

    def remove(self, enterprise_id: str | None, team_id: str | None) -> None:
        """Forget a workspace: its tokens hold no more."""
        self.delete_bot(enterprise_id=enterprise_id, team_id=team_id)
        self.delete_installation(enterprise_id=enterprise_id, team_id=team_id)

    def reseal(self) -> int:
        """Seal every token again with the current key; how many rows."""
        count = 0
        with self.engine.begin() as connection:
            for table in (self.bots, self.installations):
                names = [name for name in _SECRET if name in table.c]
                rows = connection.execute(select(table.c.id, *(table.c[name] for name in names))).mappings()
                for row in rows.all():
                    kept = {name: row[name] for name in names if row[name] is not None}
                    if kept:
                        connection.execute(table.update().where(table.c.id == row["id"]).values(**kept))
                        count += 1
        return count


def states(engine: Engine) -> SQLAlchemyOAuthStateStore:
    """The ways to the installation page that are still open."""
    return SQLAlchemyOAuthStateStore(STATE_SECONDS, engine)
