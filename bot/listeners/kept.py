"""Answers that only their asker has read: kept until somebody presses Share or Keep, for so many days at most.

The ledger never holds an answer's text; this does for that long, and knows no more of the question than the masked
words that the answer was made from. What is not here any more is answered again.
"""

from __future__ import annotations

from dataclasses import replace

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.assistant.answers import Answer
from tickets.kept_desk import KeptDesk

_log = structlog.get_logger(__name__)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)


class KeptAnswers:
    """Answers by their id in the ledger. Safe to use from many threads."""

    def __init__(self, desk: KeptDesk) -> None:
        self._desk = desk

    def put(self, answer_id: int, answer: Answer) -> None:
        """Keep an answer, without what the model took for it: that is counted already."""
        self._desk.put(answer_id, _ANSWER.dump_python(replace(answer, usage=None), mode="json"))

    def get(self, answer_id: int) -> Answer | None:
        """The answer as its asker read it, if it is still here."""
        kept = self._desk.get(answer_id)
        try:
            return None if kept is None else _ANSWER.validate_python(kept)
        except ValidationError:  # kept by another version
            _log.warning("kept_answer.unreadable", answer=answer_id)
            return None

    def drop(self, answer_id: int) -> None:
        """It was shared or kept."""
        self._desk.drop(answer_id)
