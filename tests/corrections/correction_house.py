"""A library and a desk on one database, and a clock: what corrections are made over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from bot.keeping.corrections import Corrections
from knowledge.clauses import ClauseDraft, ManualDraft
from knowledge.embedding import Embedder
from knowledge.library import Library
from knowledge.lineage import Lineage
from knowledge.manuals import Edition, EditionState, Manual, Publication
from knowledge.migrations import upgrade as upgrade_manuals
from knowledge.vectors import Vectors
from tickets.desk import Desk
from tickets.migrations import upgrade as upgrade_desk
from tickets.people import People
from tickets.records import AnswerRecord, Origin
from tickets.store import READING, open_engine

DAYS = 30
Rules = dict[str, str]
"""Label → text of a manual's clauses."""


class House:
    """Manuals, desk and a clock; `corrections` may be thrown away and opened again, as a bot is."""

    def __init__(self, home: Path, vectors: Vectors, embedder: Embedder) -> None:
        engine = open_engine(f"sqlite:///{home / 'kefu.db'}")
        upgrade_manuals(engine)
        upgrade_desk(engine)
        reader = engine.execution_options(**{READING: True})
        self.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
        self.library = Library(engine, lambda _: vectors, lambda: embedder, home, self._clock, reader)
        self.lineage = Lineage(reader)
        self.desk = Desk(engine, People(), self._clock)
        self.reopen()

    def _clock(self) -> datetime:
        return self.now

    def reopen(self) -> None:
        """Start the bot again: nothing is left but the database."""
        self.corrections = Corrections(
            self.lineage, self.desk.corrections, self._clock, DAYS, self.library.replacements
        )

    def stage(self, title: str, rules: Rules, heading: str = "一、总则") -> int:
        """Stage a manual; the id of its edition."""
        clauses = tuple(ClauseDraft(label, (heading,), text, text) for label, text in rules.items())
        (change,) = self.library.stage([ManualDraft(title, "云杉", clauses, f"{title}.md")], "U_ADMIN")
        return change.edition_id

    def publish(self, *edition_ids: int) -> int:
        """Make editions live; the generation."""
        self.now += timedelta(minutes=1)
        return self.library.publish(edition_ids, "U_ADMIN")

    def move(self, manual_id: int, edition_id: int | None, kind: str) -> int:
        """Roll back, withdraw or expire: the pointer and the publication, as the library writes them."""
        self.now += timedelta(minutes=1)
        with Session(self.library._engine) as session, session.begin():
            manual = session.get_one(Manual, manual_id)
            before, manual.live_edition_id = manual.live_edition_id, edition_id
            if before is not None:
                session.get_one(Edition, before).state = EditionState.RETIRED
            if edition_id is not None:
                session.get_one(Edition, edition_id).state = EditionState.LIVE
            made = Publication(at=self.now, by="U_ADMIN", kind=kind, moves=[[manual_id, before, edition_id]])
            session.add(made)
            session.flush()
            return made.id

    def ids(self, edition_id: int) -> dict[str, int]:
        """Label → clause of an edition."""
        return {clause.label: clause.id for clause in self.library.edition_clauses(edition_id)}

    def answer(self, *clauses: int, asker: str = "U_AGENT", generation: int | None = None) -> int:
        """Record an answer that cites clauses; given from what is live now unless said otherwise."""
        self.now += timedelta(minutes=1)
        generation = self.library.generation() if generation is None else generation
        record = AnswerRecord(
            "问题", "answered", clauses, origin=Origin("C", "1.1", "1.2"), generation=generation
        )
        return self.desk.record_answer(asker, record)

    def text(self, clause_id: int | None) -> str | None:
        """The wording of a clause; None for None."""
        return None if clause_id is None else self.library.clauses([clause_id])[0].text

    def heard(self, answer_id: int) -> list[str | None]:
        """What the asker of an answer last heard of each of its citations."""
        cited = self.desk.corrections.cited_since(datetime(2020, 1, 1, tzinfo=UTC))
        answers = self.desk.corrections.answers_citing(cited, datetime(2020, 1, 1, tzinfo=UTC))
        (answer,) = [one for one in answers if one.answer_id == answer_id]
        return [self.text(clause.heard) for clause in answer.clauses]
