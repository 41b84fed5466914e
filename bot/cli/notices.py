"""`kefu notices …`: which holiday's wording runs from when to when, whatever the calendar says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches, working

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.notices import Notice, Notices

app = typer.Typer(help="Which holiday's wording runs on which days.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.callback()
def _group() -> None:
    """Which holiday's wording runs from when to when, whatever the calendar says."""


def _opened() -> tuple[Settings, Notices]:
    from bot.settings import Settings
    from bot.wiring import open_engine
    from knowledge.notices import Notices

    settings = Settings()
    return settings, Notices(open_engine(settings))


def _day(value: str, settings: Settings, option: str) -> date:
    """A date as people write it; usage error for what is none."""
    from ingest.metadata import read_moment

    moment = read_moment(value, settings.zone, ends=False)
    if moment is None:
        raise typer.BadParameter(f"{value} is not a date; write it like 2026-02-15.", param_hint=option)
    return moment.astimezone(settings.zone).date()


@app.command("add")
def add(
    wording: Annotated[
        str, typer.Argument(help="Which wording, as the manuals name it: 春节.", show_default=False)
    ],
    from_: Annotated[str, typer.Option("--from", help="First day: 2026-02-15.", show_default=False)],
    until: Annotated[str, typer.Option("--until", help="Last day: 2026-02-24.", show_default=False)],
    matter: Annotated[
        str, typer.Option(help="What it is for, when not for everything that is said: 接电话开场")
    ] = "",
    note: Annotated[str, typer.Option(help="What agents should know of it.")] = "",
    json: Json = False,
) -> None:
    """Announce which wording runs on which days.

    Who asks on these days what to say is answered with it and told why. The newest notice wins over an older one,
    and a notice over the calendar.
    """
    settings, notices = _opened()
    first, last = _day(from_, settings, "--from"), _day(until, settings, "--until")
    added = notices.add(wording, first, last, working.BY, matter=matter, note=note)
    if json:
        batches.print_json(_row(added))
        return
    typer.echo(_line(added))


@app.command("list")
def list_notices(json: Json = False) -> None:
    """Every notice; those in force today are marked."""
    from datetime import datetime

    settings, notices = _opened()
    kept = notices.all()
    if json:
        batches.print_json({"notices": [_row(notice) for notice in kept]})
        return
    today = datetime.now(settings.zone).date()
    for notice in kept:
        over = notice.until_on < today
        state = (
            "in force"
            if notice.holds_on(today)
            else "over"
            if over
            else f"in {(notice.from_on - today) // timedelta(days=1)} days"
        )
        typer.echo(f"{_line(notice)}  [{state}]")
    if not kept:
        typer.echo("None yet: kefu notices add 春节 --from 2026-02-15 --until 2026-02-24")


@app.command("remove")
def remove(
    number: Annotated[int, typer.Argument(help="Number of the notice.", show_default=False)],
    json: Json = False,
) -> None:
    """Take a notice back."""
    _opened()[1].remove(number)
    if json:
        batches.print_json({"id": number, "removed": True})
        return
    typer.echo(f"#{number} removed.")


def _line(notice: Notice) -> str:
    parts = [notice.matter, notice.note]
    more = "".join(f"  {part}" for part in parts if part)
    return f"#{notice.id} {notice.wording}  {notice.from_on} – {notice.until_on}{more}"


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "wording": notice.wording,
        "matter": notice.matter,
        "from": notice.from_on.isoformat(),
        "until": notice.until_on.isoformat(),
        "note": notice.note,
    }
