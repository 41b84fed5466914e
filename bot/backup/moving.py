"""Moving a house from its folder (SQLite, embedded Chroma) to servers (PostgreSQL, a Chroma server) while the bot answers.

The rows are copied as a backup is made and restored, the vectors are made on the Chroma server; then what was written
meanwhile is taken over again and again until nothing is. The bot goes on all the time on what it has; it is told to
stop once everything is there, the last rows are taken over in seconds, and it starts anew with the new settings.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from filelock import FileLock, Timeout
from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict
from sqlalchemy import Connection, Table, inspect, select, text

from bot.backup import tables
from bot.backup.archive import Row
from bot.backup.errors import BackupError
from bot.backup.restoring import restore
from bot.backup.saving import one_moment, save
from bot.secrets_file import SecretSettings
from bot.startup import BOT_LOCK, MARKER
from knowledge.chroma_server import ChromaServer
from tickets.store import open_engine

if TYPE_CHECKING:
    from bot.settings import Settings

_log = structlog.get_logger(__name__)


class MoveSettings(SecretSettings):
    """Where a house is moved to (`KEFU_MOVE_…`), for those who give passwords by the environment or the secrets file."""

    model_config = SettingsConfigDict(env_prefix="KEFU_MOVE_", extra="ignore")

    database_url: SecretStr | None = None
    """The empty PostgreSQL database."""
    chroma_url: str = ""
    """The Chroma server."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one look took over."""

    written: int = 0
    removed: int = 0

    @property
    def nothing(self) -> bool:
        """Whether both sides were the same."""
        return not self.written and not self.removed


@dataclass(frozen=True, slots=True)
class Moved:
    """What is there now."""

    rows: Mapping[str, int]
    """Per table, the same on both sides."""
    clauses: int
    """That can be searched on the new side."""


class Move:
    """One move. Raises BackupError for what cannot be moved so, and what the stores raise."""

    def __init__(self, settings: Settings, database_url: str, chroma_url: str) -> None:
        if settings.database_url is not None or settings.chroma_url is not None:
            raise BackupError(
                "This house is on servers already; unset KEFU_DATABASE_URL and KEFU_CHROMA_URL to move another."
            )
        if not database_url.startswith("postgresql"):
            raise BackupError(
                "A house is moved to PostgreSQL: give --database postgresql://user:password@host/database."
            )
        if (settings.home / MARKER).exists():
            raise BackupError(
                f"This house was moved already: {(settings.home / MARKER).read_text('utf-8').strip()}"
            )
        self._settings = settings
        self._chroma_url = chroma_url
        self._source = open_engine(settings.database)
        self._target = open_engine(database_url)

    def copy(self, told: Callable[[str, int], None] | None = None) -> None:
        """Everything as it is now, into the empty database; one that an earlier, broken-off move filled is gone on with."""
        tables.migrate(self._source)
        if set(inspect(self._target).get_table_names()) & set(tables.VERSIONS):
            self._same_house()
            tables.migrate(self._target)
            return
        with tempfile.TemporaryDirectory(dir=self._settings.home) as folder:
            file = Path(folder) / "moving.zip"
            save(self._settings, self._source, file, told)
            restore(self._settings, self._target, file)

    def catch_up(self) -> Difference:
        """Take over what was written since, in one transaction that sees one moment."""
        with one_moment(self._source) as here, self._target.begin() as there:
            differing = [(copy, _compare(here, mine, there, copy)) for mine, copy in self._tables(here)]
            for copy, found in reversed(differing):
                tables.remove_rows(there, copy, found.gone)
            for copy, found in differing:
                columns = tuple(copy.columns.keys())
                tables.write_rows(there, copy, columns, found.new)
                tables.rewrite_rows(there, copy, columns, found.changed)
                tables.count_on(there, copy)
        done = Difference(
            sum(len(one.new) + len(one.changed) for _, one in differing),
            sum(len(one.gone) for _, one in differing),
        )
        if not done.nothing:
            _log.info("move.caught_up", written=done.written, removed=done.removed)
        return done

    def _tables(self, here: Connection) -> list[tuple[Table, Table]]:
        """Each table on both sides, those that others refer to first."""
        at = tables.revisions(here)
        mine = {one.name: one for one in tables.reflect(self._source, at)}
        return [(mine[copy.name], copy) for copy in tables.reflect(self._target, at)]

    def make_vectors(self) -> int:
        """Make what the Chroma server lacks; how many clauses can be searched there."""
        from bot.wiring import open_library

        with tempfile.TemporaryDirectory() as folder:  # the index of the folder belongs to the bot that runs
            moved = self._settings.model_copy(update={"home": Path(folder), "chroma_url": self._chroma_url})
            library = open_library(moved, self._target)
            try:
                library.open_store()
                return len(library.index().clause_ids)
            finally:
                library.close()

    def bot_stops(self, seconds: float) -> FileLock | None:
        """Wait so long for the folder to be free (-1: for ever); the lock, which keeps anybody from starting there.
        None: a bot still runs."""
        lock = FileLock(self._settings.home / BOT_LOCK)
        try:
            lock.acquire(timeout=seconds, poll_interval=0.2)
        except Timeout:
            return None
        return lock

    def finish(self) -> Moved:
        """With the folder free: take over the last rows, check everything, and say in the folder where it is now.

        Raises BackupError when the two sides are not the same, or the audit trail does not verify.
        """
        self.catch_up()
        counts = self._verified()
        clauses = self.make_vectors()
        where = self._target.url.render_as_string(hide_password=True)
        chroma = ChromaServer(self._chroma_url).shown
        sentence = f"set KEFU_DATABASE_URL ({where}) and KEFU_CHROMA_URL ({chroma}), and start the bot.\n"
        (self._settings.home / MARKER).write_text(sentence, "utf-8")
        return Moved(counts, clauses)

    def close(self) -> None:
        """Let go of both databases."""
        self._source.dispose()
        self._target.dispose()

    def _verified(self) -> dict[str, int]:
        from bot.wiring import open_desk, open_people

        with one_moment(self._source) as here, one_moment(self._target) as there:
            counts = {}
            for mine, copy in self._tables(here):
                found = _compare(here, mine, there, copy)
                if found.new or found.changed or found.gone:
                    raise BackupError(f"The table {mine.name} is not the same on both sides; run it again.")
                counts[mine.name] = found.same
        broken = open_desk(self._settings, self._target, open_people(self._settings)).verify_audit()
        if broken is not None:
            raise BackupError(f"The audit trail does not verify on the new side: {broken.reason}")
        return counts

    def _same_house(self) -> None:
        first = select(text("hash")).select_from(text("audit_entries")).order_by(text("id")).limit(1)
        with self._source.connect() as here, self._target.connect() as there:
            mine, theirs = here.execute(first).scalar(), there.execute(first).scalar()
        if theirs is not None and mine != theirs:
            raise BackupError("The database of --database holds another house; give an empty one.")


@dataclass(frozen=True, slots=True)
class _Found:
    new: list[Row]
    changed: list[Row]
    gone: list[Row]
    same: int


def _compare(here: Connection, mine: Table, there: Connection, copy: Table) -> _Found:
    """What the copy lacks, has otherwise, and has too many."""
    now, then = _rows(here, mine), _rows(there, copy)
    return _Found(
        [row for key, row in now.items() if key not in then],
        [row for key, row in now.items() if key in then and then[key] != row],
        [row for key, row in then.items() if key not in now],
        sum(then.get(key) == row for key, row in now.items()),
    )


def _rows(connection: Connection, table: Table) -> dict[str, Row]:
    """Every row by its key."""
    names = list(table.columns.keys())
    keys = [names.index(column.name) for column in table.primary_key.columns] or list(range(len(names)))
    return {repr([row[at] for at in keys]): row for row in tables.read_rows(connection, table)}
