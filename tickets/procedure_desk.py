"""Filled-in procedures, reached as `desk.procedures`. Every method is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine

from tickets import (
    procedure_acting,
    procedure_due,
    procedure_files,
    procedure_filing,
    procedure_finding,
    procedure_limits,
    procedure_rows,
    procedure_watching,
)
from tickets.contacts import Contact
from tickets.errors import InvalidInput, NotAllowed, Refusal
from tickets.people import People, Person
from tickets.procedure_files import Catalogue
from tickets.procedure_filing import Form, KeepContact, Room
from tickets.procedure_finding import Search
from tickets.procedure_records import Act, Owed, ReadBy, Record, Used
from tickets.procedure_rows import Versions
from tickets.procedure_spec import Procedure
from tickets.records import Origin
from tickets.rules import Action
from tickets.transaction import reading, writing

log = structlog.get_logger(__name__)

MOST_KEY = 255
_Records = list[Record]  # `list` is a method below
_Procedures = list[Procedure]
_Owed = list[Owed]
_Used = list[Used]
_ReadBy = list[ReadBy]
_Ids = list[str]


class ProcedureDesk:
    """Filling in procedures and taking their steps. Safe between threads and processes.

    Texts are masked before they come here; contacts are handed over apart and never stored in a record.
    """

    def __init__(
        self,
        engine: Engine,
        people: People,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        folder: Path | None = None,
    ) -> None:
        """`folder` holds the organisation's own procedure files."""
        self._engine = engine
        self._people = people
        self._clock = clock
        self._zone = zone
        self._folder = folder
        self._versions = Versions()
        self._seen: procedure_files.Stamps = {}
        self.copies: Path | None = None
        """Where each file is kept as it was when it was read well; whoever opens the desk for long sets it."""
        self.keep_contact: KeepContact | None = None
        """Set by whoever sets up the vault; without one, contacts are refused."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The procedures as the files say; read when first needed, and anew by `refresh`."""
        self._seen = procedure_files.stamps(self._folder)
        return procedure_files.load(self._folder, self.copies)

    def refresh(self) -> bool:
        """Look whether the files were changed, and let everybody see it; True when so. Cheap when nothing was.

        Of a file that became wrong stays what it said last (see `copies`); `catalogue.problems` says what is wrong.
        """
        stamps = procedure_files.stamps(self._folder)
        if "catalogue" in self.__dict__ and stamps == self._seen:
            return False
        self._seen = stamps
        self.catalogue = procedure_files.load(self._folder, self.copies)
        log.info("procedures.read", procedures=len(self.catalogue.procedures))
        return True

    @property
    def _room(self) -> Room:
        return Room(self._people, self._versions, self.keep_contact)

    # -- what there is to file ---------------------------------------------------------------------

    def for_person(self, person: Person) -> _Procedures:
        """The procedures that this person may file, by key."""
        return [one for one in self.catalogue.procedures.values() if procedure_filing.may_file(person, one)]

    def spec_of(self, record: Record) -> Procedure:
        """The procedure as it read when the record was filed: by that it goes on, whatever the file says now."""
        with reading(self._engine) as session:
            return self._versions.of(session, procedure_rows.find(session, record.id))

    def ticket_ids_about_people(self) -> frozenset[int]:
        """Ids of the tickets that records have in which somebody is complained about: their titles are for few."""
        with reading(self._engine) as session:
            return procedure_finding.ticket_ids_about_people(session, self._versions)

    def may_see(self, person: Person, record: Record) -> bool:
        """Whether somebody may read a record at all: not who is complained about in it, unless they filed it."""
        named = (one.key for one in self.spec_of(record).every_field() if one.never_acts)
        return person.id == record.filer_id or person.id not in {record.facts.get(key) for key in named}

    def view(self, reader: Person, record_id: int) -> Record:
        """One record as somebody may read it at all. NotAllowed for whoever is complained about in it; NotFound."""
        record = self.get(record_id)
        if not self.may_see(reader, record):
            raise NotAllowed(Action.ACT_ON_PROCEDURE, reader.role, Refusal.NOT_YOURS)
        return record

    def view_own(self, reader: Person, record_id: int) -> Record:
        """One record, for who filed it or may act on it now. NotAllowed, NotFound."""
        record = self.get(record_id)
        if reader.id not in (record.filer_id, *record.waiting_for):
            raise NotAllowed(Action.ACT_ON_PROCEDURE, reader.role, Refusal.NOT_YOURS)
        return record

    # -- writing -----------------------------------------------------------------------------------

    def file(
        self,
        actor: Person,
        procedure: str,
        values: Mapping[str, str],
        origin: Origin,
        key: str,
        contact: Contact | None = None,
    ) -> Record:
        """File a record; it goes to its first step. The same key again gives back the first one, unchanged.

        Values by field key as text: numbers in digits, ISO dates and times, `yes`/`no`, options by value or label,
        Slack ids; `<key>.read_back` = `yes` when a field was read back to the caller. Raises NotFound (no such
        procedure), NotAllowed, InvalidForm (also when a limit is reached).
        """
        if not key or len(key) > MOST_KEY:
            raise InvalidInput("key", f"A key has 1 to {MOST_KEY} characters.")
        spec = self.catalogue.get(procedure)
        with writing(self._engine, self._clock(), self._zone) as tx:
            record = procedure_filing.file(tx, self._room, actor, spec, Form(values, contact), origin, key)
        log.info("procedure.filed", record=record.id, procedure=record.procedure, state=record.state.value)
        return record

    def edit(
        self,
        actor: Person,
        record_id: int,
        revision: int,
        values: Mapping[str, str],
        note: str = "",
        contact: Contact | None = None,
    ) -> Record:
        """Change what was filed, or file it again after it was sent back (`note` answers the question).

        The filer only, while it waits or was returned. With the same values it goes on where it was; with others,
        approvals and signatures are asked for again. Raises NotAllowed, StaleRevision, InvalidForm, NotFound.
        """
        note = procedure_filing.checked_note(note, required=False)
        with writing(self._engine, self._clock(), self._zone) as tx:
            form = Form(values, contact)
            record = procedure_filing.edit(tx, self._room, actor, record_id, revision, form, note)
        log.info("procedure.edited", record=record.id, revision=record.revision)
        return record

    def act(
        self,
        actor: Person,
        record_id: int,
        revision: int,
        act: Act,
        note: str = "",
        fields: Mapping[str, str] | None = None,
    ) -> Record:
        """Take the step that a record waits at (`acts_at` says what is possible), with the step's fields; or send it
        back or reject it with a reason in `note`.

        Raises NotAllowed (also one's own), StaleRevision (says who was faster), InvalidForm, InvalidInput, NotFound.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            record = procedure_acting.act(tx, self._room, actor, record_id, revision, act, note, fields or {})
        log.info("procedure.acted", record=record.id, act=act.value, state=record.state.value)
        return record

    def withdraw(self, actor: Person, record_id: int, revision: int, note: str = "") -> Record:
        """Take a record back while it waits or was returned; its filer only. Its ticket is closed.

        Raises NotAllowed, StaleRevision, NotFound.
        """
        note = procedure_filing.checked_note(note, required=False)
        with writing(self._engine, self._clock(), self._zone) as tx:
            record = procedure_filing.withdraw(tx, self._room, actor, record_id, revision, note)
        log.info("procedure.withdrawn", record=record.id)
        return record

    def revoke(self, actor: Person, record_id: int, revision: int, note: str) -> Record:
        """Take an approved swap of shifts back, with a reason: from the next day on everybody has their own shifts
        again, and the month's swaps are counted without it. The rung that approves it, or one above; neither of the two.

        Raises NotAllowed, StaleRevision, InvalidForm (no reason), InvalidInput (no swap, or over), NotFound.
        """
        note = procedure_filing.checked_note(note, required=True)
        with writing(self._engine, self._clock(), self._zone) as tx:
            record = procedure_filing.revoke(tx, self._room, actor, record_id, revision, note)
        log.info("procedure.revoked", record=record.id)
        return record

    def acknowledge(self, actor: Person, record_id: int) -> bool:
        """Somebody has read the broadcast of a record; False when they had said so before. NotFound, InvalidInput."""
        with writing(self._engine, self._clock(), self._zone) as tx:
            return procedure_finding.acknowledge(tx, self._versions, actor, record_id)

    def watch(self) -> int:
        """Send the reminders that are due now, exactly once however many processes do this; how many records."""
        with reading(self._engine) as session:
            due = procedure_watching.due(session, self._clock())
        done = 0
        for record_id in due:
            with writing(self._engine, self._clock(), self._zone) as tx:
                done += procedure_watching.look(tx, self._people, self._versions, record_id)
        return done

    # -- reading -----------------------------------------------------------------------------------

    def get(self, number_or_id: int | str) -> Record:
        """One record by its id (int) or its number (str); NotFound."""
        with reading(self._engine) as session:
            row = procedure_rows.find(session, number_or_id)
            return procedure_rows.value(session, self._people, self._versions.of(session, row), row)

    def list(self, search: Search | None = None, limit: int = 50) -> _Records:
        """The newest records that a search finds."""
        with reading(self._engine) as session:
            return procedure_finding.found(session, self._people, self._versions, search or Search(), limit)

    def waiting_for(self, person: Person) -> _Records:
        """The records that this person may act on now, and those sent back to them; oldest first."""
        with reading(self._engine) as session:
            return procedure_finding.waiting_for(session, self._people, self._versions, person.id)

    def owed(self, person: Person, shift_end: datetime | None = None) -> _Owed:
        """What this person still has to file for duties that come round, the earliest first. `shift_end`: the end of
        their shift today, for what is due then."""
        now = self._clock()
        with reading(self._engine) as session:
            owed = [
                one
                for spec in self.for_person(person)
                for one in procedure_due.owed(session, now, self._zone, spec, person, shift_end)
            ]
        return sorted(owed, key=lambda one: (one.due_at, one.procedure))

    def missing(self, procedure: str, day: date, expected: Collection[str] | None = None) -> _Ids:
        """Who did not file the record of a day (ids); of `expected`, or of everybody listed who owes it. NotFound."""
        spec = self.catalogue.get(procedure)
        roles = spec.recurrence.roles if spec.recurrence is not None else ()
        everybody = [one.id for one in self._people.everybody() if one.role in roles]
        with reading(self._engine) as session:
            return procedure_due.missing(session, spec, day, everybody if expected is None else expected)

    def used(self, person: Person, procedure: str, values: Mapping[str, str] | None = None) -> _Used:
        """How much of each limit a person has used up, in the period and for the item that `values` name. NotFound."""
        spec = self.catalogue.get(procedure)
        with reading(self._engine) as session:
            return procedure_limits.all_used(
                session, self._zone, spec, person.id, values or {}, self._clock()
            )

    def count(self, search: Search | None = None) -> int:
        """How many records a search finds."""
        with reading(self._engine) as session:
            return procedure_finding.count(session, search or Search())

    def tally(self, procedure: str, field: str, search: Search | None = None) -> dict[str, int]:
        """How often each value of a field was given in the records that a search finds (causes of complaints,
        scores of call-backs)."""
        with reading(self._engine) as session:
            return procedure_finding.tally(session, self._versions, procedure, field, search or Search())

    def read_by(self, record_id: int) -> _ReadBy:
        """Who confirmed having read the broadcast of a record, in that order."""
        with reading(self._engine) as session:
            return procedure_finding.read_by(session, record_id)

    def broadcast(self, record: Record) -> tuple[str, str]:
        """Channel and text of a record's broadcast; empty strings when it has none."""
        spec = self.spec_of(record)
        if not spec.effect.broadcast:
            return "", ""
        text = procedure_rows.fill(spec.effect.broadcast, record.facts, spec, self._people)
        return record.facts.get("channel", ""), text
