"""What people are reminded of, as they read it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.blocks import parts
from bot.blocks.parts import Block
from bot.blocks.refusals import refusal
from bot.blocks.wording import Words
from tickets.people import People
from tickets.reminders import Reminder, ReminderKind


def text(reminder: Reminder, people: People, words: Words, zone: ZoneInfo) -> str:
    """The reminder in one or two sentences, not yet escaped."""
    due = reminder.due
    at = due.at.astimezone(zone)
    values = {
        "name": due.name.in_language(words.language),
        "day": f"{at:%m-%d}",
        "weekday": words(f"weekday.{at.isoweekday()}"),
        "time": f"{at:%H:%M}",
    }
    if due.kind is ReminderKind.MISSING:
        names = [people.get(user).name for user in due.missing]
        return words("reminder.missing", people=words("list.comma").join(names), **values)
    if due.kind is ReminderKind.FILE:
        file = words(f"reminder.file.{due.procedure}")
        return words(
            "reminder.file_spoiled" if due.fault else "reminder.file_good",
            file=file,
            fault=refusal(due.fault, words.language),
        )
    if due.kind is ReminderKind.DUTY:
        return words("reminder.duty", **values)
    sentence = words("reminder.appointment", **values)
    return f"{sentence}\n{due.text.in_language(words.language)}" if due.text else sentence


def message(reminder: Reminder, people: People, words: Words, zone: ZoneInfo) -> list[Block]:
    """The reminder as a message."""
    return [parts.markdown(text(reminder, people, words, zone))]
