"""The registry of checks, and running them: one broken check never hides the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.settings import Settings


class State(StrEnum):
    """How a check came out. A warning does not keep the bot from working."""

    OK = "ok"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What a check found, in one sentence, and what to do about it (empty when there is nothing to do)."""

    state: State
    sentence: str
    remedy: str = ""


def ok(sentence: str) -> Finding:
    """All is well."""
    return Finding(State.OK, sentence)


def warning(sentence: str, remedy: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(State.WARNING, sentence, remedy)


def bad(sentence: str, remedy: str) -> Finding:
    """The bot cannot work so."""
    return Finding(State.BAD, sentence, remedy)


Run = Callable[[Settings], Finding]


@dataclass(frozen=True)
class Check:
    """A named check."""

    name: str
    run: Run


CHECKS: dict[str, Check] = {}


def check(name: str) -> Callable[[Run], Run]:
    """Register a check under a name that is shown. Raises ValueError when the name is taken."""

    def register(run: Run) -> Run:
        if name in CHECKS:
            raise ValueError(f"there are two checks called {name}")
        CHECKS[name] = Check(name, run)
        return run

    return register


def examine(settings: Settings, checks: Iterable[Check]) -> Iterable[tuple[str, Finding]]:
    """Run the checks in order; a check that fails by itself is a finding like others."""
    for one in checks:
        try:
            yield one.name, one.run(settings)
        except Exception as error:  # noqa: BLE001 - the other checks must still be made
            unexpected = f"The check itself failed ({type(error).__name__}: {first_line(error)})."
            yield one.name, bad(unexpected, "Send this line to whoever maintains Kefu Desk.")


def first_line(error: Exception, most: int = 200) -> str:
    """The first line of what an error says."""
    return (str(error).splitlines() or [""])[0][:most]
