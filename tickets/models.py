"""The tables of the record. Only `tickets.desk` and its parts write to them.

New columns must be empty (NULL, "" or []) for existing rows: the fingerprints in the audit trail leave
empty values out, so that a migration does not look like tampering.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Float, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tickets.store import UtcDateTime


class Base(DeclarativeBase):
    """All tables of `tickets`; `knowledge` has its own."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


class _FromSlack:
    """Columns of an Origin."""

    channel: Mapped[str] = mapped_column(String(64), default="")
    thread_ts: Mapped[str] = mapped_column(String(32), default="")
    message_ts: Mapped[str] = mapped_column(String(32), default="")
    team_id: Mapped[str] = mapped_column(String(64), default="")


class EscalationRow(_FromSlack, Base):
    """An escalation as it stands now."""

    __tablename__ = "escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(String(24), index=True)
    revision: Mapped[int]
    category: Mapped[str] = mapped_column(String(64))
    urgency: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    filer_id: Mapped[str] = mapped_column(String(64), index=True)
    awaiting: Mapped[str] = mapped_column(String(32))
    passed_over: Mapped[list[Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(Text, default="")
    # Since when it waits for the rung, for its filer, or for its instruction to be carried out.
    waiting_since: Mapped[datetime | None]
    # When whoever it waits for was reminded last; empty again when it waits for somebody else.
    reminded_at: Mapped[datetime | None]
    carried_out_by: Mapped[str | None] = mapped_column(String(64))
    carried_out_at: Mapped[datetime | None]


class EscalationRevisionRow(Base):
    """What an escalation said at each revision: nothing that was filed or edited is lost."""

    __tablename__ = "escalation_revisions"

    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class EscalationStepRow(Base):
    """One thing that happened to an escalation. The database itself refuses to change or delete these rows."""

    __tablename__ = "escalation_steps"

    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    actor_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    revision: Mapped[int]
    from_role: Mapped[str | None] = mapped_column(String(32))
    to_role: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    objection: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[list[Any]]
    special: Mapped[bool]


class OwedReportRow(Base):
    """What a filer who passed a superior over has to tell them afterwards: once per escalation and rung."""

    __tablename__ = "owed_reports"
    __table_args__ = (UniqueConstraint("escalation_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"))
    role: Mapped[str] = mapped_column(String(32))
    owed_to: Mapped[list[Any]]
    owed_by: Mapped[str] = mapped_column(String(64), index=True)
    grounds: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    read_by: Mapped[str | None] = mapped_column(String(64))
    read_at: Mapped[datetime | None]

    @property
    def number(self) -> str:
        """For people."""
        return f"#{self.id}"


class TicketRow(_FromSlack, Base):
    """A ticket as it stands now."""

    __tablename__ = "tickets"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(String(24), index=True)
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    priority: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    owner_id: Mapped[str] = mapped_column(String(64), index=True)
    first_responder_id: Mapped[str] = mapped_column(String(64))
    logged_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Unique: an escalation can be approved into one ticket only, whatever the code does.
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), unique=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    # Who the customer is, as a keyed hash: it says nothing, and the same customer has the same.
    customer: Mapped[str] = mapped_column(String(64), default="", index=True)
    # How often the customer came again; empty for never.
    asked_again: Mapped[int | None]
    changed_by: Mapped[str] = mapped_column(String(64), default="")
    resolution: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[str] = mapped_column(String(64), default="")
    closed_at: Mapped[datetime | None]
    # The ticket that goes on for a duplicate, and where the duplicate stood before.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    merged_state: Mapped[str] = mapped_column(String(24), default="")
    # A hand-over that was not accepted yet.
    offered_to: Mapped[str] = mapped_column(String(64), default="", index=True)
    offered_by: Mapped[str] = mapped_column(String(64), default="")
    offered_at: Mapped[datetime | None]
    offer_note: Mapped[str] = mapped_column(Text, default="")


class TicketCommentRow(Base):
    """What somebody added to a ticket; masked, never changed."""

    __tablename__ = "ticket_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    # Unique: a form that is sent twice comments once.
    key: Mapped[str] = mapped_column(String(255), unique=True)
    author_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    # The customer came with it again.
    asked_again: Mapped[bool]

    @property
    def number(self) -> str:
        """For people."""
        return f"#{self.id}"


class CounterRow(Base):
    """The last number given out, per day and kind."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    last: Mapped[int]


class ClaimRow(Base):
    """Events and clicks that were taken on by somebody already."""

    __tablename__ = "claims"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class AnswerRow(_FromSlack, Base):
    """One answered question; the question is masked."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_message", "channel", "message_ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    asker_id: Mapped[str] = mapped_column(String(64), index=True)
    question: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(8))
    model: Mapped[str | None] = mapped_column(String(128))
    latency_ms: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(index=True)
    # Number of the publication that it was answered from. No foreign key: they live in another package.
    generation: Mapped[int | None]
    # What was said before in the thread, for a question that cannot be understood without it; masked.
    context: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class AnswerClauseRow(Base):
    """The clauses that an answer quoted, in order. No foreign key: clauses live in another package."""

    __tablename__ = "answer_clauses"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    clause_id: Mapped[int] = mapped_column(index=True)


class FeedbackRow(Base):
    """What a person thinks of an answer; a second opinion of the same person replaces the first."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_at", "verdict", "at"),)

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(24), default="")
    at: Mapped[datetime]


class CorrectionRow(Base):
    """What one publication changed for one record that cites clauses: at most one per record and publication."""

    __tablename__ = "corrections"
    __table_args__ = (UniqueConstraint("kind", "record_id", "generation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    record_id: Mapped[int]
    generation: Mapped[int]
    at: Mapped[datetime]


class CorrectionClauseRow(Base):
    """What a correction says of one citation; see `tickets.corrections.ChangedClause`."""

    __tablename__ = "correction_clauses"

    correction_id: Mapped[int] = mapped_column(ForeignKey("corrections.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    old_clause_id: Mapped[int | None]
    new_clause_id: Mapped[int | None]
    told: Mapped[bool]
    restored: Mapped[bool]


class AnnouncementRow(Base):
    """A publication of manuals whose corrections were written: once, whoever tries again."""

    __tablename__ = "announcements"

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(64))
    quiet: Mapped[list[Any]]
    through_answer: Mapped[int]


class QuietMoveRow(Base):
    """Corrections switched off for the next publication that makes this edition live (0: takes the manual out)."""

    __tablename__ = "quiet_moves"

    manual_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class GapRow(Base):
    """A matter that the manuals do not answer; what is counted of it is read from its questions."""

    __tablename__ = "gaps"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    founded_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    # Why it was dismissed.
    reason: Mapped[str] = mapped_column(Text, default="")
    # The clauses that answer it now. No foreign key: they live in another package.
    answering: Mapped[list[Any]]
    # Number of the newest publication after which it was asked again.
    looked_at: Mapped[int]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))


class GapQuestionRow(Base):
    """A question of a gap: at most one per answer of the ledger, so that nothing is counted twice."""

    __tablename__ = "gap_questions"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), primary_key=True, autoincrement=False)
    # Empty until it is grouped, which needs the embedding model.
    gap_id: Mapped[int | None] = mapped_column(ForeignKey("gaps.id"), index=True)
    not_found: Mapped[bool]
    unhelpful: Mapped[bool]
    near: Mapped[list[Any]]
    # The question as the model named in `model` sees it, 32-bit floats.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)
    model: Mapped[str] = mapped_column(String(128), default="")
    # The answer by which the asker was told that the manuals rule it now.
    told_answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))


class ConfirmedRow(Base):
    """An answer that a supervisor stands by, as it stands now."""

    __tablename__ = "confirmed_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The question without spaces and marks, hashed together with its scope: one voice for one question.
    question_key: Mapped[str] = mapped_column(String(64), unique=True)
    withdrawn: Mapped[bool]
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    # Number of the publication that the clauses were read from. No foreign key: they live in another package.
    generation: Mapped[int]
    confirmed_by: Mapped[str] = mapped_column(String(64))
    confirmed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime]

    @property
    def number(self) -> str:
        """For people."""
        return f"#{self.id}"


class ConfirmedRevisionRow(Base):
    """What a confirmed answer said at each revision."""

    __tablename__ = "confirmed_revisions"

    confirmed_id: Mapped[int] = mapped_column(ForeignKey("confirmed_answers.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    changed_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class AcknowledgementRow(Base):
    """A confirmed answer sent to a channel to be read: at most once per revision and channel."""

    __tablename__ = "acknowledgements"
    __table_args__ = (UniqueConstraint("confirmed_id", "revision", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    confirmed_id: Mapped[int] = mapped_column(ForeignKey("confirmed_answers.id"))
    revision: Mapped[int]
    channel: Mapped[str] = mapped_column(String(64))
    sent_by: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AcknowledgementReaderRow(Base):
    """Who is to read it, and when they did."""

    __tablename__ = "acknowledgement_readers"

    acknowledgement_id: Mapped[int] = mapped_column(ForeignKey("acknowledgements.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    read_at: Mapped[datetime | None]
    reminders: Mapped[int]
    reminded_at: Mapped[datetime | None]


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


class ChannelSettingRow(Base):
    """How a channel is answered; see `tickets.channel_settings`."""

    __tablename__ = "channel_settings"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    manuals: Mapped[list[int]] = mapped_column(JSON)
    reach: Mapped[str] = mapped_column(String(16))
    quiet_from: Mapped[str] = mapped_column(String(5))
    quiet_until: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))


class ReminderRow(Base):
    """A reminder that went out: once, whoever looks."""

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    procedure: Mapped[str] = mapped_column(String(32), index=True)
    content: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]


class CustomerRow(Base):
    """A customer who was in touch: a random id, and the keyed hash by which a phone number finds it."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Emptied when nothing is kept of them any more.
    lookup: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]


class ContactRow(Base):
    """How to reach the customer of a subject (`ticket:7`), sealed; emptied when erased."""

    __tablename__ = "contacts"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept_by: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class ProcedureVersionRow(Base):
    """What a procedure's file said: records go on under the wording that they were filed under."""

    __tablename__ = "procedure_versions"

    # SHA-256 of the content.
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    procedure: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class ProcedureRecordRow(_FromSlack, Base):
    """A filled-in procedure as it stands now, with everything that happened to it."""

    __tablename__ = "procedure_records"
    __table_args__ = (Index("ix_procedure_records_filed", "procedure", "filer_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    procedure: Mapped[str] = mapped_column(String(32))
    version: Mapped[str] = mapped_column(ForeignKey("procedure_versions.digest"))
    state: Mapped[str] = mapped_column(String(16), index=True)
    revision: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    fields: Mapped[dict[str, Any]]
    filer_id: Mapped[str] = mapped_column(String(64), index=True)
    # Key of the step that it waits at.
    step: Mapped[str] = mapped_column(String(32), default="")
    # Keys of the steps that were taken and still hold.
    settled: Mapped[list[Any]]
    # Everything that happened, see `tickets.procedure_records.Taken`.
    path: Mapped[list[Any]]
    # Numbers of the limits that are exceeded, and of the alarms that were told.
    exceeded: Mapped[list[Any]]
    alarmed: Mapped[list[Any]]
    # 0 in time, 1 reminded, 2 passed up.
    overdue: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    # [number of the reminder, moment] still to come, and the earliest of them and of `due_at`.
    moments: Mapped[list[Any]]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    # ISO day on which a recurring duty was due.
    due_day: Mapped[str] = mapped_column(String(10), default="")
    has_contact: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(64))
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    # What `list` searches: number, title and values in lower case.
    words: Mapped[str] = mapped_column(Text)


class ProcedureReadRow(Base):
    """Who confirmed having read a broadcast."""

    __tablename__ = "procedure_reads"

    record_id: Mapped[int] = mapped_column(ForeignKey("procedure_records.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


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


class NoticeRow(Base):
    """The outbox: written with what it announces, sent afterwards, kept."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_due", "delivered_at", "given_up_at", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    subject_id: Mapped[int]
    audience_user: Mapped[str | None] = mapped_column(String(64))
    audience_role: Mapped[str | None] = mapped_column(String(32))
    actor_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(String(64), default="")
    ts: Mapped[str] = mapped_column(String(32), default="")


class CardRow(Base):
    """Where in Slack a subject is shown."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("subject", "channel", "ts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(64))
    ts: Mapped[str] = mapped_column(String(32))
    audience_user: Mapped[str | None] = mapped_column(String(64))
    audience_role: Mapped[str | None] = mapped_column(String(32))


class AuditRow(Base):
    """The audit trail. The database itself refuses to change or delete these rows."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """The end of the trail (one row): makes a missing tail visible and lets writers take turns."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
