"""usergroups.*: who can be mentioned by one handle."""

from typing import Any

from bot.workspace.arguments import Arguments
from bot.workspace.errors import SlackError
from bot.workspace.methods import method

Json = dict[str, Any]


@method(
    "usergroups.list", "", "include_count include_disabled include_users", scopes="usergroups:read", tier=2
)
def listed(call: Arguments) -> Json:
    """The user groups of the workspace."""
    users, count, every = (call.flag(f"include_{what}") for what in ("users", "count", "disabled"))
    groups = [group for group in call.world.groups.values() if every or not group.disabled]
    return {"usergroups": [group.to_slack(users=users, count=count) for group in groups]}


@method("usergroups.users.list", "usergroup", "include_disabled", scopes="usergroups:read", tier=2)
def users(call: Arguments) -> Json:
    """Who is in a user group."""
    wanted = call.text("usergroup")
    group = next((group for group in call.world.groups.values() if group.id == wanted), None)
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam", f"there is no user group {wanted!r}")
    return {"users": list(group.users)}
