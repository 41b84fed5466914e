"""Work on the manuals from the command line, with its progress: done here, or by the bot that holds the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from bot.keeping.handover import Show

BY = "command line"
"""Who did it, in the records."""
_DOING = {
    "handed_over": "handed to the running bot",
    "reading": "reading files",
    "embedding": "embedding new clauses",
    "comparing": "comparing with what is live",
}


def run(kind: str, request: BaseModel, *, quiet: bool = False) -> Mapping[str, Any]:
    """The result of a request of `bot.keeping.manual_work`. Raises KnowledgeError, IngestError, DeskError."""
    from bot import logs
    from bot.keeping.handover import here_or_there
    from bot.settings import Settings
    from bot.wiring import open_engine, open_library, open_manual_work
    from ingest.jobs import Jobs

    logs.warnings_only()
    settings = Settings()
    engine = open_engine(settings)
    asked = request.model_dump(mode="json")

    def do(show: Show) -> Mapping[str, Any]:
        library = open_library(settings, engine)
        try:
            library.open_store()
            return open_manual_work(settings, engine, library).do(kind, asked, BY, show)
        finally:
            library.close()

    with _shown(quiet=quiet) as show:
        return here_or_there(do, Jobs(engine), kind, asked, BY, show, settings.handover_seconds)


@contextmanager
def _shown(*, quiet: bool) -> Iterator[Show]:
    """A line on stderr that says what is being done and how far it is; gone at the end."""
    from rich.console import Console

    from bot.progress import progress_bar

    console = Console(stderr=True)
    silent = quiet or not console.is_terminal  # in a file it would be an empty line
    with progress_bar(console, silent=silent) as bar:
        tasks: dict[str, Any] = {}

        def show(progress: Mapping[str, Any]) -> None:
            doing = str(progress.get("doing") or "")
            if doing not in tasks:
                tasks[doing] = bar.add_task(_DOING.get(doing, doing), total=None)
            total = int(progress.get("total") or 0)
            bar.update(tasks[doing], completed=int(progress.get("done") or 0), total=total or None)

        yield show
