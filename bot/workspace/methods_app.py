"""auth.test, api.test, apps.connections.open, blocks.validate."""

import json
from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.blocks import block_problems, view_problems
from bot.workspace.errors import SlackError
from bot.workspace.methods import method
from bot.workspace.people import APP
from bot.workspace.problems import Problem

Json = dict[str, Any]
LONGEST_VALIDATED = 100_000


@method("auth.test", tokens="bot app", tier=5)
def auth_test(call: Arguments) -> Json:
    """Who the token belongs to."""
    team, grant = call.world.team, call.grant
    out: Json = {
        "url": call.world.base_url,
        "team": team.enterprise_name if grant.org_wide else team.name,
        "user": "kefu",
        "team_id": team.enterprise if grant.org_wide else team.id,
        "user_id": team.bot_user,
        "bot_id": team.bot,
        "app_id": APP,
        "is_enterprise_install": grant.org_wide,
    }
    if team.enterprise:
        out["enterprise_id"] = team.enterprise
    if grant.expires is not None:
        out["expires_in"] = max(0, round(grant.expires - call.world.clock().timestamp()))
    return out


@method("api.test", tokens="bot app none", tier=4)
def api_test(call: Arguments) -> Json:
    """Echo; `error` makes it fail. Its arguments are free."""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {name: value for name, value in call.given.items() if name != "token"}}


@method("apps.connections.open", tokens="app", tier=3)
def open_connection(call: Arguments) -> Json:
    """A WebSocket address that works once."""
    return {"url": call.world.socket_address()}


@method("blocks.validate", "", "blocks message view", tokens="bot app none", tier=4)
def validate(call: Arguments) -> Json:
    """Check blocks, a message or a view without sending it."""
    given = [name for name in ("blocks", "message", "view") if call.given.get(name) is not None]
    if len(given) != 1:
        sentence = "must provide exactly one of `blocks`, `view`, or `message`"
        raise SlackError("invalid_arguments", more={"response_metadata": {"messages": [sentence]}})
    name = given[0]
    if len(_as_text(call.given[name])) > LONGEST_VALIDATED:
        raise SlackError("invalid_arguments", f"{name} holds at most {LONGEST_VALIDATED} characters")
    payload = call.structure(name)
    if name == "blocks":
        problems = block_problems(payload, "message", "")
    elif name == "view":
        problems = view_problems(payload, "")
    elif isinstance(payload, dict):
        problems = _message_problems(payload)
    else:
        problems = [Problem("", "must provide an object", {"type": "type", "expected": "object"})]
    if problems:
        objects = [problem.as_object() for problem in problems]
        raise SlackError(f"invalid_{name}", errors=objects)
    return {}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _message_problems(message: Json) -> list[Problem]:
    """Blocks of a message and of its attachments; a missing `text` is no problem to Slack's validator."""
    problems = block_problems(message.get("blocks", []), "message")
    for number, attachment in enumerate(message.get("attachments") or []):
        if isinstance(attachment, dict):
            base = f"/attachments/{number}/blocks"
            problems += block_problems(attachment.get("blocks", []), "message", base)
    return problems
