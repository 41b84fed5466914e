"""The desk: the only writer of escalations, tickets, the ledger of answers, the outbox and the audit trail.

Every public method is one transaction. Those that change a record write its audit entry and the notices
that announce it in the same transaction, so that neither can exist without the other.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import Engine, delete, or_, select

from tickets import (
    audit,
    contact_keeping,
    escalations,
    figures,
    ledger,
    outbox,
    rules,
    rungs,
    ticketing,
)
from tickets.answer_desk import AnswerDesk
from tickets.audit import AuditBreak
from tickets.confirmed_desk import ConfirmedDesk
from tickets.contact_desk import ContactDesk
from tickets.contacts import Contact
from tickets.correction_desk import CorrectionDesk
from tickets.errors import InvalidInput
from tickets.figures import Figures, Stretch
from tickets.gap_desk import GapDesk
from tickets.kept_desk import KeptDesk
from tickets.models import ClaimRow, EscalationRow
from tickets.people import People, Person, Role
from tickets.people_desk import PeopleDesk
from tickets.preference_desk import PreferenceDesk
from tickets.presence import Presence
from tickets.procedure_desk import ProcedureDesk
from tickets.records import (
    AnswerRecord,
    Audience,
    AuditEntry,
    Card,
    Escalation,
    EscalationContent,
    EscalationState,
    Notice,
    NoticeKind,
    Origin,
    Ticket,
    TicketContent,
    TicketState,
    Verdict,
)
from tickets.reminder_desk import ReminderDesk
from tickets.rows import escalation_subject, ticket_subject
from tickets.rung_desk import RungDesk
from tickets.store import insert_once
from tickets.ticket_desk import TicketDesk
from tickets.trail_desk import TrailDesk
from tickets.transaction import posting, reading, writing
from tickets.underway import UnderwayDesk, entered
from tickets.usage_desk import UsageDesk
from tickets.vault import Vault

log = structlog.get_logger(__name__)

MAX_KEY = 255


_STOP = "stop:"
_SENT_AGAIN = ("event:", "message:", "late:", "told:", "stream:", "rotate:", "budget-spent:", _STOP)
"""Claims that only matter while Slack may send the same again, or until the day is over."""


class Desk:
    """The record of the helpdesk. Safe to share between threads, and between processes on one database.

    Errors are those of `tickets.errors`; when one is raised, nothing was changed.
    """

    def __init__(
        self,
        engine: Engine,
        people: People,
        clock: Callable[[], datetime],
        *,
        zone: str = "Asia/Shanghai",
        vault: Vault | None = None,
        procedures: Path | None = None,
    ) -> None:
        """`clock` gives aware times; `zone` is the site's time zone, which dates the ticket numbers; `vault` seals
        customers' contacts, which are not kept without one; `procedures` is the folder of the organisation's own
        procedure files.
        """
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise InvalidInput("zone", f"There is no time zone {zone}.") from error
        self._engine = engine
        self._clock = clock
        self.people = people
        self.corrections = CorrectionDesk(engine, clock, self._zone)
        """Who must hear that a clause changed, and what they heard."""
        self.gaps = GapDesk(engine, clock, self._zone)
        """What the manuals do not answer."""
        self.confirmed = ConfirmedDesk(engine, clock, self._zone)
        """Answers that a supervisor stands by, and who has read them."""
        self.preferences = PreferenceDesk(engine, clock, self._zone)
        """What people and channels have told about themselves."""
        self.answers = AnswerDesk(engine)
        """What was answered to whom, and what was no help."""
        self.usage = UsageDesk(engine, clock, self._zone)
        """What language models took, and the budgets."""
        parts = (engine, people, clock, self._zone)
        self.directory = PeopleDesk(*parts)
        """Who is who and who is on shift, as far as it can be changed while running."""
        self.rungs = RungDesk(*parts)
        """What happens to an escalation between filing and its end."""
        self.board = TicketDesk(*parts)
        """Working on tickets."""
        self.contacts = ContactDesk(*parts, vault)
        """How to reach customers."""
        self.procedures = ProcedureDesk(*parts, procedures)
        self.procedures.keep_contact = None if vault is None else contact_keeping.keeper(vault)
        """Filled-in procedures."""
        self.reminders = ReminderDesk(*parts)
        """What people are reminded of."""
        self.trails = TrailDesk(engine, people)
        """The audit trail as a person reads it."""
        self.underway = UnderwayDesk(engine, clock, secrets.token_hex(8))
        """Answers that do not stand in Slack yet."""
        self.presence = Presence(engine, clock)
        """When the bot was there to hear."""
        self.kept = KeptDesk(engine, clock)
        """Answers that only their asker has read."""

    # -- taking events on, once ------------------------------------------------------------------

    def claim(self, key: str) -> bool:
        """Take an event or click on: True the first time a key is claimed, False ever after."""
        with posting(self._engine) as session:
            return insert_once(session, ClaimRow, {"key": _checked_key(key), "at": self._clock()})

    def disclaim(self, key: str) -> None:
        """Give back what was claimed and came to nothing, so that it can be tried again."""
        with posting(self._engine) as session:
            session.connection().execute(delete(ClaimRow).where(ClaimRow.key == _checked_key(key)))

    def pass_stop_on(self, channel: str, thread_ts: str, pressed_ts: str) -> None:
        """Somebody pressed Stop in a thread whose answer another process writes."""
        self.claim(f"{_STOP}{channel}:{thread_ts}:{pressed_ts}")

    def stops(self, since: datetime) -> list[tuple[str, str, str]]:
        """Channel, thread and moment of each Stop that was passed on since then."""
        passed_on = ClaimRow.key >= _STOP, ClaimRow.key < f"{_STOP[:-1]};", ClaimRow.at >= since
        with reading(self._engine) as session:
            keys = session.scalars(select(ClaimRow.key).where(*passed_on)).all()
        return [(channel, thread, ts) for _, channel, thread, ts in (key.split(":", 3) for key in keys)]

    def forget_claims(self, before: datetime) -> int:
        """Drop claims older than any redelivery could be; how many. What a button did once is remembered."""
        passing = or_(*(ClaimRow.key.startswith(prefix) for prefix in _SENT_AGAIN))
        with posting(self._engine) as session:
            result = session.connection().execute(delete(ClaimRow).where(ClaimRow.at < before, passing))
            return int(result.rowcount)

    # -- escalations -----------------------------------------------------------------------------

    def file_escalation(
        self,
        actor: Person,
        content: EscalationContent,
        origin: Origin,
        key: str,
        contact: Contact | None = None,
        *,
        tell_filer: bool = False,
    ) -> Escalation:
        """Submit an escalation to the next rung. The same key again gives back the first one, unchanged.

        `contact`: how to reach the customer, for the vault. `tell_filer`: the outbox says where it was filed that it
        is on its way. Raises NotAllowed, ContactsLocked, InvalidInput (`field`
        says which part).
        """
        key = _checked_key(key)
        with writing(self._engine, self._clock(), self._zone) as tx:
            within = self.rungs.deadlines.report
            filed = escalations.file(
                tx, self.people, actor, content, origin, key, within, tell_filer=tell_filer
            )
            if contact is not None:
                subject = escalation_subject(filed.id)
                contact_keeping.keep_first(tx, self.contacts.vault, actor.id, subject, contact)
        log.info("escalation.filed", escalation_id=filed.id, awaiting=filed.awaiting.value)
        return filed

    def edit_escalation(
        self, actor: Person, escalation_id: int, revision: int, content: EscalationContent
    ) -> Escalation:
        """Change what an undecided escalation says; the filer, or whoever may decide it.

        Raises NotAllowed, StaleRevision, InvalidInput, NotFound.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            within = self.rungs.deadlines.report
            edited = escalations.edit(tx, self.people, actor, escalation_id, revision, content, within)
        log.info("escalation.edited", escalation_id=edited.id, revision=edited.revision)
        return edited

    def approve(self, actor: Person, escalation_id: int, revision: int, instruction: str = "") -> Escalation:
        """Approve what was seen at `revision` and log its ticket; the instruction is recorded with it.

        Raises NotAllowed (also one's own), StaleRevision (says who decided), InvalidInput, NotFound.
        """
        note = escalations.check_note("instruction", instruction, required=False)
        return self._decide(actor, escalation_id, revision, EscalationState.APPROVED, note)

    def reject(self, actor: Person, escalation_id: int, revision: int, reason: str) -> Escalation:
        """Reject what was seen at `revision`; a reason is required. Raises as `approve` does."""
        note = escalations.check_note("reason", reason, required=True)
        return self._decide(actor, escalation_id, revision, EscalationState.REJECTED, note)

    def _decide(
        self, actor: Person, escalation_id: int, revision: int, state: EscalationState, note: str
    ) -> Escalation:
        with writing(self._engine, self._clock(), self._zone) as tx:
            decided = escalations.decide(tx, self.people, actor, escalation_id, revision, state, note)
        log.info(f"escalation.{state.value}", escalation_id=decided.id, ticket_id=decided.ticket_id)
        return decided

    def escalation(self, escalation_id: int) -> Escalation:
        """One escalation; NotFound."""
        with reading(self._engine) as session:
            return escalations.get(session, escalation_id)

    def escalations(self, *, filer_id: str | None = None, limit: int = 50) -> list[Escalation]:
        """The newest escalations, of one filer when given."""
        query = select(EscalationRow).order_by(EscalationRow.id.desc()).limit(limit)
        if filer_id is not None:
            query = query.where(EscalationRow.filer_id == filer_id)
        with reading(self._engine) as session:
            return escalations.list_values(session, query)

    def waiting_for(self, person: Person) -> list[Escalation]:
        """The undecided escalations that this person may decide, oldest first."""
        query = select(EscalationRow).where(EscalationRow.state == EscalationState.SUBMITTED)
        with reading(self._engine) as session:
            waiting = escalations.list_values(session, query.order_by(EscalationRow.id))
        return [one for one in waiting if rungs.may_review(self.people, person, one)]

    # -- tickets ---------------------------------------------------------------------------------

    def log_ticket(
        self,
        actor: Person,
        content: TicketContent,
        origin: Origin,
        key: str,
        *,
        customer: str = "",
        due_at: datetime | None = None,
        contact: Contact | None = None,
    ) -> Ticket:
        """Log a ticket; the actor is its first responder. The same key again gives back the first one.

        `customer`: which customer, as a key that says nothing about them (see `board.asked_before`); `due_at`: what
        the customer was promised; `contact`: how to reach them, for the vault. Raises NotAllowed, InvalidInput,
        ContactsLocked.
        """
        rules.require(actor, rules.Action.LOG_TICKET)
        key = _checked_key(key)
        with writing(self._engine, self._clock(), self._zone) as tx:
            row = ticketing.insert(
                tx, actor.id, actor.id, content, origin, key, customer=customer, due_at=due_at
            )
            if contact is not None:
                subject = ticket_subject(row.id)
                contact_keeping.keep_first(tx, self.contacts.vault, actor.id, subject, contact)
            ticket = ticketing.value(tx.session, row)
        log.info("ticket.logged", ticket_id=ticket.id)
        return ticket

    def ticket(self, number_or_id: int | str) -> Ticket:
        """One ticket by its id (int) or its number (str); NotFound."""
        with reading(self._engine) as session:
            return ticketing.get(session, number_or_id)

    def tickets(
        self, *, person_id: str | None = None, state: TicketState | None = None, limit: int = 50
    ) -> list[Ticket]:
        """The newest tickets; of one person (owner, first responder or logger) and state when given."""
        with reading(self._engine) as session:
            return ticketing.search(session, person_id, state, limit)

    # -- answers ---------------------------------------------------------------------------------

    def record_answer(self, asker_id: str, record: AnswerRecord, underway: int = 0) -> int:
        """Enter an answer into the ledger (the question must be masked already); its id.

        `underway`: what it answers, of `desk.underway`, which knows it from then on. Raises TakenOver.
        """
        with writing(self._engine, self._clock(), self._zone) as tx:
            answer_id = ledger.record_answer(tx, asker_id, record)
            if underway:
                entered(tx.session, underway, answer_id, self.underway.owner)
            return answer_id

    def record_feedback(
        self, actor: Person, answer_id: int, verdict: Verdict, reason: str = "", kind: str = ""
    ) -> None:
        """What a person thinks of an answer; replaces what they said before. `kind`: what was wrong with it
        (tickets.answer_desk.Fault). NotFound, InvalidInput."""
        rules.require(actor, rules.Action.GIVE_FEEDBACK)
        with writing(self._engine, self._clock(), self._zone) as tx:
            ledger.record_feedback(tx, actor, answer_id, verdict, reason, kind)

    def answer_record(self, answer_id: int) -> AnswerRecord:
        """One answer of the ledger; NotFound."""
        with reading(self._engine) as session:
            return ledger.get(session, answer_id)

    def ask_about_expiry(self, edition_id: int, owner_id: str) -> bool:
        """Ask whoever keeps a manual, once, whether its expiring edition shall hold longer; without an owner the
        admins are asked. True the first time.
        """
        audience = Audience(user_id=owner_id) if owner_id else Audience(role=Role.ADMIN)
        with writing(self._engine, self._clock(), self._zone) as tx:
            key = {"key": f"expiry:{edition_id}", "at": tx.now}
            if not insert_once(tx.session, ClaimRow, key):
                return False
            subject = f"edition:{edition_id}"
            tx.record("", "manual.expiry_asked", subject, {"owner": owner_id})
            tx.tell(NoticeKind.MANUAL_EXPIRES, subject, edition_id, audience, "")
        return True

    # -- audit -----------------------------------------------------------------------------------

    def audit(self, subject: str | None = None) -> list[AuditEntry]:
        """The audit trail, oldest first; of one subject (`escalation:12`, `ticket:7`, `answer:3`). For whoever may use
        the database; a person reads it by `trails`."""
        with reading(self._engine) as session:
            return audit.entries(session, subject)

    def verify_audit(self) -> AuditBreak | None:
        """None when the trail and the records it vouches for are untouched, else the first break."""
        with reading(self._engine) as session:
            return audit.verify(session)

    # -- figures ---------------------------------------------------------------------------------

    def figures(self, stretch: Stretch, counted: Sequence[tuple[str, str]] = ()) -> Figures:
        """What happened in a stretch of time; `counted` names (procedure, field) whose values are counted."""
        with reading(self._engine) as session:
            return figures.collect(session, stretch, self._zone, counted)

    # -- outbox ----------------------------------------------------------------------------------

    def due_notices(self, limit: int = 20) -> list[Notice]:
        """Claim due notices for sending, oldest first; each must be reported delivered or failed.

        A claim lapses after two minutes (a sender that died), then the notice is offered again. Of several notices to
        one audience about one subject only the oldest is given: they arrive in order.
        """
        with reading(self._engine) as session:  # most looks find nothing and need no turn as a writer
            if not outbox.is_due(session, self._clock()):
                return []
        with posting(self._engine) as session:
            return outbox.claim_due(session, self._clock(), limit)

    def hold_notice(self, notice: Notice) -> Notice | None:
        """Go on holding a claimed notice while it is being sent; None when another sender has it by now."""
        with posting(self._engine) as session:
            return outbox.hold(session, self._clock(), notice)

    def release_notices(self) -> int:
        """Offer at once what senders that died have claimed: only when no other process can be sending. How many."""
        with posting(self._engine) as session:
            return outbox.release(session, self._clock())

    def delivered(self, notice_id: int, channel: str = "", ts: str = "") -> None:
        """A notice arrived; the message of a submitted escalation becomes one of its cards. NotFound."""
        with posting(self._engine) as session:
            outbox.mark_delivered(session, self._clock(), notice_id, channel, ts)

    def failed(self, notice_id: int, retry_at: datetime | None) -> None:
        """A notice did not arrive: try again at `retry_at`, or give up (None). NotFound."""
        with posting(self._engine) as session:
            outbox.mark_failed(session, self._clock(), notice_id, retry_at)

    def place_card(self, subject: str, channel: str, ts: str, audience: Audience | None = None) -> None:
        """Remember a Slack message that shows a subject and must be redrawn when it changes."""
        with posting(self._engine) as session:
            outbox.place_card(session, subject, channel, ts, audience or Audience())

    def cards(self, subject: str) -> list[Card]:
        """The Slack messages that show a subject, oldest first."""
        with reading(self._engine) as session:
            return outbox.cards(session, subject)


def _checked_key(key: str) -> str:
    if not key or len(key) > MAX_KEY:
        raise InvalidInput("key", f"A key has 1 to {MAX_KEY} characters.")
    return key
