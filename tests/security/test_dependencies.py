"""What is installed is locked by its hash and agrees with pyproject.toml, and no licence binds who runs the product."""

from __future__ import annotations

import re
import tomllib

import pytest
from licences import LIST, LOCK, ROOT, is_forbidden, licence, pinned
from packaging.requirements import Requirement

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def wanted() -> list[Requirement]:
    """Everything that pyproject.toml asks for on the machine of CI."""
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *extras["test"], *extras["postgres"]]
    found = [Requirement(line) for line in lines]
    linux = {"sys_platform": "linux", "platform_machine": "x86_64", "python_version": "3.11"}
    return [one for one in found if one.marker is None or one.marker.evaluate(linux)]


def test_the_lock_agrees_with_what_is_asked_for() -> None:
    locked = pinned(LOCK.read_text("utf-8"))
    for one in wanted():
        version = locked.get(one.name.lower().replace("_", "-").replace(".", "-"))
        assert version is not None, f"{one.name} is not in .ci/requirements.lock: make it anew"
        assert one.specifier.contains(version.partition("+")[0], prereleases=True), (
            f"{one} is locked at {version}"
        )


def test_every_file_is_locked_by_its_hash_and_nothing_says_where_from() -> None:
    text = LOCK.read_text("utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9][A-Za-z0-9._-]*==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned(text)) > 100
    assert not [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry]
    assert "://" not in text
    assert "--index" not in text.partition("aiohttp==")[2]


def test_no_licence_binds_who_runs_the_product() -> None:
    names = pinned(LOCK.read_text("utf-8"))
    found = {name: told for name in names if (told := licence(name)) is not None}
    assert len(found) > 100
    assert not {name: told for name, told in found.items() if is_forbidden(told)}
    listed = LIST.read_text("utf-8")
    assert not [name for name in found if f"| {name} |" not in listed], (
        "python tests/security/licences.py --write"
    )


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("AGPL-3.0-only", True), ("GNU General Public License v3 (GPLv3)", True), ("SSPL-1.0", True), ("BUSL-1.1", True),
        ("MIT", False), ("LGPL-3.0-only", False), ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT OR GPL-2.0", False), ("Other/Proprietary License", True), ("Apache-2.0", False),
    ],
)  # fmt: skip
def test_the_rule_itself(text: str, forbidden: bool) -> None:
    assert is_forbidden(text) is forbidden
