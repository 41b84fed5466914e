"""auth.test, api.test, apps.connections.open, blocks.validate."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.blocks import block_problems, view_problems
from bot.workspace.errors import SlackError
from bot.workspace.methods import method
from bot.workspace.people import APP, BOT, BOT_USER, TEAM, TEAM_NAME
from bot.workspace.problems import Problem

Json = dict[str, Any]


@method("auth.test", tokens="bot app")
def auth_test(call: Arguments) -> Json:
    """Who the token belongs to."""
    return {
        "url": call.world.base_url,
        "team": TEAM_NAME,
        "user": "kefu",
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "app_id": APP,
        "is_enterprise_install": False,
    }


@method("api.test", tokens="bot app none")
def api_test(call: Arguments) -> Json:
    """Echo; `error` makes it fail. Its arguments are free."""
    if call.text("error"):
        raise SlackError(call.text("error"))
    return {"args": {name: value for name, value in call.given.items() if name != "token"}}


@method("apps.connections.open", tokens="app")
def open_connection(call: Arguments) -> Json:
    """A WebSocket address that works once."""
    return {"url": call.world.socket_address()}


@method("blocks.validate", "", "blocks message view", tokens="bot app none")
def validate(call: Arguments) -> Json:
    """Check blocks, a message or a view without sending it."""
    given = [name for name in ("blocks", "message", "view") if call.given.get(name) is not None]
    if len(given) != 1:
        raise SlackError("invalid_arguments", "must provide exactly one of `blocks`, `view`, or `message`")
    name = given[0]
    payload = call.structure(name)
    if name == "blocks":
        problems = block_problems(payload, "message", "")
    elif name == "view":
        problems = view_problems(payload, "")
    elif isinstance(payload, dict):
        problems = block_problems(payload.get("blocks", []), "message")
    else:
        problems = [Problem("", "must provide an object", {"type": "type", "expected": "object"})]
    if problems:
        objects = [problem.as_object() for problem in problems]
        raise SlackError(f"invalid_{name}", *(p.as_text() for p in problems), errors=objects)
    return {}
