"""`kefu usage`: what the language model took, by day, person or model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from rich.table import Table

    from tickets.people import People
    from tickets.usage_records import UsageTotal

_COMMAND_LINE = "(command line)"


def usage(
    by: Annotated[Literal["day", "person", "model"], typer.Option("--by", help="What to count by.")] = "day",
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days back, today included.")] = 30,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What the language model took, by day, person or model.

    Tokens, cost, time to the first words, sentences that were kept and refused, and why a reply was not used.
    """
    from bot.settings import Settings
    from bot.wiring import open_people, open_usage
    from tickets.usage_records import UsageBy

    settings = Settings()
    totals = open_usage(settings).totals(UsageBy(by), days)
    people = open_people(settings) if by == "person" else None
    if json:
        batches.print_json({"by": by, "days": days, "usage": [row(one, people) for one in totals]})
        return
    if not totals:
        typer.echo(f"No language model was asked in the last {days} days.")
        return
    from rich.console import Console

    Console().print(table(by, totals, people))


def row(total: UsageTotal, people: People | None) -> dict[str, Any]:
    """One total as JSON: costs as decimals by currency, times in milliseconds."""
    return {
        "key": total.key,
        "name": _name(total.key, people),
        "calls": total.calls,
        "answers": total.answers,
        "tokens_in": total.tokens_in,
        "tokens_out": total.tokens_out,
        "calls_estimated": total.estimated,
        "cost": {currency: micros / 1_000_000 for currency, micros in total.cost.items()},
        "kept": total.kept,
        "dropped": dict(total.dropped),
        "outcomes": dict(total.outcomes),
        "faults": dict(total.faults),
        "first_ms_median": total.first_ms,
    }


def table(by: str, totals: list[UsageTotal], people: People | None) -> Table:
    """The totals for a terminal."""
    from rich.table import Table

    shown = Table(box=None, pad_edge=False)
    shown.add_column(by, no_wrap=True)
    for name in ("calls", "tokens in", "tokens out", "cost", "first words", "kept", "refused"):
        shown.add_column(name, justify="right")
    shown.add_column("not used because", overflow="fold")
    for one in totals:
        about = "~" if one.estimated else ""
        cost = " ".join(
            f"{micros / 1_000_000:.4f} {currency}".strip() for currency, micros in one.cost.items()
        )
        shown.add_row(
            _name(one.key, people),
            f"{one.calls}",
            f"{about}{one.tokens_in}",
            f"{about}{one.tokens_out}",
            cost or "–",
            "–" if one.first_ms is None else f"{one.first_ms / 1000:.1f} s",
            f"{one.kept}",
            f"{sum(one.dropped.values())}",
            ", ".join(f"{fault} {count}" for fault, count in sorted(one.faults.items())),
        )
    return shown


def _name(key: str, people: People | None) -> str:
    if people is None:
        return key
    return (people.get(key).name or key) if key else _COMMAND_LINE
