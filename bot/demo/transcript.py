"""What the script prints: who said what, and a mark per step."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.markup import escape

from bot.demo.crew import Json, NotSeen, text_of

_LONGEST = 220


class Unmet(Exception):
    """A step did not do what it should; `str()` says what is missing."""


def must(condition: object, missing: str) -> None:
    """Raise Unmet with what is missing unless the condition holds."""
    if not condition:
        raise Unmet(missing)


class Transcript:
    """Writes the story down as it happens."""

    def __init__(self, console: Console, names: Mapping[str, str]) -> None:
        """`names`: user id → name."""
        self._console = console
        self._names = names
        self.done = 0
        self.failed = 0

    def step(self, title: str, act: Callable[[], None]) -> bool:
        """Play one step and mark it; whether it happened (a step that did not raises Unmet or NotSeen)."""
        number = self.done + self.failed + 1
        self._console.print(f"\n[bold]{number}. {escape(title)}[/bold]")
        started = time.monotonic()
        try:
            act()
        except (Unmet, NotSeen) as error:
            self.failed += 1
            self._console.print(f"   [red]✗ {escape(str(error))}[/red]")
            return False
        self.done += 1
        self._console.print(f"   [green]✓[/green] [dim]{time.monotonic() - started:.1f} s[/dim]")
        return True

    def said(self, who: str, text: str) -> None:
        """Somebody's words."""
        self._line(self._names.get(who, who), text.replace("<@U_BOT>", "@客服台"))

    def heard(self, message: Json) -> None:
        """The bot's words, blocks included."""
        lines = [line.strip() for line in text_of(message).splitlines() if line.strip()]
        self._line("客服台", " / ".join(dict.fromkeys(lines)))

    def _line(self, who: str, text: str) -> None:
        shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
        self._console.print(f"   [cyan]{escape(who)}[/cyan]：{escape(shown)}", soft_wrap=True)
