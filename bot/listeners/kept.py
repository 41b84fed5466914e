"""Answers that only their asker has read: kept for as long as somebody may press Share or Keep.

They live in memory and nowhere else: the ledger never holds an answer's text. What is not here any more (another
process gave it, or it was long ago) is answered again.
"""

from __future__ import annotations

import threading

from bot.assistant.answers import Answer


class KeptAnswers:
    """The last answers by their id in the ledger. Safe to use from many threads."""

    _MOST = 1000

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, Answer] = {}

    def put(self, answer_id: int, answer: Answer) -> None:
        """Keep an answer; the oldest are forgotten."""
        with self._lock:
            self._kept[answer_id] = answer
            while len(self._kept) > self._MOST:
                self._kept.pop(next(iter(self._kept)))

    def get(self, answer_id: int) -> Answer | None:
        """The answer as its asker read it, if it is still here."""
        with self._lock:
            return self._kept.get(answer_id)
