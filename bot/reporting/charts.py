"""The week as one picture."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.blocks.wording import Words
from bot.reporting.fonts import chinese_font
from tickets.figures import Figures

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_OUTCOMES = ("answered", "conflict", "clarify", "not_found", "refused")
# Told apart without colour too: each has its hatching.
_LOOKS = {
    "answered": ("#2f6f4e", ""),
    "conflict": ("#c58b2a", "//"),
    "clarify": ("#5b7fb5", ".."),
    "not_found": ("#a8433f", "xx"),
    "refused": ("#777777", "--"),
}
_MOST_BARS = 8
_FEWEST_ROWS = 4
"""Room for so many bars is kept, so that one alone does not fill the picture."""


def week_picture(figures: Figures, names: Mapping[str, str], words: Words) -> bytes:
    """A PNG: questions by day and outcome, escalations by category with their hours, tickets by kind, what was not
    filed. `names` gives the names of procedures and kinds by key.
    """
    from matplotlib import font_manager, rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    path, _ = chinese_font()
    font_manager.fontManager.addfont(str(path))
    with rc_context({"font.family": "Noto Sans CJK SC", "axes.unicode_minus": False, "font.size": 10}):
        picture = Figure(figsize=(11, 7.5), dpi=110, layout="constrained")
        FigureCanvasAgg(picture)
        corners = picture.subplots(2, 2)
        _questions(corners[0][0], figures, words)
        _bars(
            corners[0][1],
            words("week.escalations_by_category"),
            {name or "-": count for name, count in figures.escalations.by_category.items()},
            _hours(figures, words),
            words,
        )
        kinds = {names.get(kind, kind): count for kind, count in figures.tickets.by_kind.items()}
        _bars(corners[1][0], words("week.tickets_by_kind"), kinds, {}, words)
        missing = {
            names.get(key, key): sum(people.values()) for key, people in figures.records.missing.items()
        }
        _bars(corners[1][1], words("week.missing_by_duty"), missing, {}, words)
        file = io.BytesIO()
        picture.savefig(file, format="png")
    return file.getvalue()


def _hours(figures: Figures, words: Words) -> dict[str, str]:
    return {
        name or "-": words("week.hours", hours=f"{hours:.1f}")
        for name, hours in figures.escalations.hours_to_decision.items()
    }


def _questions(axes: Axes, figures: Figures, words: Words) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(words("week.questions_by_day"))
    days = list(figures.questions.by_day)
    labels = [f"{day:%m-%d}" for day in days]
    below = [0] * len(days)
    for outcome in _OUTCOMES:
        counts = [figures.questions.by_day[day].get(outcome, 0) for day in days]
        if not any(counts):
            continue
        colour, hatch = _LOOKS[outcome]
        axes.bar(
            labels,
            counts,
            bottom=below,
            label=words(f"outcome.{outcome}"),
            color=colour,
            hatch=hatch,
            edgecolor="white",
        )
        below = [a + b for a, b in zip(below, counts, strict=True)]
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    if any(below):
        axes.legend(fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.08))
    else:
        _nothing(axes, words)


def _bars(axes: Axes, title: str, counts: Mapping[str, int], notes: Mapping[str, str], words: Words) -> None:
    """Bars lying down, the longest above, each with its number."""
    from matplotlib.ticker import MaxNLocator

    axes.set_title(title)
    shown: Sequence[tuple[str, int]] = sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))
    shown = shown[-_MOST_BARS:]
    if not shown:
        _nothing(axes, words)
        return
    bars = axes.barh(
        [_short(name) for name, _ in shown], [count for _, count in shown], color="#5b7fb5", height=0.6
    )
    axes.set_ylim(len(shown) - max(len(shown), _FEWEST_ROWS) - 0.6, len(shown) - 0.4)
    axes.bar_label(bars, [f" {count}  {notes.get(name, '')}" for name, count in shown], fontsize=8)
    axes.margins(x=0.3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)


def _short(name: str) -> str:
    return name if len(name) <= 14 else f"{name[:13]}…"


def _nothing(axes: Axes, words: Words) -> None:
    axes.text(0.5, 0.5, words("week.nothing"), ha="center", va="center", transform=axes.transAxes)
    axes.set_xticks([])
    axes.set_yticks([])
