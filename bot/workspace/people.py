"""Who and what is in the workspace before anybody speaks: people, channels, the bot."""

from dataclasses import dataclass, replace
from typing import Any

TEAM = "T_KEFU"
TEAM_NAME = "客服中心"
DOMAIN = "kefu-desk"
APP = "A_KEFU"
BOT = "B_BOT"
BOT_USER = "U_BOT"


@dataclass(frozen=True)
class Team:
    """One Slack workspace; what is called `enterprise` is the organisation (Enterprise Grid) that it belongs to.

    `mark` ends every id of its people, channels and bot: ids are never the same in two teams.
    """

    id: str
    name: str
    domain: str
    mark: str = ""
    enterprise: str = ""
    enterprise_name: str = ""

    @property
    def bot_user(self) -> str:
        """The app's user in this team; the teams of an organisation share one."""
        return f"{BOT_USER}_{self.enterprise}" if self.enterprise else f"{BOT_USER}{self.mark}"

    @property
    def bot(self) -> str:
        """The app's bot id in this team."""
        return f"{BOT}_{self.enterprise}" if self.enterprise else f"{BOT}{self.mark}"

    def own(self, name: str) -> str:
        """The id that somebody or something called so in the first team has here."""
        return self.bot_user if name == BOT_USER else f"{name}{self.mark}"


FIRST_TEAM = Team(TEAM, TEAM_NAME, DOMAIN)
SECOND_TEAM = Team("T_SOUTH", "华南客服中心", "kefu-south", mark="_SOUTH")
ENTERPRISE_TEAMS = (
    Team(
        "T_EAST", "华东客服中心", "kefu-east", mark="_EAST", enterprise="E_KEFU", enterprise_name="客服集团"
    ),
    Team(
        "T_WEST", "华西客服中心", "kefu-west", mark="_WEST", enterprise="E_KEFU", enterprise_name="客服集团"
    ),
)


@dataclass(frozen=True)
class Person:
    """One member of the workspace. `role` is shown on the page only; Slack knows no roles."""

    id: str
    name: str
    handle: str
    role: str
    locale: str = "zh-CN"
    is_bot: bool = False
    team: Team = FIRST_TEAM

    def to_slack(self, include_locale: bool) -> dict[str, Any]:
        """The user object of users.info."""
        user: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team.id,
            "name": self.handle,
            "deleted": False,
            "real_name": self.name,
            "tz": "Asia/Shanghai",
            "tz_label": "China Standard Time",
            "tz_offset": 28800,
            "profile": {
                "title": self.role,
                "real_name": self.name,
                "real_name_normalized": self.name,
                "display_name": self.name,
                "display_name_normalized": self.name,
                "team": self.team.id,
            },
            "is_admin": self.id == self.team.own("U_ADMIN"),
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
        }
        if include_locale:
            user["locale"] = self.locale
        return user


@dataclass
class UserGroup:
    """A user group (a subteam, as the events call it): people who can be mentioned by one handle."""

    id: str
    handle: str
    name: str
    users: list[str]
    created: int
    updated: int
    disabled: int = 0
    """When it was disabled; 0: it is not."""
    team: str = TEAM

    def to_slack(self, *, users: bool = False, count: bool = False) -> dict[str, Any]:
        """The user group object of usergroups.list."""
        group: dict[str, Any] = {
            "id": self.id,
            "team_id": self.team,
            "is_usergroup": True,
            "is_subteam": True,
            "name": self.name,
            "description": "",
            "handle": self.handle,
            "is_external": False,
            "date_create": self.created,
            "date_update": self.updated,
            "date_delete": self.disabled,
            "auto_type": None,
            "auto_provision": False,
            "enterprise_subteam_id": "",
            "created_by": "U_ADMIN",
            "updated_by": "U_ADMIN",
            "deleted_by": "U_ADMIN" if self.disabled else None,
            "prefs": {"channels": [], "groups": []},
            "channel_count": 0,
        }
        if users:
            group["users"] = list(self.users)
        if users or count:
            group["user_count"] = len(self.users)
        return group


@dataclass(frozen=True)
class Channel:
    """A conversation: a channel, a private channel, or somebody's direct messages with the bot."""

    id: str
    name: str
    members: tuple[str, ...]
    is_private: bool = False
    is_im: bool = False
    topic: str = ""
    is_archived: bool = False
    team: Team = FIRST_TEAM

    @property
    def channel_type(self) -> str:
        """What message events call it: im, group or channel."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    @property
    def partner(self) -> str:
        """The person at the other end of direct messages with the bot."""
        return next(member for member in self.members if member != self.team.bot_user)

    def to_slack(self) -> dict[str, Any]:
        """The conversation object of conversations.info."""
        shared = {
            "id": self.id,
            "created": 0,
            "is_archived": self.is_archived,
            "context_team_id": self.team.id,
        }
        if self.is_im:
            return shared | {"is_im": True, "user": self.partner, "is_user_deleted": False, "is_open": True}
        return shared | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_general": False,
            "is_member": self.team.bot_user in self.members,
            "creator": "U_ADMIN",
            "topic": {"value": self.topic, "creator": "U_ADMIN", "last_set": 0},
            "purpose": {"value": self.topic, "creator": "U_ADMIN", "last_set": 0},
        }


PEOPLE = (
    Person("U_AGENT", "小林（坐席）", "xiaolin", "坐席"),
    Person("U_AGENT2", "Amy（坐席）", "amy", "坐席", locale="en-US"),
    Person("U_LEADER", "周岚（班长）", "zhoulan", "班长"),
    Person("U_SUPERVISOR", "陈静（现场主管）", "chenjing", "现场主管"),
    Person("U_SUPERVISOR2", "吴桐（现场主管）", "wutong", "现场主管"),
    Person("U_ADMIN", "老何（管理员）", "laohe", "管理员"),
    Person(BOT_USER, "客服台", "kefu", "应用", is_bot=True),
)


def people_of(team: Team) -> list[Person]:
    """Everybody of a team, the app's user included."""
    return [replace(person, id=team.own(person.id), team=team) for person in PEOPLE]


def first_channels(team: Team = FIRST_TEAM) -> list[Channel]:
    """The two channels and everybody's direct messages with the bot."""
    humans = [person.id for person in people_of(team) if not person.is_bot]
    everybody = (*humans, team.bot_user)
    leading = ("U_LEADER", "U_SUPERVISOR", "U_SUPERVISOR2", "U_ADMIN", BOT_USER)
    reviewers = tuple(team.own(one) for one in leading)
    channels = [
        Channel(team.own("C_FLOOR"), "现场", everybody, topic="坐席日常问答", team=team),
        Channel(team.own("C_REVIEW"), "审核", reviewers, is_private=True, topic="上报与审批", team=team),
    ]
    direct = [Channel(f"D_{human}", "", (human, team.bot_user), is_im=True, team=team) for human in humans]
    return channels + direct
