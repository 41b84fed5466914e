"""The tables of the record. Only `tickets.desk` and its parts write to them.

New columns must be empty (NULL, "" or []) for existing rows: the fingerprints in the audit trail leave
empty values out, so that a migration does not look like tampering.
"""

from __future__ import annotations

from tickets.models.answers import AnswerClauseRow, AnswerRow, FeedbackRow
from tickets.models.audit import AuditHeadRow, AuditRow
from tickets.models.base import Base
from tickets.models.confirmed import (
    AcknowledgementReaderRow,
    AcknowledgementRow,
    ConfirmedRevisionRow,
    ConfirmedRow,
)
from tickets.models.corrections import AnnouncementRow, CorrectionClauseRow, CorrectionRow, QuietMoveRow
from tickets.models.customers import ContactRow, CustomerRow
from tickets.models.escalations import EscalationRevisionRow, EscalationRow, EscalationStepRow, OwedReportRow
from tickets.models.gaps import GapQuestionRow, GapRow
from tickets.models.people import (
    AttendanceRow,
    DirectoryVersionRow,
    GroupMembersRow,
    GroupReadingRow,
    GroupRuleRow,
    PersonRow,
    PreferenceRow,
)
from tickets.models.procedures import ProcedureReadRow, ProcedureRecordRow, ProcedureVersionRow, ReminderRow
from tickets.models.telling import CardRow, ClaimRow, CounterRow, NoticeRow
from tickets.models.tickets import TicketCommentRow, TicketRow

__all__ = [
    "AcknowledgementReaderRow",
    "AcknowledgementRow",
    "AnnouncementRow",
    "AnswerClauseRow",
    "AnswerRow",
    "AttendanceRow",
    "AuditHeadRow",
    "AuditRow",
    "Base",
    "CardRow",
    "ClaimRow",
    "ConfirmedRevisionRow",
    "ConfirmedRow",
    "ContactRow",
    "CorrectionClauseRow",
    "CorrectionRow",
    "CounterRow",
    "CustomerRow",
    "DirectoryVersionRow",
    "EscalationRevisionRow",
    "EscalationRow",
    "EscalationStepRow",
    "FeedbackRow",
    "GapQuestionRow",
    "GapRow",
    "GroupMembersRow",
    "GroupReadingRow",
    "GroupRuleRow",
    "NoticeRow",
    "OwedReportRow",
    "PersonRow",
    "PreferenceRow",
    "ProcedureReadRow",
    "ProcedureRecordRow",
    "ProcedureVersionRow",
    "QuietMoveRow",
    "ReminderRow",
    "TicketCommentRow",
    "TicketRow",
]
