"""`kefu manifest`: what to paste into Slack when the app is made."""

from __future__ import annotations

from typing import Annotated

import typer


def manifest(
    http: Annotated[
        str,
        typer.Option(
            "--http",
            metavar="URL",
            help="Where Slack reaches the bot, for HTTP mode: https://desk.example.com.",
            show_default=False,
        ),
    ] = "",
    oauth: Annotated[
        bool, typer.Option("--oauth", help="Several workspaces install the app; needs --http.")
    ] = False,
) -> None:
    """Print the manifest of the Slack app, as JSON.

    For Socket Mode and one workspace as it stands in bot/manifest.json; --http and --oauth change it for the other
    ways to run `kefu up`.
    """
    from bot.manifest import text
    from bot.startup import StartupError

    if http and not http.startswith("https://"):
        raise StartupError("Slack sends only to addresses that begin with https://: give the outer one.")
    if oauth and not http:
        raise StartupError("With --oauth give the address of the install page, too: --http https://….")
    typer.echo(text(http, oauth=oauth), nl=False)
