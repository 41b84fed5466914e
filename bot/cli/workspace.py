"""`kefu workspace`: the local Slack-compatible workspace alone, until Ctrl-C."""

import sys
from typing import Annotated

import typer


def workspace(
    port: Annotated[int, typer.Option(help="Port of the page and the API; 0 takes any free one.")] = 0,
    limits: Annotated[bool, typer.Option(help="Keep the rate limits of Slack's tiers.")] = True,
) -> None:
    """Run the local Slack-compatible workspace alone.

    Its addresses and tokens are printed as one JSON line: point a bot at it with SLACK_API_URL, and open the page in a
    browser. It runs until Ctrl-C.
    """
    import structlog

    from bot.workspace import Timing, WorkspaceError, serve

    if not structlog.is_configured():
        # The one line on standard output belongs to whoever reads it; the log goes elsewhere.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        serve(port, Timing(minute=60 if limits else 0))
    except WorkspaceError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
