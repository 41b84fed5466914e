"""`kefu demo`: the whole product on this machine, to be tried in a browser or played by a script."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DEFAULT_PORT = 8377


def demo(
    port: Annotated[
        int | None,
        typer.Option(help=f"Port of the page; default {DEFAULT_PORT}, with --script any free one."),
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="Data folder; default ./kefu-demo, with --script a temporary one.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep what an earlier demo left in the folder.")
    ] = False,
    script: Annotated[
        bool, typer.Option("--script", help="Play the story by itself; exit 0 only if every step happened.")
    ] = False,
) -> None:
    """Try everything on this machine.

    A local Slack-like workspace, the bot and sample manuals; no account, no network. It prints an address to open in a
    browser, and runs until Ctrl-C.
    """
    from bot.demo import stage

    if script:
        raise typer.Exit(0 if stage.play(home, port or 0, keep=keep) else 1)
    stage.serve(home or Path("kefu-demo"), DEFAULT_PORT if port is None else port, keep=keep)
