"""The table of Web API methods. Each methods_*.py adds its own; anything else is unknown_method."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.workspace.arguments import Arguments

Json = dict[str, Any]
Handler = Callable[[Arguments], Json]


@dataclass(frozen=True)
class Method:
    """A method's arguments, the kinds of token that may call it, and what it does.

    `scopes`: one of them is needed. `tier`: the rate limit's tier 1 to 5 as the methods' pages give it.
    """

    name: str
    required: frozenset[str]
    optional: frozenset[str]
    tokens: frozenset[str]
    scopes: tuple[str, ...]
    tier: int
    handler: Handler


METHODS: dict[str, Method] = {}


def method(
    name: str, required: str = "", optional: str = "", tokens: str = "bot", *, scopes: str = "", tier: int
) -> Callable[[Handler], Handler]:
    """Register a Web API method. tokens: words out of bot, app, none; scopes: one of them is needed."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(
            name,
            frozenset(required.split()),
            frozenset(optional.split()),
            frozenset(tokens.split()),
            tuple(scopes.split()),
            tier,
            handler,
        )
        return handler

    return register
