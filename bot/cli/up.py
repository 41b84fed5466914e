"""`kefu up`: the bot in Slack, until it is told to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import socket
    import threading
    from collections.abc import Callable

    from bot.settings import Settings

_LOOK_SECONDS = 1.0
_LAST_SECONDS = 9.5
"""After a signal; whatever hangs then is left to the next start, which finds it."""


def up(
    http: Annotated[
        bool, typer.Option("--http", help="Take Slack's requests over HTTP instead of Socket Mode.")
    ] = False,
    host: Annotated[str, typer.Option(help="Where the web server listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Its port; 0 takes any free one.")] = 3000,
    workers: Annotated[
        int, typer.Option(min=1, help="How many processes; several need PostgreSQL and a Chroma server.")
    ] = 1,
    inherited: Annotated[int, typer.Option(hidden=True)] = -1,
    worker: Annotated[int, typer.Option(hidden=True, help="The process that started this one.")] = 0,
) -> None:
    """Run the bot in your Slack, until Ctrl-C.

    Over Socket Mode (SLACK_APP_TOKEN), or with --http over HTTP (SLACK_SIGNING_SECRET): then Slack sends everything to
    /slack/events, and /healthz says whether the bot is ready. SLACK_BOT_TOKEN names the bot; with SLACK_CLIENT_ID
    and SLACK_CLIENT_SECRET instead, workspaces install it by themselves at /slack/install.
    """
    import os
    import socket
    import threading
    from contextlib import nullcontext

    from bot import logs
    from bot.connecting import check
    from bot.observing import tracing
    from bot.settings import Settings
    from bot.startup import alone_in, when_told
    from bot.web.server import listen
    from bot.workers import check_workers, run_workers, watched

    logs.configure()
    settings = Settings()
    check(settings.slack, http=http)  # the commonest mistake, said before anything slow begins
    check_workers(settings, workers)
    listening = None
    if inherited >= 0:  # of whoever started this worker
        listening = socket.socket(fileno=inherited)
    elif http or settings.slack.by_oauth:
        listening = listen(host, port)
    watching = None
    if settings.metrics_port is not None and not worker:
        watching = listen(settings.metrics_host, settings.metrics_port)
    ending = threading.Event()

    def end() -> None:
        if not ending.is_set():
            ending.set()
            if workers > 1:
                return  # it waits for its workers, and kills who hangs
            last = threading.Timer(_LAST_SECONDS, _leave)
            last.daemon = True
            last.start()

    when_told(end)
    if workers > 1:
        shared = [listening.fileno()] if listening is not None else []
        arguments = [
            f"--worker={os.getpid()}",
            *(["--http"] if http else []),
            *(f"--inherited={number}" for number in shared),
        ]
        with watched(watching, workers) as died:
            raise SystemExit(run_workers(workers, arguments, ending, shared, died))
    if worker:
        _end_without(worker, ending, end)
    tracing.start()
    with alone_in(settings.home) if settings.embedded else nullcontext():
        _run(settings, ending, http=http, listening=listening, watching=watching)


def _run(
    settings: Settings,
    ending: threading.Event,
    *,
    http: bool,
    listening: socket.socket | None,
    watching: socket.socket | None,
) -> None:
    """The bot in this process, until `ending`."""
    import structlog

    from bot.slack_app import SlackApp
    from bot.wiring import build_services

    services = build_services(settings)
    try:
        services.assistant.warm_up()
        with SlackApp(services, http=http, listening=listening, watching=watching):
            _keep()
            structlog.get_logger(__name__).info("bot.ready")
            ending.wait()
    finally:
        services.close()


def _end_without(starter: int, ending: threading.Event, end: Callable[[], None]) -> None:
    """A worker whose starter was killed ends too: nobody would tell it to, and the next start brings as many again."""
    import os
    import threading

    import structlog

    def watch() -> None:
        while not ending.wait(_LOOK_SECONDS):
            if os.getppid() != starter:
                structlog.get_logger(__name__).warning("worker.orphaned")
                end()

    threading.Thread(target=watch, name="starter", daemon=True).start()


def _keep() -> None:
    """What is there by now stays for good: the garbage collector need not walk through all of it again and again,
    a tenth of a second and more each time in which no button is acknowledged."""
    import gc

    gc.collect()
    gc.freeze()


def _leave() -> None:
    """End at once: something hangs, and nothing is lost by it."""
    import os

    import structlog

    structlog.get_logger(__name__).warning("bot.cut_short")
    os._exit(0)
