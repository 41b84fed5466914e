"""What is installed is locked by its hash and agrees with pyproject.toml, and no licence binds who runs the product.

`.ci/lock.py` makes the lock; `.ci/lock.py --check` holds it to the letter. Here a package that its makers have released
anew since (a fresh clone installs the newest) may differ in its version, as long as the locked one fits too.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

_FILE = Path(__file__).parents[2] / ".ci" / "lock.py"
_spec = importlib.util.spec_from_file_location("lock_of_ci", _FILE)
assert _spec is not None
assert _spec.loader is not None
lock = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(lock)

TEXT = lock.LOCK.read_text("utf-8")
LOCKED = lock.pinned(TEXT)


def test_the_lock_holds_exactly_what_is_asked_for() -> None:
    found, wanted = lock.resolved()
    newer = {name for name in found.keys() & LOCKED.keys() if found[name] != LOCKED[name]}
    # What a release of another version asks for, or no longer asks for, may differ; nothing else.
    of_newer = newer and {"a package of another version"}
    assert found.keys() - LOCKED.keys() == set() or of_newer, "run .ci/lock.py"
    assert LOCKED.keys() - found.keys() == set() or of_newer, "run .ci/lock.py"
    assert len(newer) < len(found) / 2, "this environment is of another time: run .ci/lock.py"
    misfits = [
        f"{one} is locked at {LOCKED[name]}"
        for name in wanted.keys() & LOCKED.keys() - newer
        for one in wanted[name]
        if not one.specifier.contains(LOCKED[name].partition("+")[0], prereleases=True)
    ]
    assert not misfits
    asked = {lock.canonicalize_name(one.name): one for one in lock.asked_for()}
    assert asked.keys() <= LOCKED.keys(), "run .ci/lock.py"
    assert not [
        f"{one} is locked at {LOCKED[name]}"
        for name, one in asked.items()
        if not one.specifier.contains(LOCKED[name].partition("+")[0], prereleases=True)
    ]


def test_every_file_is_locked_by_its_hash_and_nothing_says_where_from() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9][A-Za-z0-9._-]*==)", TEXT, flags=re.MULTILINE)[1:]
    assert len(entries) == len(LOCKED) > 100
    assert not [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert "://" not in TEXT
    assert "--index" not in TEXT.partition("aiohttp==")[2]


def test_no_licence_binds_who_runs_the_product() -> None:
    told = {name: lock.licence(name) or "not installed" for name in LOCKED}
    listed = dict(re.findall(r"^\| (\S+) \| \S+ \| (.+) \|$", lock.LIST.read_text("utf-8"), re.MULTILINE))
    assert listed.keys() - {"package", "---"} == LOCKED.keys(), "run .ci/lock.py"
    # As it was listed, and as it says of itself where it is installed here.
    named = {name: (listed[name], text) for name, text in told.items() if text != "not installed"}
    assert len(named) > 100
    assert not {name: texts for name, texts in named.items() if not all(map(lock.is_allowed, texts))}


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("AGPL-3.0-only", True), ("GNU General Public License v3 (GPLv3)", True), ("SSPL-1.0", True), ("BUSL-1.1", True),
        ("MIT", False), ("LGPL-3.0-only", False), ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT OR GPL-2.0", False), ("Other/Proprietary License", True), ("Apache-2.0", False),
        ("CC BY-NC 4.0", True), ("MIT AND GPL-3.0-only", True), ("Apache-2.0 AND MIT", False),
    ],
)  # fmt: skip
def test_the_rule_itself(text: str, forbidden: bool) -> None:
    assert lock.is_forbidden(text) is forbidden
    assert lock.is_allowed(text) is not forbidden


def test_a_licence_that_nobody_has_read_is_not_allowed() -> None:
    assert not lock.is_allowed("Our Own Terms 1.0")
    assert not lock.is_allowed("not told")
