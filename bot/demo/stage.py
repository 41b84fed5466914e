"""What `kefu demo` shows on the terminal: the start, the address and what to try, or the story."""

from __future__ import annotations

import signal
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
from bot.demo.transcript import Transcript
from bot.progress import progress_bar

_PATIENCE = 90.0
"""Seconds to wait for what should appear: on a machine that does much else as well, everything comes late."""

TRY = """\
打开页面，点一个问题，或点“带我走一遍”（约 2 分钟）。
也可以自己切换身份来试：

 · 坐席小林，私信：{ask}
   在同一话题里追问：{follow_up}
 · 问一个手册里没有的：{absent}
   按“上报”，填表，提交
 · 主管陈静，“审核”频道：批准草稿
   再输入 /kefu audit 工单号；私信里提问，按“确认为口径”
 · 谁都可以：/kefu me 填单位与工号，先得到自己单位的规定
 · 管理员老何，私信：发送改好的手册
   （Word、PDF、文本等），核对后发布"""


class Bar:
    """The progress of the start on the terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._steps = progress.add_task("", total=None)
        self._clauses = progress.add_task("  条款向量", total=None, visible=False)

    def step(self, text: str) -> None:
        """Something begins; what went before is done."""
        self._progress.update(self._clauses, visible=False)
        self._progress.update(self._steps, description=text)

    def embedded(self, done: int, total: int) -> None:
        """Clauses embedded so far."""
        self._progress.update(self._clauses, completed=done, total=total, visible=True)


def serve(home: Path, port: int, *, keep: bool) -> None:
    """Run the demo until Ctrl-C or SIGTERM."""
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    console = Console()
    with demo_home(home, keep=keep) as folder, _started(console, folder, port) as demo:
        asked = {step["kind"]: step["question"] for step in steps(runner.FOLDER)}
        console.print(
            Panel(
                f"[bold]{demo.workspace.url}[/bold]\n\n{TRY.format(**asked)}",
                title="Kefu Desk 客服台",
                expand=False,
            )
        )
        console.print("Ctrl-C 结束。", style="dim")
        ending.wait()
        console.print("正在结束…")


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
            console.print(f"\n{transcript.done} 步完成，{transcript.failed} 步未完成。")
            return whole


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
            seconds = time.monotonic() - started
            console.print(
                f"就绪：{demo.manuals} 本手册，{demo.clauses} 条，用时 {seconds:.1f} 秒。日志：{folder / 'demo.log'}"
            )
            yield demo
    finally:
        progress.stop()
