"""The admin who drops manuals in the DM: small manuals, each test with titles of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from running_bot import Desk

from bot.blocks import publication
from bot.demo.crew import Crew, Json, buttons_of, is_from_bot, text_of
from knowledge.library import ManualSummary

ADMIN = "U_ADMIN"


@dataclass(frozen=True)
class Admin:
    """What the admin does, and what is seen then."""

    desk: Desk
    folder: Path
    expected: set[str] = field(default_factory=set)
    """Refusals of Slack that the test provokes."""

    @property
    def crew(self) -> Crew:
        return self.desk.crew

    def write(self, title: str, *articles: str) -> Path:
        """A manual of numbered articles as a file."""
        body = "".join(f"{number}. {text}\n" for number, text in enumerate(articles, 1))
        file = self.folder / f"{title}.md"
        file.write_text(f"# {title}\n\n{body}", encoding="utf-8")
        return file

    def drop(self, title: str, *articles: str, said: str = "") -> Json:
        """Drop the manual; the card that the bot's message becomes."""
        return self.card(self.crew.drop(ADMIN, "dm", str(self.write(title, *articles)), said))

    def card(self, dropped: Json) -> Json:
        """The card in the thread of a dropped file."""

        def look() -> Json | None:
            return next((m for m in self.thread(dropped) if publication.PUBLISH in buttons_of(m)), None)

        found: Json = self.crew.wait(look, "the card")
        return found

    def thread(self, message: Json) -> list[Json]:
        """The bot's messages in the thread of a message, oldest first."""
        thread = message.get("thread_ts") or message["ts"]
        return [m for m in self.crew.messages(ADMIN, "dm", thread) if is_from_bot(m)]

    def press(self, card: Json, action_id: str) -> str:
        """Press a button of a card that ends it; what the card says then."""
        self.crew.click(ADMIN, card, action_id)

        def look() -> Json | None:
            now = next(m for m in self.thread(card) if m["ts"] == card["ts"])
            return now if not buttons_of(now) else None

        return text_of(self.crew.wait(look, "the card without buttons"))

    def live(self, title: str, *articles: str, said: str = "") -> ManualSummary:
        """Drop and publish; the manual as it is live."""
        self.press(self.drop(title, *articles, said=said), publication.PUBLISH)
        return self.manual(title)

    def manual(self, title: str) -> ManualSummary:
        """The live manual of that title."""
        return next(m for m in self.desk.services.library.manuals() if m.title == title)

    def ask(self, user: str, question: str, channel: str = "dm") -> tuple[Json, str]:
        """A person's question and all that can be read in the answer."""
        call = "" if channel == "dm" else f"<@{self.desk.app.shared.bot_user}> "
        asked = self.crew.say(user, channel, call + question)
        return asked, text_of(self.crew.reply(user, asked))


def squeezed(text: str) -> str:
    """`text` without white space: manuals are typeset differently."""
    return "".join(text.split())
