"""`kefu workspace`: the local Slack-compatible workspace alone, until Ctrl-C."""

import sys


def workspace(port: int = 0, limits: bool = True) -> None:
    """Run the local Slack-compatible workspace alone.

    Its addresses and tokens are printed as one JSON line. --no-limits switches the rate limits of Slack's tiers off.
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
