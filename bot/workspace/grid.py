"""What all teams of the local workspace share: the app, its tokens, the faults and the record of calls."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.workspace.calls import CallLog
from bot.workspace.faults import Faults
from bot.workspace.rates import Rates
from bot.workspace.timing import Timing
from bot.workspace.tokens import Tokens

if TYPE_CHECKING:
    from bot.workspace.world import World

Json = dict[str, Any]
ALL_SCOPES = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "usergroups:read",
        "users:read",
    ]
)
"""Scopes of an app that came without a manifest."""


@dataclass
class Code:
    """What an administrator agreed to, until the app fetches its token with it."""

    team: str
    user: str
    scopes: frozenset[str]
    redirect_uri: str
    org_wide: bool
    expires: float


@dataclass
class Grid:
    """One app and the teams that it may be installed in."""

    clock: Callable[[], datetime]
    timing: Timing
    client_id: str = field(default_factory=lambda: f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}")
    client_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    token_seconds: float = 0
    """How long tokens live when they rotate; 0: they do not."""
    manifest: Json = field(default_factory=dict)
    base_url: str = ""
    faults: Faults = field(default_factory=Faults)
    calls: CallLog = field(default_factory=CallLog)
    response_urls: dict[str, Json] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    worlds: "dict[str, World]" = field(default_factory=dict)
    """By team id, the first team first."""

    def __post_init__(self) -> None:
        self.tokens = Tokens(self.clock)
        self.rates = Rates(self.timing.minute)

    @property
    def scopes(self) -> frozenset[str]:
        """The bot scopes that the app's manifest asks for; without a manifest, every scope there is here."""
        wanted = self.manifest.get("oauth_config", {}).get("scopes", {}).get("bot")
        return frozenset(wanted) if wanted else ALL_SCOPES

    @property
    def first(self) -> "World":
        """The team that is there from the beginning."""
        return next(iter(self.worlds.values()))
