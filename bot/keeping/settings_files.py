"""Looking after the files that an organisation edits while the bot is up: people, appointments, procedures.

What each said when it could last be used goes on holding; the admins are told once that one is spoiled, and once that
it is good again.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.services import Services
from tickets import calendar_file
from tickets.calendar_file import Appointment
from tickets.last_good import LastGood

FILES = ("people", "calendar", "procedures")
"""What they are called where the admins hear of them."""


class SettingsFiles:
    """The files as they can be used now. For the threads of one schedule."""

    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._desk = services.desk
        self._calendar = LastGood(
            settings.calendar_file, settings.last_good / settings.calendar_file.name, calendar_file.load
        )

    def appointments(self) -> Sequence[Appointment]:
        """The calendar as it could last be used; that of the product when an own one never could."""
        return self._calendar.now()

    def look(self) -> bool:
        """Read what was changed; True when there is something to tell."""
        desk = self._desk
        desk.directory.refresh()
        desk.procedures.refresh()
        self.appointments()
        problems = [str(problem) for problem in desk.procedures.catalogue.problems]
        faults = (desk.directory.file_fault, self._calendar.fault, "\n".join(problems))
        told = [desk.reminders.tell_of_file(file, fault) for file, fault in zip(FILES, faults, strict=True)]
        return any(told)
