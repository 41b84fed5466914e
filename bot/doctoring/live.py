"""`kefu doctor --live`: the recorded payloads through Slack's own `blocks.validate`. Nothing is posted anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from bot.settings import SlackSettings
from bot.slack_errors import TROUBLE, code_of
from bot.startup import StartupError

Json = dict[str, Any]
_PATIENCE = 5
"""How often Slack may say that it is too much; blocks.validate has rate limits of its own."""


@dataclass(frozen=True)
class Refusal:
    """A payload that Slack refuses, and why: each error with pointer, code, message and constraint."""

    number: int
    kind: str
    code: str
    errors: list[Json] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For people."""
        head = f"payload {self.number} ({self.kind}): {self.code}"
        return [head, *(f"  {e.get('pointer') or '/'}: {_why(e)}" for e in self.errors)]


def _why(error: Json) -> str:
    constraint = error.get("constraint") or {}
    limits = ", ".join(f"{name} {value}" for name, value in constraint.items() if name in ("expected", "got"))
    return f"{error.get('message') or error.get('code')}" + (f" ({limits})" if limits else "")


def recorded() -> list[Json]:
    """The payloads that come with the package, each `{"view": …}` or `{"message": …}`; anonymous."""
    text = files("bot.doctoring").joinpath("payloads.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def refused(settings: SlackSettings, payloads: list[Json]) -> Iterator[Refusal | None]:
    """For each payload what Slack has against it, or None. Raises StartupError when Slack cannot be asked."""
    token = settings.bot_token.get_secret_value().strip() if settings.bot_token else ""
    if not token:
        raise StartupError("SLACK_BOT_TOKEN is not set: kefu doctor --live asks your Slack with it.")
    retries = [ConnectionErrorRetryHandler(2), RateLimitErrorRetryHandler(_PATIENCE)]
    client = WebClient(token=token, base_url=settings.api_url, retry_handlers=retries)
    for number, payload in enumerate(payloads, 1):
        kind = next(iter(payload))
        try:
            client.blocks_validate(**payload)
        except SlackApiError as error:
            code = code_of(error)
            if not code.startswith("invalid_") or code == "invalid_auth":
                raise StartupError(f"Slack does not check payloads with this token ({code}).") from error
            yield Refusal(number, kind, code, _errors(error))
        except TROUBLE as error:
            raise StartupError(f"Slack does not answer at {settings.api_url}: {error}.") from error
        else:
            yield None


def _errors(error: SlackApiError) -> list[Json]:
    """What the answer says in its `errors`, or in its messages where there are none."""
    listed = error.response.get("errors") or []
    if listed:
        return [one if isinstance(one, dict) else {"message": str(one)} for one in listed]
    told = (error.response.get("response_metadata") or {}).get("messages") or []
    return [{"message": str(one)} for one in told]
