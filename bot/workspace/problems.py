"""One thing wrong with a payload, and where: told as Slack tells it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.workspace.errors import SlackError


@dataclass(frozen=True)
class Problem:
    """`pointer` is a JSON pointer from the argument on, such as /blocks/0/text/text."""

    pointer: str
    message: str
    constraint: dict[str, Any] = field(default_factory=dict)

    def as_text(self) -> str:
        """The form of chat.postMessage and views.open."""
        return f"{self.message} [json-pointer:{self.pointer}]"

    def as_object(self) -> dict[str, Any]:
        """The form of blocks.validate."""
        out: dict[str, Any] = {
            "pointer": self.pointer,
            "code": "failed_constraint",
            "message": self.message,
        }
        if self.constraint:
            out["constraint"] = self.constraint
        return out


def pointer(path: Iterable[Any]) -> str:
    """A JSON pointer from its steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def refuse(code: str, problems: Sequence[Problem]) -> None:
    """Raise the SlackError for problems, if there are any."""
    if problems:
        texts = list(dict.fromkeys(problem.as_text() for problem in problems))
        raise SlackError(code, *texts, errors=texts)
