"""The language model, traces, and the bot itself, if it runs."""

from __future__ import annotations

import time

from bot.doctoring.checks import Finding, bad, check, ok, warning
from bot.settings import Settings
from bot.startup import BOT_LOCK

_PATIENCE = 10.0


@check("language model")
def model(_: Settings) -> Finding:
    """Whether the language model replies; it is asked for one word, which costs a few tokens."""
    from bot.assistant.language_model import LanguageModel
    from bot.assistant.model_errors import ModelUnavailable
    from bot.assistant.model_settings import ModelSettings

    chosen = LanguageModel.from_settings(ModelSettings())
    if chosen is None:
        return ok("None: answers are quotes.")
    begun = time.perf_counter()
    try:
        chosen.invoke([("user", "Say: ok")])
    except ModelUnavailable as error:
        return bad(f"{chosen.name}: {error}", "Until it replies, answers are quotes.")
    return ok(f"{chosen.name} replies in {time.perf_counter() - begun:.1f} s.")


@check("traces")
def traces(_: Settings) -> Finding:
    """Whether what sends them is installed, where they are wanted. Nothing is sent."""
    from importlib.util import find_spec

    from bot.observing.tracing import ENDPOINT, configured

    if not configured():
        return ok("Not wanted.")
    exporter = "opentelemetry.exporter.otlp.proto.grpc"
    try:
        there = find_spec("opentelemetry.sdk") is not None and find_spec(exporter) is not None
    except ModuleNotFoundError:
        there = False
    if not there:
        return bad(f"{ENDPOINT} is set, but OpenTelemetry is not there.", "Install kefu-desk[otel].")
    return ok("Sent where OTEL_EXPORTER_OTLP_ENDPOINT says.")


@check("bot")
def bot(settings: Settings) -> Finding:
    """Whether a bot runs with these settings, and what it says of itself."""
    import httpx

    if settings.metrics_port:
        host = settings.metrics_host
        shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - asked, not listened on
        where = f"http://{f'[{shown}]' if ':' in shown else shown}:{settings.metrics_port}/healthz"
        try:
            answer = httpx.get(where, timeout=_PATIENCE)
            told = answer.json()
        except httpx.HTTPError:
            return ok(f"Not running: nothing answers at {where}.")
        except ValueError:
            return bad(f"Another program answers at {where}.", "Give KEFU_METRICS_PORT another number.")
        if answer.status_code == httpx.codes.OK:
            return ok(f"Running and ready ({where}).")
        away = [name for name, state in told.items() if state in ("unreachable", False)]
        return warning(f"Running, and not ready: {', '.join(away)}.", f"Look at {where} and at its log.")
    if settings.embedded and _held(settings):
        return ok(f"Running on {settings.home}.")
    return ok("Not running here, or without KEFU_METRICS_PORT, by which it could be asked.")


def _held(settings: Settings) -> bool:
    """Whether a bot holds the data folder."""
    from filelock import FileLock, Timeout

    file = settings.home / BOT_LOCK
    if not file.exists():
        return False
    try:
        with FileLock(file, timeout=0):
            return False
    except Timeout:
        return True
