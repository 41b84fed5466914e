"""The record of everything the bot sent: each Web API call, response_url post and acknowledgement."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Call:
    """One thing the bot sent and what became of it."""

    number: int
    method: str
    arguments: dict[str, Any]
    ok: bool
    error: str
    details: list[Any]
    at: str
    ms: int
    advice: list[str] = field(default_factory=list)

    def as_seen(self) -> dict[str, Any]:
        """For the control API and the page."""
        return {
            "number": self.number,
            "method": self.method,
            "arguments": self.arguments,
            "ok": self.ok,
            "verdict": "ok" if self.ok else self.error,
            "error": self.error,
            "details": self.details,
            "advice": self.advice,
            "at": self.at,
            "ms": self.ms,
        }


class CallLog:
    """Keeps the latest calls and counts them all."""

    listeners: ClassVar[list[Callable[[Call], None]]] = []
    """Who else wants to see each call of any workspace of this process (the tests' recorder)."""

    def __init__(self, keep: int = 20_000) -> None:
        self._calls: deque[Call] = deque(maxlen=keep)
        self.total = 0
        self.refused = 0

    def note(
        self,
        method: str,
        arguments: dict[str, Any],
        at: str,
        ms: int,
        error: str = "",
        details: list[Any] | None = None,
        advice: list[str] | None = None,
    ) -> Call:
        """Write one call down; an empty error means that it was accepted."""
        self.total += 1
        self.refused += bool(error)
        call = Call(
            self.total, method, arguments, not error, error, details or [], at, ms, advice=advice or []
        )
        self._calls.append(call)
        for listener in self.listeners:
            listener(call)
        return call

    def listed(self, method: str = "", after: int = 0, limit: int = 0) -> list[Call]:
        """The calls kept, oldest first; after = a call's number, limit 0 = all."""
        calls = [c for c in self._calls if c.number > after and (not method or c.method == method)]
        return calls[-limit:] if limit else calls
