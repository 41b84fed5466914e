"""Delivering reminders: to one person, or to the channel that a reminder names."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts, reminders
from bot.blocks.wording import words
from bot.keeping.correction_post import Unreachable
from bot.listeners.languages import Languages
from bot.services import Services
from bot.slack_errors import PERSON_GONE, PLACE_GONE
from tickets.records import Notice


class ReminderPost:
    """Renders and posts. Raises Unreachable and Slack's own errors."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages

    def send(self, notice: Notice) -> tuple[str, str]:
        """Post a reminder."""
        reminder = self._services.desk.reminders.get(notice.subject_id)
        user, zone = notice.audience.user_id, self._services.settings.zone
        reader = self._languages.words(user) if user else words(self._services.settings.language)
        try:
            channel = (
                str(self._client.conversations_open(users=user)["channel"]["id"])
                if user
                else reminder.due.channel
            )
            sent = self._client.chat_postMessage(
                channel=channel,
                text=parts.escape(reminders.text(reminder, self._services.people, reader, zone)),
                blocks=reminders.message(reminder, self._services.people, reader, zone),
            )
        except SlackApiError as error:
            if error.response.get("error") in PERSON_GONE | PLACE_GONE:
                raise Unreachable from error
            raise
        return str(sent["channel"]), str(sent["ts"])
