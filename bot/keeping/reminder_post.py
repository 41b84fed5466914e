"""Delivering reminders: to one person, or to the channel that a reminder names."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import parts, reminders
from bot.blocks.wording import Words, words
from bot.keeping.correction_post import Unreachable
from bot.listeners.languages import Languages
from bot.reporting import weekly
from bot.services import Services
from bot.slack_errors import PERSON_GONE, PLACE_GONE
from tickets.records import Notice
from tickets.reminders import Reminder, ReminderKind


class ReminderPost:
    """Renders and posts. Raises Unreachable and Slack's own errors."""

    def __init__(self, services: Services, client: WebClient, languages: Languages) -> None:
        self._services = services
        self._client = client
        self._languages = languages
        self._written: dict[tuple[str, str], str] = {}

    def send(self, notice: Notice) -> tuple[str, str]:
        """Post a reminder; the week's figures with their picture and workbook."""
        reminder = self._services.desk.reminders.get(notice.subject_id)
        user, zone = notice.audience.user_id, self._services.settings.zone
        reader = self._languages.words(user) if user else words(self._services.settings.language)
        try:
            channel = (
                str(self._client.conversations_open(users=user)["channel"]["id"])
                if user
                else reminder.due.channel
            )
            if reminder.due.kind is ReminderKind.REPORT:
                return self._report(reminder, channel, reader)
            sent = self._client.chat_postMessage(
                channel=channel,
                text=parts.fallback(reminders.text(reminder, self._services.people, reader, zone)),
                blocks=reminders.message(reminder, self._services.people, reader, zone),
            )
        except SlackApiError as error:
            if error.response.get("error") in PERSON_GONE | PLACE_GONE:
                raise Unreachable from error
            raise
        return str(sent["channel"]), str(sent["ts"])

    def _report(self, reminder: Reminder, channel: str, reader: Words) -> tuple[str, str]:
        """One message, so that nothing of it can arrive alone."""
        services, zone = self._services, self._services.settings.zone
        stretch = weekly.last_week(reminder.due.at, zone)
        found = weekly.collect(services.desk, stretch, reader)
        title = weekly.title(stretch, reader, zone)
        written = (title, reader.language)
        if written not in self._written:  # one text for all supervisors, not one each
            self._written = {written: weekly.paragraph(found, reader, services.week_words)}
        told = [line for line in (title, self._written[written], *weekly.plain_lines(found, reader)) if line]
        name = f"kefu-{stretch.since.astimezone(zone):%Y-%m-%d}"
        self._client.files_upload_v2(
            channel=channel,
            initial_comment=parts.fallback("\n".join(told)),
            file_uploads=[
                {
                    "filename": f"{name}.png",
                    "title": title,
                    "alt_txt": reader("week.picture_alt", title=title),
                    "content": weekly.picture(found, reader),
                },
                {
                    "filename": f"{name}.xlsx",
                    "title": title,
                    "content": weekly.workbook(found, services.people, reader, zone),
                },
            ],
        )
        return channel, ""
