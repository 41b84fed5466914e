"""Settings: one class per part, read from the environment when built and never at import.

`Settings()` reads `KEFU_…`, its `slack` part reads `SLACK_…`, from the environment and from KEFU_SECRETS_FILE. Tests pass values as arguments.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from bot.secrets_file import SecretSettings

if TYPE_CHECKING:
    from knowledge.chroma_server import ChromaServer
    from tickets.reminders import ReportTime


class SlackSettings(SecretSettings):
    """How to reach Slack, and how Slack reaches us (`SLACK_…`)."""

    model_config = SettingsConfigDict(env_prefix="SLACK_", extra="ignore")

    bot_token: SecretStr | None = None
    """`xoxb-…`, from "Install App"."""
    app_token: SecretStr | None = None
    """`xapp-…` with the scope connections:write, for Socket Mode."""
    signing_secret: SecretStr | None = None
    """From "Basic Information": Slack signs with it what it sends over HTTP (`kefu up --http`)."""
    client_id: str = ""
    """With `client_secret`: workspaces install the app by themselves (OAuth) instead of one bot token."""
    client_secret: SecretStr | None = None
    """From "Basic Information", beside the client id."""
    workspaces: str = ""
    """Ids (T… or E…) of the workspaces and organisations that may install the app, separated by commas; `*`: any."""
    public_url: str = ""
    """Where Slack and browsers reach the bot's web server from outside, e.g. `https://desk.example.com/kefu`."""
    api_url: str = "https://slack.com/api/"
    """Base address of the Web API; the local workspace prints its own."""

    @field_validator("api_url")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        return value if value.endswith("/") else f"{value}/"

    @field_validator("public_url")
    @classmethod
    def _whole_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("it must be a whole address that begins with https://")
        return value.rstrip("/")

    @property
    def by_oauth(self) -> bool:
        """Whether workspaces install the app by themselves."""
        return bool(self.client_id or self.client_secret)

    @property
    def invited(self) -> frozenset[str]:
        """The workspaces and organisations that may install the app."""
        return frozenset(one for part in self.workspaces.split(",") if (one := part.strip()))


class Settings(SecretSettings):
    """What the product needs to know about its surroundings (`KEFU_…`)."""

    model_config = SettingsConfigDict(env_prefix="KEFU_", extra="ignore")

    home: Path = Field(default_factory=lambda: Path.home() / ".kefu-desk")
    """Data folder (`KEFU_HOME`); everything that the product writes lives below it."""
    database_url: str | None = None
    """SQLAlchemy address; default: a SQLite file below `home`."""
    chroma_url: str | None = None
    """`http://host:port` of a Chroma server; default: embedded below `home`."""
    chroma_token: SecretStr | None = None
    """What a hosted Chroma, or a proxy before one, wants to see."""
    chroma_tenant: str = "default_tenant"
    """Whose databases on that server, and which of them."""
    chroma_database: str = "default_database"
    embedding_model: str = ""
    """Name or folder of a sentence-transformers model; `openai:NAME` or `tei:NAME` on a server (`bot.embedding_server`);
    empty: the bundled pair."""
    embedding_base_url: str = ""
    """Address of the server that embeds: of an OpenAI-compatible one with its `/v1`, of text-embeddings-inference
    without."""
    embedding_api_key: SecretStr | None = None
    """What that server wants as a bearer token, if anything."""
    embedding_seconds: float = Field(default=3.0, gt=0, le=60)
    """How long it may take for a question; then the answer goes by the words."""
    embedding_query_prefix: str = ""
    """What its model wants to read before a question (`query: ` for the E5 family)."""
    embedding_passage_prefix: str = ""
    """The same before a clause."""
    reranker: str = ""
    """Name or folder of a sentence-transformers CrossEncoder that looks at the best hits again; empty: none."""
    people: Path | None = None
    """TOML file with people, roles and the ladder; default `home/people.toml`."""
    procedures: Path | None = None
    """Folder of the organisation's own procedure files; default `home/procedures`."""
    timezone: str = "Asia/Shanghai"
    """Time zone of the site: days in ticket numbers and dates shown."""
    language: Literal["zh", "en"] = "zh"
    """Interface language of people whose Slack locale says nothing."""
    caution: Literal["low", "normal", "high"] = "normal"
    """From which probability on a question counts as answered by the manuals. The points are set to turn away 2 %
    (`low`), 5 % (`normal`) and 12 % (`high`) of what the manuals answer, over all corpora of the fit together; what
    each costs on a corpus that the fit had not seen, and lets through of what is not answered, stands in
    tests/evals/decision_curve.md."""
    review_channel: str | None = None
    """Channel id where drafts wait for a decision; default: a DM to each reviewer."""
    source_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """Where agents can open the manuals: an address with {title}, {source} (file name), {label} and {page} in it, for
    the links of an answer; empty: none."""
    answer_workers: int = Field(default=8, ge=1, le=256)
    """How many questions are worked on at once."""
    catch_up_hours: float = Field(default=2, ge=0, le=72)
    """After an outage questions of so many hours are read back from Slack and answered, later ones not; 0: none are."""
    questions_per_minute: int = Field(default=60, ge=0, le=10_000)
    """How many questions one person may ask in a minute; 0: any number. Approvals, forms and buttons are never counted."""
    max_upload_mb: int = Field(default=50, ge=1, le=1024)
    """Largest manual file taken, in MB, from Slack and from the command line."""
    correction_days: int = Field(default=30, ge=0, le=3650)
    """Answers of how many days are corrected when a clause that they cite changes; 0: none."""
    expiry_notice_days: int = Field(default=14, ge=0, le=365)
    """How many days before a manual expires its owner is asked whether it shall hold longer."""
    gap_notices: bool = True
    """Whether askers are told when a new edition answers what the manuals could not answer them."""
    share_days: int = Field(default=7, ge=1, le=365)
    """For how many days an answer that only its asker has read is kept, in case they share it; then its text is deleted
    and whoever presses Share is answered again."""
    ack_reminder_hours: float = Field(default=24, ge=0, le=24 * 30)
    """Hours after which whoever has not read a confirmed answer that was sent to their channel is reminded, and
    between reminders; 0: nobody is."""
    deadline_urgent: float = Field(default=1, ge=0, le=24 * 90)
    """Hours that an urgent escalation may wait on a rung before the rung is reminded; after the same time again it
    goes up one. 0: for ever. The manuals give no times."""
    deadline_important: float = Field(default=4, ge=0, le=24 * 90)
    """The same for an important one."""
    deadline_normal: float = Field(default=24, ge=0, le=24 * 90)
    """The same for an ordinary one."""
    deadline_time: Literal["shifts", "clock"] = "shifts"
    """In which time these hours pass. `shifts`: only while whoever it waits for has a shift by the people file, with
    the clock on the wall for what is urgent and for those whose shifts nobody has told; `clock`: day and night. The
    manuals give none."""
    instruction_reminder_hours: float = Field(default=24, ge=0, le=24 * 90)
    """Hours after which whoever has to carry out a superior's instruction is reminded, and between reminders;
    0: nobody is."""
    report_reminder_hours: float = Field(default=24, ge=0, le=24 * 90)
    """Hours within which a filer who passed a superior over reports to them, and between reminders; 0: no reminders."""
    weekly_report: str = Field(default="1 08:00", pattern=r"^(off|[1-7] ([01]\d|2[0-3]):[0-5]\d)$")
    """When supervisors get the figures of the last week: weekday (1 Monday … 7 Sunday) and local time; `off`: never."""
    contact_key: SecretStr | None = None
    """Key that seals customers' contact details (`kefu privacy key` makes one); several, the current one first,
    separated by commas, while keys are changed. Without one no contact details are kept."""
    contact_days: int = Field(default=180, ge=0, le=3650)
    """How many days after a matter ended its contact details are erased; 0: at once."""
    handover_seconds: float = Field(default=20, ge=1, le=600)
    """How long a command waits for the running bot to take its work on, when the bot holds the data folder."""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """Port on which `kefu up` shows figures (`/metrics`) and health (`/healthz`, `/livez`); 0 takes any free one; without
    one there are none."""
    metrics_host: str = "127.0.0.1"
    """Address of that port; another machine's Prometheus needs one that it can reach."""
    slack: SlackSettings = Field(default_factory=SlackSettings)

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"unknown time zone {value!r}") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def contact_keys(self) -> tuple[str, ...]:
        """The keys of contact details, the current one first."""
        given = self.contact_key.get_secret_value() if self.contact_key else ""
        return tuple(key for part in given.split(",") if (key := part.strip()))

    @property
    def people_file(self) -> Path:
        """Where people and roles are read from."""
        return self.people or self.home / "people.toml"

    @property
    def report_time(self) -> ReportTime | None:
        """When the figures of the last week go out; None: never."""
        from tickets.reminders import ReportTime  # only the running bot asks

        if self.weekly_report == "off":
            return None
        weekday, at = self.weekly_report.split()
        return ReportTime(int(weekday), time.fromisoformat(at))

    @property
    def calendar_file(self) -> Path:
        """Where an organisation's own appointments are read from."""
        return self.home / "calendar.toml"

    @property
    def last_good(self) -> Path:
        """Folder with copies of people, calendar and procedure files as they were when they could last be used."""
        return self.home / "last-good"

    @property
    def procedures_folder(self) -> Path:
        """Where the organisation's own procedure files lie; it need not exist."""
        return self.procedures or self.home / "procedures"

    @property
    def embedded(self) -> bool:
        """Whether everything lies in the data folder, which one bot has for itself then."""
        return self.database_url is None and self.chroma_url is None

    @property
    def chroma(self) -> ChromaServer | None:
        """The Chroma server; None when it is embedded."""
        from knowledge.chroma_server import ChromaServer

        if not self.chroma_url:
            return None
        token = self.chroma_token.get_secret_value().strip() if self.chroma_token else ""
        return ChromaServer(self.chroma_url.strip(), token, self.chroma_tenant, self.chroma_database)

    @property
    def database(self) -> str:
        """SQLAlchemy address of the relational store."""
        return self.database_url or f"sqlite:///{self.home / 'kefu.db'}"
