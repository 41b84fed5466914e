"""A bot that starts while its people file is spoiled: with what it said last, or with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.keeping.settings_files import SettingsFiles
from bot.settings import Settings
from bot.wiring import build_services
from tickets.errors import PeopleError
from tickets.people import Role


def test_a_bot_starts_with_what_the_people_file_said_last(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.people_file.write_text("[[people]]\nid = 'U1'\nrole = 'admin'\n", encoding="utf-8")
    build_services(settings).close()
    settings.people_file.write_text("[[people]]\nid = 'U1'\nrole = 'boss'\n", encoding="utf-8")
    services = build_services(settings)
    assert services.people.get("U1").role is Role.ADMIN
    assert SettingsFiles(services).look()
    notice = services.desk.due_notices()[0]
    assert notice.audience.user_id == "U1"
    assert "line 3" in services.desk.reminders.get(notice.subject_id).due.fault
    assert not SettingsFiles(services).look()
    services.close()


def test_a_bot_that_never_read_its_people_file_says_what_is_wrong(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    settings.people_file.write_text("[[people]]\nid = 'U1'\nrole = 'boss'\n", encoding="utf-8")
    with pytest.raises(PeopleError, match=r"line 3, .*role: .*Mend that place\."):
        build_services(settings)
