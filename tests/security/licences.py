"""Writes .ci/licences.md: what is installed of the lock file, and under which licence its makers give it.

python tests/security/licences.py [--write]
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK, LIST = ROOT / ".ci" / "requirements.lock", ROOT / ".ci" / "licences.md"
HEAD = "# Licences\n\nOf every package in requirements.lock that was installed; `python tests/security/licences.py --write`.\n"
FORBIDDEN = re.compile(
    r"\bAGPL|Affero|(?<!L)(?<!Lesser )\bGPL|(?<!Lesser )General Public License|SSPL|Server Side Public|Business Source|BUSL"
    r"|Commons Clause|PolyForm|Proprietary|Non-?Commercial",
    re.IGNORECASE,
)
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_LESSER = re.compile(r"(GNU )?(Lesser General Public License|LGPL)[^;,)]*", re.IGNORECASE)


def pinned(lock: str) -> dict[str, str]:
    """Name → version of everything in a lock file."""
    return {
        name.lower().replace("_", "-").replace(".", "-"): version for name, version in _PINNED.findall(lock)
    }


def licence(name: str) -> str | None:
    """What the installed package says of its licence; None when it is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License :: ")
    ]
    first = (str(told.get("License") or "").strip().splitlines() or [""])[0][:80]
    vague = {
        "OSI Approved",
        *(["Other/Proprietary License"] if first else []),
    }  # what has no classifier of its own
    named = [one for one in classified if one not in vague]
    return "; ".join(named) or first or "not told"


def is_forbidden(text: str) -> bool:
    """Whether a licence would bind whoever runs or ships the product; a weak copyleft of a library does not, nor one
    of several to choose from."""
    choices = re.split(r"\bOR\b|; ", _LESSER.sub("LESSER", text))
    return all(FORBIDDEN.search(one) for one in choices)


def table() -> str:
    """The whole list."""
    rows = [
        f"| {name} | {version} | {found} |"
        for name, version in sorted(pinned(LOCK.read_text("utf-8")).items())
        if (found := licence(name)) is not None
    ]
    return "\n".join([HEAD, "| package | version | licence |", "|---|---|---|", *rows, ""])


if __name__ == "__main__":
    if "--write" in sys.argv:
        LIST.write_text(table(), "utf-8")
    else:
        print(table())
