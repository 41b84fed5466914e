"""What a listener is: a function, and what of Slack it listens to. The manifest is made from these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from slack_bolt import Args

from bot.listeners.shared import Shared

Run = Callable[[Shared, Args], None]


class Kind(StrEnum):
    """The kinds of requests that Slack sends."""

    EVENT = "event"
    ACTION = "action"
    VIEW = "view"
    COMMAND = "command"
    SHORTCUT = "shortcut"


@dataclass(frozen=True, slots=True)
class Listener:
    """`name` is the event type, action_id, callback_id or command; `run` does the work."""

    kind: Kind
    name: str
    run: Run
    events: tuple[str, ...] = ()
    """Events to subscribe to, where they are named otherwise than what arrives (message.im → message)."""
    scopes: tuple[str, ...] = ()
    """What the app must be allowed to do for it."""
    title: str = ""
    """Key of a string in the catalogues. Shortcut: its name in the menu. Command: what it does."""
    hint: str = ""
    """Key of a string in the catalogues. Command: its arguments."""
    writes: bool | Callable[[Mapping[str, Any]], bool] = False
    """Something said, pressed or typed that changes the record at once, so that it is acknowledged when it is written
    down; what only shows something, or opens a form, may be acknowledged before. Where that depends on what was typed,
    a function of the request's body says it: called by the thread that receives, so it only looks, and it does not
    fail over a body that is not built as Slack builds it."""

    def changes(self, body: Mapping[str, Any]) -> bool:
        """Whether this request of the listener changes the record."""
        return self.writes(body) if callable(self.writes) else self.writes

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """The bot events to subscribe to; none unless it is an event listener."""
        return (self.events or (self.name,)) if self.kind is Kind.EVENT else ()
