"""Image blocks that show a file of Slack's: it must be there, be the app's to show, and be a picture."""

from typing import Any

from bot.workspace.limits import walk
from bot.workspace.problems import Problem, refuse
from bot.workspace.world import StoredFile, World

Json = dict[str, Any]
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif"})


def check_pictures(world: World, blocks: list[Json], code: str, base: str) -> list[StoredFile]:
    """The files that blocks show. Raises SlackError `code` with a pointer to each that cannot be shown."""
    found: list[StoredFile] = []
    problems: list[Problem] = []
    for place, _, node in walk(blocks, base):
        wanted = node.get("slack_file") if node.get("type") == "image" else None
        if not isinstance(wanted, dict):
            continue
        stored = world.files.get(str(wanted.get("id") or "")) or next(
            (f for f in world.files.values() if world.describe_file(f)["url_private"] == wanted.get("url")),
            None,
        )
        if stored is None or stored.content is None or stored.mimetype not in SHOWN:
            problems.append(Problem(f"{place}/slack_file", "invalid slack file"))
        elif stored.user != world.team.bot_user and not stored.channels:
            problems.append(Problem(f"{place}/slack_file", "invalid slack file: not accessible"))
        else:
            found.append(stored)
    refuse(code, problems)
    return found
