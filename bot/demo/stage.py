"""What `kefu demo` shows on the terminal: the start, the address and what to try, or the story."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.progress import Progress

from bot import logs
from bot.demo import runner
from bot.demo.crew import Crew
from bot.demo.folder import demo_home
from bot.demo.runner import Demo
from bot.demo.story import Story, steps
from bot.demo.terminal import languages
from bot.demo.transcript import Transcript
from bot.progress import progress_bar
from bot.startup import when_told

_PATIENCE = 90.0
"""Seconds to wait for what should appear: on a machine that does much else as well, everything comes late."""


class Bar:
    """The progress of the start on the terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._steps = progress.add_task("", total=None)
        self._said = languages()[-1]
        self._clauses = progress.add_task(self._said["clauses"], total=None, visible=False)

    def step(self, key: str) -> None:
        """Something begins; what went before is done."""
        self._progress.update(self._clauses, visible=False)
        self._progress.update(self._steps, description=self._said[key])

    def embedded(self, done: int, total: int) -> None:
        """Clauses embedded so far."""
        self._progress.update(self._clauses, completed=done, total=total, visible=True)


def serve(home: Path, port: int, *, keep: bool) -> None:
    """Run the demo until Ctrl-C or SIGTERM."""
    ending = threading.Event()
    when_told(ending.set)
    console = Console()
    with demo_home(home, keep=keep) as folder, _started(console, folder, port) as demo:
        shown = f"[bold]{demo.workspace.url}[/bold]\n\n{tries()}"
        console.print(Panel(shown, title="Kefu Desk 客服台", expand=False))
        _say(console, "end", style="dim")
        ending.wait()
        _say(console, "ending")


def play(home: Path | None, port: int, *, keep: bool) -> bool:
    """Play the story in a temporary folder (or in `home`); whether every step happened."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="kefu-demo-") as temporary:
        chosen = home or Path(temporary) / "home"
        with demo_home(chosen, keep=keep) as folder, _started(console, folder, port) as demo:
            names = {person.id: person.name for person in demo.services.people.everybody()}
            transcript = Transcript(console, names)
            crew = Crew(demo.workspace.control_url, patience=_PATIENCE)
            whole = Story(crew, transcript, runner.FOLDER, demo.week_over).play()
            console.print()
            _say(console, "played", done=transcript.done, failed=transcript.failed)
            return whole


def tries() -> str:
    """What a newcomer may try, in each language of the terminal."""
    asked = {step["kind"]: step["question"] for step in steps(runner.FOLDER) if "question" in step}
    return "\n\n".join(said["try"].format(**asked) for said in languages())


def _say(console: Console, key: str, style: str | None = None, **values: object) -> None:
    """One line, in each language of the terminal."""
    for said in languages():
        console.print(said[key].format(**values), style=style)


@contextmanager
def _started(console: Console, folder: Path, port: int) -> Iterator[Demo]:
    """The running demo; says how long the start took and what is in it."""
    logs.configure(folder / "demo.log")
    started = time.monotonic()
    progress = progress_bar(console)
    progress.start()
    try:
        with runner.running(folder, port, Bar(progress)) as demo:
            progress.stop()
            _say(
                console,
                "ready",
                manuals=demo.manuals,
                clauses=demo.clauses,
                seconds=time.monotonic() - started,
                log=folder / "demo.log",
            )
            yield demo
    finally:
        progress.stop()
