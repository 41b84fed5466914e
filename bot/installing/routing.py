"""One client for all workspaces: each call goes out with the token of the workspace that it concerns.

A notice or a redrawn card may concern people of several workspaces at once, so that no part of the bot could say
beforehand which one it speaks to. What is known is the person or channel of each call: where they were seen first is
kept, and who was never seen is looked for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy import Engine, select

from bot.installing.workspaces import Team, Workspaces
from bot.slack_errors import WorkspaceGone
from tickets.slack_rows import SlackPlaceRow
from tickets.store import insert_once
from tickets.transaction import posting, reading

_ID_ARGUMENTS = ("channel", "channel_id", "users", "user", "user_id", "usergroup")
"""Arguments that tell which workspace a call concerns, the surest first."""
_NOT_HERE = frozenset({"channel_not_found", "user_not_found", "users_not_found", "no_such_subteam"})
_MOST_KNOWN = 50_000


class Places:
    """Which workspace people, channels and user groups belong to. Safe between threads and processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._known: dict[str, Team] = {}

    def team_of(self, place_id: str) -> Team | None:
        """Where an id was seen first; None when it never was."""
        with self._lock:
            known = self._known.get(place_id)
        if known is not None:
            return known
        with reading(self._engine) as session:
            row = session.execute(select(SlackPlaceRow).where(SlackPlaceRow.id == place_id)).scalar()
            found = Team(row.team_id, row.enterprise_id) if row else None
        if found is not None:
            self._keep(place_id, found)
        return found

    def remember(self, place_id: str, team: Team) -> None:
        """An id was seen in a workspace; the first time counts."""
        if not place_id or self.team_of(place_id) is not None:
            return
        values = {"id": place_id[:64], "team_id": team.team_id, "enterprise_id": team.enterprise_id}
        with posting(self._engine) as session:
            insert_once(session, SlackPlaceRow, values)

    def _keep(self, place_id: str, team: Team) -> None:
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[place_id] = team


class RoutingClient(WebClient):
    """A `WebClient` that finds the workspace of each call. Safe between threads."""

    def __init__(
        self,
        workspaces: Workspaces,
        places: Places,
        connect: Callable[[str], WebClient],
        home: Team | None = None,
    ) -> None:
        """`connect` makes a client with a token; `home`: where somebody is speaking from, else nobody is."""
        self._workspaces = workspaces
        self._places = places
        self._connect = connect
        self._home = home
        self._lock = threading.Lock()
        self._clients: dict[str, WebClient] = {}
        super().__init__(base_url=connect("").base_url)

    @property
    def token(self) -> str | None:
        """The token of home, for what is fetched beside the Web API; it is another after some hours."""
        return self._workspaces.bot(self._home).bot_token if self._home is not None else None

    @token.setter
    def token(self, value: str | None) -> None:
        """Nothing: tokens belong to the workspaces."""

    def at(self, home: Team) -> RoutingClient:
        """The same for somebody who speaks from a workspace."""
        return RoutingClient(self._workspaces, self._places, self._connect, home)

    def api_call(self, api_method: str, **how: Any) -> SlackResponse:
        """Call with the right token. Raises SlackApiError, and WorkspaceGone when no workspace is left to ask."""
        place = _place(how.get("params") or how.get("json") or how.get("data") or {})
        asked = self._candidates(place)
        for team in asked[:-1]:
            try:
                return self._call(team, place, api_method, how)
            except SlackApiError as error:
                if error.response.get("error") not in _NOT_HERE:
                    raise
            except WorkspaceGone:
                continue
        if not asked:
            raise WorkspaceGone(place or "no workspace has installed the app")
        return self._call(asked[-1], place, api_method, how)

    def files_upload_v2(self, **how: Any) -> SlackResponse:
        """All calls of an upload by one workspace: that of the channel where the file will stand."""
        place = str(how.get("channel") or "")
        asked = self._candidates(place)
        if not asked:
            raise WorkspaceGone(place)
        return self._client(asked[0]).files_upload_v2(**how)

    def usergroups_list(self, **how: Any) -> SlackResponse:
        """The user groups of every workspace; of two with one handle the first."""
        found: dict[str, Mapping[str, Any]] = {}
        answer = None
        for team in self._workspaces.every():
            try:
                answer = self._client(team).usergroups_list(**how)
            except SlackApiError as error:
                if error.response.get("error") != "missing_argument":
                    raise
                continue  # a whole organisation: its groups belong to one workspace each, and none is named
            for group in answer.get("usergroups") or ():
                if group["handle"] not in found:
                    found[group["handle"]] = group
                    self._places.remember(str(group["id"]), team)
        if answer is None:
            raise WorkspaceGone("no workspace has installed the app")
        if isinstance(answer.data, dict):
            answer.data["usergroups"] = list(found.values())
        return answer

    def _candidates(self, place: str) -> list[Team]:
        """The workspaces to ask, in order: where it belongs; else where somebody speaks from, and all others."""
        known = self._places.team_of(place) if place else None
        if known is not None:
            return [known]
        home = [self._home] if self._home is not None else []
        if home and not place:
            return home
        return home + [team for team in self._workspaces.every() if team != self._home]

    def _call(self, team: Team, place: str, api_method: str, how: Mapping[str, Any]) -> SlackResponse:
        client = self._client(team)
        try:
            answer: SlackResponse = client.api_call(api_method, **how)
        except SlackApiError as error:
            if error.response.get("error") != "token_expired":
                raise
            fresh = str(self._workspaces.refused(team, str(client.token)).bot_token)
            answer = self._connect(fresh).api_call(api_method, **how)
        if place:
            self._places.remember(place, team)
        if api_method == "conversations.open":
            self._places.remember(str((answer.get("channel") or {}).get("id") or ""), team)
        return answer

    def _client(self, team: Team) -> WebClient:
        token = str(self._workspaces.bot(team, org_wide=not team.team_id).bot_token)
        with self._lock:
            if token not in self._clients:
                if len(self._clients) > 100:  # tokens that were renewed long since
                    self._clients.clear()
                self._clients[token] = self._connect(token)
            return self._clients[token]


def _place(given: Mapping[str, Any]) -> str:
    """The id that tells where a call belongs; empty when none does."""
    for name in _ID_ARGUMENTS:
        value = given.get(name)
        if isinstance(value, list | tuple):
            value = value[0] if value else ""
        if isinstance(value, str) and value:
            return value.partition(",")[0].strip()
    return ""
