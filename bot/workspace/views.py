"""Modals and Home tabs: who has which open, on which hash."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from bot.workspace.errors import SlackError
from bot.workspace.people import APP, FIRST_TEAM, Team

Json = dict[str, Any]
DEEPEST_STACK = 3


@dataclass
class View:
    """One modal or Home tab as it stands."""

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, Json] = field(default_factory=dict)
    team: Team = FIRST_TEAM

    @property
    def external_id(self) -> str:
        """The app's own name for it, or nothing."""
        return str(self.body.get("external_id") or "")

    def to_slack(self) -> Json:
        """The view object of responses and interactions."""
        body = {name: value for name, value in self.body.items() if name != "blocks"}
        return {
            "id": self.id,
            "team_id": self.team.id,
            "app_id": APP,
            "app_installed_team_id": self.team.id,
            "bot_id": self.team.bot,
            "title": None,
            "close": None,
            "submit": None,
            "callback_id": "",
            "external_id": "",
            "private_metadata": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **body,
            "blocks": self.body["blocks"],
            "state": {"values": self.state},
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
        }


class Views:
    """Every person's stack of modals and Home tab."""

    def __init__(self, team: Team = FIRST_TEAM) -> None:
        self._team = team
        self._views: dict[str, View] = {}
        self._stacks: dict[str, list[str]] = {}
        self._homes: dict[str, View] = {}
        self._count = 0

    def _new_hash(self) -> str:
        self._count += 1
        return f"{self._count}.{secrets.token_hex(4)}"

    def _make(self, user: str, body: Json, root: str | None, previous: str | None) -> View:
        external = body.get("external_id")
        if external and any(v.external_id == external for v in self._views.values()):
            raise SlackError("duplicate_external_id", f"external_id {external!r} is in use")
        view_id = f"V{secrets.token_hex(5).upper()}"
        return View(view_id, user, body, self._new_hash(), root or view_id, previous, team=self._team)

    def open(self, user: str, body: Json) -> View:
        """Show a modal; whatever modals the person had open are replaced."""
        view = self._make(user, body, None, None)
        self.clear(user)
        self._views[view.id] = view
        self._stacks[user] = [view.id]
        return view

    def push(self, user: str, body: Json) -> View:
        """Put a modal on top of the open ones (three at most)."""
        stack = self._stacks.get(user) or []
        if not stack:
            raise SlackError("not_found", "the person has no modal open to push onto")
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached", "a modal stack holds three views")
        view = self._make(user, body, self._views[stack[0]].root, stack[-1])
        self._views[view.id] = view
        stack.append(view.id)
        return view

    def find(self, view_id: str = "", external_id: str = "") -> View:
        """The view by either id. Raises SlackError not_found."""
        for view in [*self._views.values(), *self._homes.values()]:
            if (view_id and view.id == view_id) or (external_id and view.external_id == external_id):
                return view
        raise SlackError("not_found", "no such view is open")

    def knows(self, view_ids: set[str]) -> bool:
        """Whether one of them is open here."""
        homes = {view.id for view in self._homes.values()}
        return bool(view_ids & (self._views.keys() | homes))

    def update(self, view: View, body: Json, expected_hash: str = "") -> View:
        """Replace a view's content; inputs keep what was typed where block_id and action_id stay."""
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict", "the view has changed since this hash was handed out")
        kept = {block.get("block_id") for block in body["blocks"]}
        view.body = body
        view.state = {block_id: values for block_id, values in view.state.items() if block_id in kept}
        view.hash = self._new_hash()
        return view

    def publish(self, user: str, body: Json, expected_hash: str = "") -> View:
        """Show a Home tab to a person."""
        old = self._homes.get(user)
        if old is not None:
            return self.update(old, body, expected_hash)
        self._homes[user] = self._make(user, body, None, None)
        return self._homes[user]

    def home(self, user: str) -> View | None:
        """The person's Home tab, if the app has published one."""
        return self._homes.get(user)

    def stack(self, user: str) -> list[View]:
        """Open modals, bottom first."""
        return [self._views[view_id] for view_id in self._stacks.get(user, [])]

    def top(self, user: str) -> View | None:
        """The modal that the person sees."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def close(self, view_id: str) -> None:
        """Take a modal away, and those on top of it; the one beneath shows again."""
        view = self._views.get(view_id)
        stack = self._stacks.get(view.user, []) if view else []
        while view_id in stack:
            self._views.pop(stack.pop(), None)

    def clear(self, user: str) -> None:
        """Close every modal of the person."""
        for view_id in self._stacks.pop(user, []):
            self._views.pop(view_id, None)
