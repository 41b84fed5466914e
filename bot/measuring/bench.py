"""A bench: every size and every crowd, kept as JSON, as a table and as a picture."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from bot.measuring import agents, sizes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Bench(BaseModel):
    """What was measured, where and when."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    machine: str
    load_before: float
    """One-minute load average when it began: what is far above zero shared the machine."""
    sizes: tuple[sizes.SizeFigures, ...]
    crowds: tuple[agents.AgentFigures, ...]


def measure(clauses: Sequence[int], crowds: Sequence[int], rounds: int, say: Callable[[str], None]) -> Bench:
    """Measure all; `say` hears what is being done."""
    at, load = datetime.now(UTC), os.getloadavg()[0]
    of_sizes = []
    for count in clauses:
        say(f"{count:,} clauses")
        of_sizes.append(sizes.measure(count, rounds))
    of_crowds: Sequence[agents.AgentFigures] = ()
    if crowds:
        say(f"{', '.join(map(str, crowds))} agents at once")
        of_crowds = agents.measure(crowds)
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return Bench(
        at=at, machine=machine, load_before=round(load, 2), sizes=tuple(of_sizes), crowds=tuple(of_crowds)
    )


def table(bench: Bench) -> str:
    """The figures in Markdown."""
    lines = [f"{bench.machine}; load before {bench.load_before}; {bench.at:%Y-%m-%d %H:%M} UTC", ""]
    if bench.sizes:
        names = list(bench.sizes[0].sides)
        heads = ["clauses", "ingest s", "embedding ms a clause", "start s", "idle MB (own)"]
        lines += _row([*heads, *(f"{name}: ms (×)" for name in names)])
        lines += _row(["---"] * (len(heads) + len(names)))
        for one in bench.sizes:
            asked = [
                f"{one.sides[name].median_ms:.1f} ({one.sides[name].by_embedding:.2f})" for name in names
            ]
            memory = f"{one.idle_mb.get('all', 0):.0f} ({one.idle_mb.get('own', 0):.0f})"
            costs = [f"{one.clauses:,}", one.ingest_seconds, one.embedding_ms, one.start_seconds, memory]
            lines += _row([*map(str, costs), *asked])
        missing = sorted({name for one in bench.sizes for name in one.left_out})
        lines += [f"Not installed here: {', '.join(missing)}."] if missing else []
        lines += [
            "",
            "ms: median of a question; ×: of the bare embedding of the question in the same run.",
            "",
        ]
    if bench.crowds:
        lines += _row(
            [
                "agents at once",
                "acknowledged",
                "ack p95 / longest ms",
                "answered",
                "answer p50 / p95 / longest s",
                "answers a second",
                "command beside them: longest ack ms",
                "MB (own)",
            ]
        )
        lines += _row(["---"] * 8)
        for crowd in bench.crowds:
            memory = f"{crowd.memory_mb.get('all', 0):.0f} ({crowd.memory_mb.get('own', 0):.0f})"
            lines += _row(
                [
                    str(crowd.agents),
                    str(crowd.acknowledged),
                    f"{crowd.ack_p95_ms:.0f} / {crowd.ack_longest_ms:.0f}",
                    str(crowd.answered),
                    f"{crowd.answer_p50_s} / {crowd.answer_p95_s} / {crowd.answer_longest_s}",
                    str(crowd.answers_a_second),
                    f"{crowd.press_longest_ms:.0f}",
                    memory,
                ]
            )
    return "\n".join(lines).rstrip() + "\n"


def keep(bench: Bench, folder: Path) -> list[Path]:
    """Write bench.json, bench.md and bench.svg; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / name for name in ("bench.json", "bench.md", "bench.svg")]
    files[0].write_text(bench.model_dump_json(indent=1) + "\n", encoding="utf-8")
    files[1].write_text(table(bench), encoding="utf-8")
    picture(bench, files[2])
    return files


def picture(bench: Bench, file: Path) -> None:
    """How cost grows with clauses and with agents, as an SVG."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "kefu", "font.size": 9}):
        drawn = Figure(figsize=(11, 6.5), layout="constrained")
        FigureCanvasSVG(drawn)
        corners = drawn.subplots(2, 3)
        counts = [one.clauses for one in bench.sizes]
        asked = {
            name: [one.sides[name].median_ms for one in bench.sizes]
            for name in (bench.sizes[0].sides if bench.sizes else ())
            if all(name in one.sides for one in bench.sizes)
        }
        _lines(corners[0][0], "a question, ms (median)", counts, asked, "clauses")
        taken = {"without embedding": [one.ingest_seconds for one in bench.sizes]}
        _lines(corners[0][1], "taking in, s", counts, taken, "clauses")
        started = {"start, s": [one.start_seconds for one in bench.sizes]}
        _lines(corners[0][2], "start of the bot, s", counts, started, "clauses")
        crowds = [one.agents for one in bench.crowds]
        waits = {
            "median": [one.answer_p50_s for one in bench.crowds],
            "95 %": [one.answer_p95_s for one in bench.crowds],
        }
        _lines(corners[1][0], "until the answer stands, s", crowds, waits, "agents asking at once")
        acks = {
            "question, 95 %": [one.ack_p95_ms for one in bench.crowds],
            "command beside it, longest": [one.press_longest_ms for one in bench.crowds],
        }
        _lines(corners[1][1], "acknowledged to Slack, ms", crowds, acks, "agents asking at once")
        sizes_mb = {"all": [one.idle_mb.get("all", 0) for one in bench.sizes]}
        sizes_mb["not mapped from files"] = [one.idle_mb.get("own", 0) for one in bench.sizes]
        _lines(corners[1][2], "memory of the idle bot, MB", counts, sizes_mb, "clauses")
        drawn.savefig(file, format="svg", metadata={"Date": None})


_LOOKS = (("o", "-"), ("s", "--"), ("^", ":"), ("D", "-."), ("v", "-"))


def _lines(
    axes: Axes, title: str, where: Sequence[float], lines: Mapping[str, Sequence[float]], below: str
) -> None:
    for (name, values), (marker, style) in zip(lines.items(), _LOOKS, strict=False):
        axes.plot(where, values, marker=marker, linestyle=style, label=name)
    axes.set_title(title)
    axes.set_xlabel(below)
    if where:
        axes.set_xscale("log")
        axes.set_xticks(where, [f"{one:,}" for one in where])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
    if len(lines) > 1:
        axes.legend(fontsize=7)


def _row(cells: Sequence[str]) -> list[str]:
    return ["| " + " | ".join(cells) + " |"]
