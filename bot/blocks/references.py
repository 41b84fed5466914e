"""What buttons and forms carry through Slack and back: small checked values as compact JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""An id or a revision, as every database holds it."""
MOST_EDITIONS = 100_000
"""In one run."""


class Reference(BaseModel):
    """Base of the values; `load` raises pydantic's ValidationError on anything else than what was sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def dump(self) -> str:
        """As it goes into a button value or private_metadata."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def load(cls, text: str) -> Self:
        """Read back what `dump` wrote."""
        return cls.model_validate_json(text or "{}")


class AnswerRef(Reference):
    """An answer of the ledger (None: it was not recorded)."""

    answer_id: Number | None = None


class ShareRef(AnswerRef):
    """An answer that only its asker reads, and the thread that it would be shared in."""

    thread_ts: str = ""


class VoiceRef(AnswerRef):
    """An answer that a supervisor may stand by, and the confirmed answer that it was, if it was one."""

    confirmed_id: Number | None = None


class ConfirmedRef(Reference):
    """A confirmed answer as it was seen; `generation`: the publication that its supervisor was asked about."""

    confirmed_id: Number
    revision: Number
    generation: Number = 0


class AcknowledgementRef(Reference):
    """A confirmed answer that is to be read in a channel."""

    acknowledgement_id: Number


class ChoiceRef(Reference):
    """One choice below an answer that asks whose rule is meant."""

    answer_id: Number | None = None
    organisation: str = ""
    product: str = ""


class CardRef(Reference):
    """A draft as it was seen: deciding compares the revision with the stored one."""

    escalation_id: Number
    revision: Number


class ConflictRef(Reference):
    """Two rules that contradict each other."""

    conflict_id: Number


class StagedRef(Reference):
    """Staged editions that wait for Publish or Discard, as runs of ids (`12-40,52`): a folder may bring hundreds."""

    editions: str = Field(pattern=r"^\d+(-\d+)?(,\d+(-\d+)?)*$")

    @field_validator("editions")
    @classmethod
    def _so_many_as_a_folder_has(cls, editions: str) -> str:
        """A run that somebody made up must not become a list of a thousand million."""
        for run in editions.split(","):
            first, _, last = run.partition("-")
            if len(run) > 40 or int(last or first) - int(first) > MOST_EDITIONS:
                raise ValueError("too many editions")
        return editions

    @classmethod
    def of(cls, edition_ids: Sequence[int]) -> StagedRef:
        """Pack ids; at least one is needed."""
        runs: list[list[int]] = []
        for number in sorted(set(edition_ids)):
            if runs and number == runs[-1][1] + 1:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        return cls(editions=",".join(str(a) if a == b else f"{a}-{b}" for a, b in runs))

    @property
    def edition_ids(self) -> tuple[int, ...]:
        """The ids, ascending."""
        ids: list[int] = []
        for run in self.editions.split(","):
            first, _, last = run.partition("-")
            ids.extend(range(int(first), int(last or first) + 1))
        return tuple(ids)


class ManualRef(Reference):
    """A manual, whatever its editions."""

    manual_id: Number


class PaperRef(Reference):
    """An escalation that somebody wants as a file."""

    escalation_id: Number


class SubjectRef(Reference):
    """A ticket, escalation or record by the name of its subject (`ticket:7`)."""

    subject: str = Field(pattern=r"^[a-z]+:\d+$")


class GapRef(Reference):
    """A matter that the manuals do not answer."""

    gap_id: Number


class TicketRef(Reference):
    """A ticket as it was seen, and what the menu on its card offers to do with it."""

    ticket_id: Number
    revision: Number
    act: str = ""


class TicketListRef(Reference):
    """A list of tickets: which, and from where on."""

    which: str = Field(default="mine", pattern=r"^(mine|all|overdue|search|accept)$")
    text: str = ""
    offset: Number = 0


class FormRef(Reference):
    """Where a form was opened: the message and thread that it is about, and the answer if there was one."""

    channel: str = ""
    thread_ts: str = ""
    message_ts: str = ""
    answer_id: Number | None = None


class TicketLogRef(FormRef):
    """The form that logs a ticket; `shown`: tickets that may be about the same were shown in it."""

    shown: bool = False


class TicketFormRef(FormRef):
    """The ticket, as it was seen, that a form is about."""

    ticket_id: Number
    revision: Number


class VoiceFormRef(FormRef):
    """The answer, or the confirmed answer as it was seen, from which a wording is confirmed or sent to be read."""

    confirmed_id: Number | None = None
    revision: Number = 0
    language: str = Field(default="zh", pattern=r"^(zh|en)$")


class PreferenceFormRef(FormRef):
    """The form for what is known of a person, or of a channel."""

    owner: str = Field(default="person", pattern=r"^(person|channel)$")


class ExtendFormRef(FormRef):
    """The question from which a manual is extended."""

    manual_id: Number


class EscalationFormRef(FormRef):
    """What the draft found and the form does not show: it comes back with the submission."""

    summary: str = ""
    category: str = ""
    next_role: str = ""
    next_reason: str = ""
    skip_level_allowed: bool = False
    after_the_fact_report: bool = False
    clause_ids: tuple[Number, ...] = ()
    language: str = Field(default="zh", pattern=r"^(zh|en)$")


class DecisionFormRef(FormRef):
    """The card from which a draft is edited or rejected, as it was seen."""

    escalation_id: Number
    revision: Number


class RecordRef(Reference):
    """A filled-in procedure as it was seen."""

    record_id: Number
    revision: Number


class OpenRef(AnswerRef):
    """A procedure to begin, and the answer below which it was offered: its question fills the form."""

    procedure: str = ""


class ProcedureFormRef(FormRef):
    """The form of a procedure: which, at which page, and the record that is filed again."""

    procedure: str = ""
    page: Number = 0
    record_id: Number | None = None
    revision: Number = 0
    contact_kept: bool = False
    unseen: dict[str, str] = {}
    """What is known of fields that are not asked at the moment: they may be, after the next choice."""


class StepFormRef(FormRef):
    """The form of a step: the record as it was seen, and what is done with it."""

    record_id: Number
    revision: Number
    act: str


class ReportRef(Reference):
    """A report owed to a superior who was passed over."""

    report_id: Number


class ReportFormRef(FormRef):
    """The form in which it is written."""

    report_id: Number
