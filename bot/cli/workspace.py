"""`kefu workspace`: the local Slack-compatible workspace alone, until Ctrl-C."""

import sys


def workspace(port: int = 0) -> None:
    """Run the local Slack-compatible workspace alone.

    Its addresses and tokens are printed as one JSON line.
    """
    import structlog

    from bot.workspace import WorkspaceError, serve

    if not structlog.is_configured():
        # The one line on standard output belongs to whoever reads it; the log goes elsewhere.
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        serve(port)
    except WorkspaceError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from None
