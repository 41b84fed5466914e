"""`kefu procedures …`: what can be filed, an organisation's own procedure files, and the records filed so far."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli import batches, procedures_records, spoken

if TYPE_CHECKING:
    from bot.settings import Settings
    from tickets.procedure_files import Catalogue, Problem
    from tickets.procedure_spec import FieldSpec, Procedure, StepSpec, Who

app = typer.Typer(help="What can be filed, your own files, the records.", no_args_is_help=True)
app.command("file")(procedures_records.file)
app.command("records")(procedures_records.records)
app.command("record")(procedures_records.record)
app.command("act")(procedures_records.act)
app.command("edit")(procedures_records.edit)
app.command("withdraw")(procedures_records.withdraw)
app.command("revoke")(procedures_records.revoke)
app.command("waiting")(procedures_records.waiting)
app.command("owed")(procedures_records.owed)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Key = Annotated[str, typer.Argument(help="Key, name or phrase of the procedure.", show_default=False)]


def _settings() -> Settings:
    from bot.settings import Settings

    return Settings()


def _catalogue(settings: Settings) -> Catalogue:
    from tickets.procedure_files import load

    return load(settings.procedures_folder)


def _named(catalogue: Catalogue, name: str) -> Procedure:
    return catalogue.named(name) or catalogue.get(name)


@app.command("list")
def show_all(json: Json = False) -> None:
    """Every procedure with its key.

    Also its number prefix, and the file that it comes from.
    """
    found = _catalogue(_settings())
    if json:
        rows = [_row(one, found.sources[one.key]) for one in found.procedures.values()]
        told = [_problem(one) for one in found.problems]
        batches.print_json({"procedures": rows, "disabled": list(found.disabled), "problems": told})
        return
    for one in found.procedures.values():
        source = "" if found.sources[one.key] == "built-in" else f"  [{found.sources[one.key]}]"
        typer.echo(f"{one.key:<20} {one.prefix:<3} {one.name.zh} / {one.name.en}{source}")
    for key in found.disabled:
        typer.echo(f"{key:<20} switched off")
    for problem in found.problems:
        typer.echo(f"kefu: {spoken.told(str(problem))}", err=True)


def _row(one: Procedure, source: str) -> dict[str, Any]:
    return {**one.model_dump(mode="json", exclude_defaults=True), "key": one.key, "source": source}


def _problem(one: Problem) -> dict[str, str]:
    return {"file": one.file, "place": one.place, "message": one.message}


@app.command("show")
def show(key: Key, json: Json = False) -> None:
    """What a procedure asks, who takes which step, and what is counted."""
    found = _catalogue(_settings())
    one = _named(found, key)
    if json:
        batches.print_json(_row(one, found.sources[one.key]))
        return
    typer.echo(f"{one.name.zh} / {one.name.en}  ({one.key}, {one.prefix}, {found.sources[one.key]})")
    typer.echo(f"  {one.purpose.zh}\n  {one.purpose.en}")
    for field in one.fields:
        typer.echo(f"  - {_field(field)}")
    for step in one.steps:
        typer.echo(f"  > {_step(step)}")
        for field in step.fields:
            typer.echo(f"      - {_field(field)}")
    for limit in one.limits:
        typer.echo(f"  limit: {limit.most:g} per {limit.per}  {limit.message.zh}")
    for alarm in one.alarms:
        typer.echo(f"  alarm to {alarm.role.value}: {alarm.message.zh}")


def _field(field: FieldSpec) -> str:
    options = f" ({'|'.join(option.value for option in field.options)})" if field.options else ""
    when = f", when {field.when.field} is {'/'.join(field.when.equals) or 'so'}" if field.when else ""
    optional = "" if field.required else ", optional"
    return f"{field.key}: {field.label.zh} / {field.label.en}, {field.kind.value}{options}{optional}{when}"


def _step(step: StepSpec) -> str:
    hours = f", within {step.within_hours:g} h" if step.within_hours is not None else ""
    return f"{step.key}: {step.label.zh} / {step.label.en}, {step.kind.value} by {_who(step.by)}{hours}"


def _who(who: Who) -> str:
    if who.role is not None:
        return f"{who.role.value}{' or above' if who.or_above else ''}"
    if who.next_rung:
        return f"the next rung{' or above' if who.or_above else ''}"
    if who.filer:
        return "the filer"
    if who.duty:
        return f"whoever has the duty {who.duty}"
    return f"whoever took {who.taker}" if who.taker else f"whoever {who.field} names"


@app.command("check")
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Default: KEFU_PROCEDURES or KEFU_HOME/procedures.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Check the procedure files of a folder.

    Every mistake is told with its file, its place and what to do.
    """
    from tickets.procedure_files import check as check_folder

    chosen = folder or _settings().procedures_folder
    found = check_folder(chosen)
    own = sorted(key for key, source in found.sources.items() if source != "built-in")
    if json:
        told = [_problem(one) for one in found.problems]
        batches.print_json(
            {"folder": str(chosen), "own": own, "disabled": list(found.disabled), "problems": told}
        )
    else:
        for problem in found.problems:
            typer.echo(spoken.told(str(problem)))
        counted = f"{len(own)} own, {len(found.disabled)} switched off, {len(found.procedures)} in all"
        typer.echo(f"{chosen}: {counted}; {len(found.problems) or 'no'} mistakes.")
    if found.problems:
        raise typer.Exit(1)


_TEMPLATE = """\
# A procedure of your own. `kefu procedures check` tells what is wrong in it; a restart of the bot reads it.
key = "{key}"
prefix = "{prefix}"   # of the numbers: {prefix}-20261130-0001
name = {{ zh = "给它起个名字", en = "Give it a name" }}
purpose = {{ zh = "用来做什么。", en = "What it is for." }}
phrases = []          # what people type to begin it

[[fields]]
key = "what"
kind = "text"         # text, long_text, number, date, time, moment, choice, yes_no, person, channel, contact, computed
label = {{ zh = "什么事", en = "What" }}

[[steps]]
key = "approve"
kind = "approve"      # approve, accept, sign, do
label = {{ zh = "班长批准", en = "Shift leader approves" }}
by = {{ role = "leader", or_above = true }}   # or next_rung, filer, field = "…", duty = "…", taker = "…"
within_hours = 24

[effect]
title = "{{what}}"
"""


@app.command("new")
def new(
    key: Annotated[
        str,
        typer.Argument(help="Key of the new procedure, or of a built-in one to change.", show_default=False),
    ],
    json: Json = False,
) -> None:
    """Write a file to begin with into your folder.

    A copy of the built-in one of that key, or a template.
    """
    from importlib.resources import files

    from tickets.errors import InvalidInput

    settings = _settings()
    path = settings.procedures_folder / f"{key}.toml"
    if not key.replace("_", "").isalnum() or not key.isascii() or not key[0].isalpha() or key != key.lower():
        raise InvalidInput(
            "key", f"{key} is no key: small letters, digits and underscores, beginning with a letter."
        )
    if path.exists():
        raise InvalidInput("key", f"{path} is there already: edit it, or choose another key.")
    built_in = files("tickets").joinpath("procedures", f"{key}.toml")
    text = built_in.read_text(encoding="utf-8") if built_in.is_file() else _template(key, settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if json:
        batches.print_json({"procedure": key, "path": str(path)})
        return
    typer.echo(f"{path} is written: edit it, then kefu procedures check")


def _template(key: str, settings: Settings) -> str:
    from itertools import chain

    taken = {one.prefix for one in _catalogue(settings).procedures.values()} | {"E", "T"}
    letters = [sign for sign in key.upper() if sign.isalpha()]
    tries = chain([f"{letters[0]}{letters[-1]}"], (f"{letters[0]}{chr(code)}" for code in range(65, 91)))
    return _TEMPLATE.format(key=key, prefix=next((one for one in tries if one not in taken), "ZZZ"))
