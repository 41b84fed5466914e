"""A workspace takes the app out, or takes its token back: nothing is sent there any more."""

from __future__ import annotations

from slack_bolt import Args

from bot.listeners.listener import Kind, Listener
from bot.listeners.shared import Shared


def on_uninstalled(shared: Shared, args: Args) -> None:
    """The app was taken out."""
    if shared.connection is not None:
        shared.connection.left(args.context)


def on_revoked(shared: Shared, args: Args) -> None:
    """Tokens were taken back; of people we have none."""
    if (args.body["event"].get("tokens") or {}).get("bot"):
        on_uninstalled(shared, args)


LISTENERS = (
    Listener(Kind.EVENT, "app_uninstalled", on_uninstalled),
    Listener(Kind.EVENT, "tokens_revoked", on_revoked),
)
