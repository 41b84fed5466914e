"""A process in which a bot starts and stops many times does not run out of files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.wiring import build_services

OPEN = Path("/proc/self/fd")


def open_below(folder: Path) -> list[str]:
    """What this process has open of a folder."""
    found = []
    for entry in OPEN.iterdir():
        try:
            name = os.readlink(entry)
        except OSError:
            continue  # closed meanwhile
        if name.startswith(str(folder)):
            found.append(name)
    return found


@pytest.mark.skipif(not OPEN.exists(), reason="this system does not tell which files are open")
def test_what_is_closed_has_nothing_open_in_its_data_folder(tmp_path: Path) -> None:
    home, manuals = tmp_path / "home", tmp_path / "manuals"
    manuals.mkdir()
    (manuals / "守则.md").write_text("# 守则\n\n1. 借期 21 天。\n2. 续借一次。\n", encoding="utf-8")
    services = build_services(Settings(home=home))
    services.publisher.publish(services.publisher.stage([manuals], "test").edition_ids, "test")
    held = open_below(home)
    assert any("chroma.sqlite3" in name for name in held)
    assert any("kefu.db" in name for name in held)
    services.close()
    # The index is mapped for as long as somebody answers from it.
    assert [name for name in open_below(home) if "/index/" not in name] == []
