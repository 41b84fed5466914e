"""What buttons and forms carry through Slack and back: small checked values as compact JSON."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict


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

    answer_id: int | None = None


class CardRef(Reference):
    """A draft as it was seen: deciding compares the revision with the stored one."""

    escalation_id: int
    revision: int


class StagedRef(Reference):
    """A staged re-ingest that waits for Publish or Discard."""

    staged_id: str


class FormRef(Reference):
    """Where a form was opened: the message and thread that it is about, and the answer if there was one."""

    channel: str = ""
    thread_ts: str = ""
    message_ts: str = ""
    answer_id: int | None = None
    escalation_id: int | None = None
    revision: int | None = None
    card_channel: str = ""
    card_ts: str = ""
