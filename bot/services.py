"""What the doors work with: every part of the product, built once by `bot.wiring`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.assistant.answering import Assistant
    from bot.assistant.drafting import Drafter
    from bot.keeping.corrections import Corrections
    from bot.keeping.gaps import Gaps
    from bot.keeping.keeper import Keeper
    from bot.keeping.manual_work import ManualWork
    from bot.keeping.publishing import Publisher
    from bot.settings import Settings
    from ingest.jobs import Jobs
    from knowledge.library import Library
    from knowledge.lineage import Lineage
    from tickets.desk import Desk
    from tickets.people import People


@dataclass(frozen=True, slots=True)
class Services:
    """The parts, by what they do."""

    settings: Settings
    library: Library
    assistant: Assistant
    drafter: Drafter
    desk: Desk
    people: People
    work: ManualWork
    publisher: Publisher
    """For the machinery; whatever a person asks for goes through `keeper`."""
    keeper: Keeper
    corrections: Corrections
    gaps: Gaps
    lineage: Lineage
    jobs: Jobs
    engine: Engine
    week_words: Callable[[Sequence[str], str], str] | None = None
    """What writes about a week's figures; None without a language model."""

    @property
    def alone(self) -> bool:
        """Whether no other process can be at work on the same record: it lies in the data folder, which is locked."""
        return self.settings.embedded

    def close(self) -> None:
        """Let go of the data folder and of every connection to the database."""
        self.library.close()
        self.engine.dispose()
