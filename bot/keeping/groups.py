"""Slack user groups: what they say of people is read every few minutes, and when Slack says that one changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

import structlog
from slack_sdk import WebClient

from bot.slack_errors import TROUBLE, code_of
from tickets.directory_told import GroupState
from tickets.people_desk import PeopleDesk

_log = structlog.get_logger(__name__)

EVERY_SECONDS = 300.0
NO_SUCH_GROUP = "no_such_group"
"""Our own code, beside Slack's: no group of the workspace has this handle, or it is disabled."""


class SlackGroups:
    """Reads the groups of the rules and tells the desk who is in them. Safe between threads."""

    def __init__(
        self, client: WebClient, directory: PeopleDesk, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._directory = directory
        self._elapsed = elapsed
        self._turn = threading.Lock()
        self._last: float | None = None
        self._seen = -1

    def look(self) -> None:
        """Read the groups when it is time, or when there may be one that was never read."""
        due = self._last is None or self._elapsed() - self._last >= EVERY_SECONDS
        if due or self._seen != self._directory.version:
            self._seen = self._directory.version
            if due or any(not (state.read_at or state.fault) for state in self._directory.groups()):
                self.read()

    def read_again(self, group_id: str) -> None:
        """Read one group, when a rule speaks of it."""
        state = next((one for one in self._directory.groups() if one.group_id == group_id), None)
        if state and group_id:
            with self._turn:
                self._read_one(state, group_id)

    def read(self) -> None:
        """Read every group that a rule speaks of; one that cannot be read keeps who was in it."""
        with self._turn:
            self._last = self._elapsed()
            states = self._directory.groups()
            if not states:
                return
            try:
                listed = self._client.usergroups_list()["usergroups"]
            except TROUBLE as error:
                for state in states:
                    self._unread(state, code_of(error))
                return
            ids = {str(group["handle"]): str(group["id"]) for group in listed}
            for state in states:
                self._read_one(state, ids.get(state.rule.handle, ""))

    def _read_one(self, state: GroupState, group_id: str) -> None:
        if not group_id:
            self._unread(state, NO_SUCH_GROUP)
            return
        try:
            users = self._client.usergroups_users_list(usergroup=group_id)["users"]
            members = {str(user): self._name(str(user), state.members) for user in users}
        except TROUBLE as error:
            self._unread(state, code_of(error))
            return
        self._directory.keep_members(state.rule.handle, group_id, members)

    def _name(self, user: str, known: Mapping[str, str]) -> str:
        """The name in Slack, asked for once: the people file may not know this person."""
        if known.get(user):
            return known[user]
        found = self._client.users_info(user=user)["user"]
        profile = found.get("profile") or {}
        return str(profile.get("display_name") or found.get("real_name") or found.get("name") or user)

    def _unread(self, state: GroupState, fault: str) -> None:
        if fault != state.fault:
            _log.warning("people.group_unread", group=state.rule.handle, error=fault)
        self._directory.group_unread(state.rule.handle, fault)
