"""`kefu doctor`: is everything in place that the bot needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import batches

if TYPE_CHECKING:
    from bot.doctoring.live import Refusal


def doctor(
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Also let Slack check every kind of view and message that the bot sends (posts nothing).",
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check that everything is in place.

    Where it is not, it says what to do.

    Exit status 1 when something keeps the bot from working, or Slack refuses a payload. Changes nothing.
    """
    from bot.doctoring import live as lively
    from bot.doctoring.checks import State, examine
    from bot.doctoring.everything import CHECKS
    from bot.settings import Settings

    settings = Settings()
    findings = []
    for name, finding in examine(settings, CHECKS.values()):
        findings.append({"check": name, "state": finding.state.value, "found": finding.sentence})
        if finding.remedy:
            findings[-1]["remedy"] = finding.remedy
        if not json:
            print(f"{finding.state.value:8}{name}: {finding.sentence}")
            if finding.remedy:
                print(f"{'':8}→ {finding.remedy}")
    failed = any(finding["state"] == State.BAD for finding in findings)
    refusals = []
    if live:
        payloads = lively.recorded()
        refusals = [one for one in lively.refused(settings.slack, payloads) if one]
        failed = failed or bool(refusals)
        if not json:
            _tell_refusals(refusals, len(payloads))
    if json:
        shown = [vars(one) for one in refusals]
        batches.print_json(
            {"checks": findings} | ({"refused": shown, "payloads": len(payloads)} if live else {})
        )
    if failed:
        raise typer.Exit(1)


def _tell_refusals(refusals: list[Refusal], payloads: int) -> None:
    for refusal in refusals:
        print("\n".join(refusal.lines()))
    print(f"{'bad' if refusals else 'ok':8}payloads: Slack accepts {payloads - len(refusals)} of {payloads}.")
