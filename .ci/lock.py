"""Makes .ci/requirements.lock and .ci/licences.md anew from what is installed and tested here.

    .venv/bin/python .ci/lock.py            write both
    .venv/bin/python .ci/lock.py --check    change nothing; say what is not as it should be (exit 1)

The names and versions are those of the running environment: what pyproject.toml asks for (with the extras of EXTRAS) and
what that asks for in turn. The hashes of their files come from the package index by `uv pip compile`, which asks for these
packages and no others; `pip install uv` brings it. Wheels that are nowhere but here (torch without CUDA) are found with
PIP_FIND_LINKS.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK, LIST = ROOT / ".ci" / "requirements.lock", ROOT / ".ci" / "licences.md"
EXTRAS = ("test", "postgres")
HEAD = """\
# What CI and deployments install, each file by its hash: pip install --require-hashes -r .ci/requirements.lock
# (torch without CUDA: from the index of its CPU builds). Made anew by .ci/lock.py when pyproject.toml changes.
"""
LICENCES = (
    "# Licences\n\nOf every package in requirements.lock, in its own words; `.venv/bin/python .ci/lock.py`.\n"
)

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
_LESSER = re.compile(r"(GNU )?(Lesser General Public License|LGPL)[^;,)]*", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\bAGPL|Affero|(?<!L)(?<!Lesser )\bGPL|(?<!Lesser )General Public License|SSPL|Server Side Public|Business Source|BUSL"
    r"|Commons Clause|PolyForm|Proprietary|Non-?Commercial|\bNC\b",
    re.IGNORECASE,
)
ALLOWED = re.compile(
    r"\bMIT\b|Apache|\bBSD\b|\b0?BSD|\bPSF\b|Python Software Foundation|CNRI|\bMPL\b|Mozilla|\bISC\b|Zope|Zlib|\bCC0|\bOFL\b"
    r"|\bBSL-1|Boost|HPND|Unlicense|LESSER|Creative Commons Attribution|CC[ -]BY[ -](?:SA[ -])?4|DFSG approved|Public Domain",
    re.IGNORECASE,
)
"""Permissive ones, and weak copyleft that ends at the library's (or word list's) own files."""


def pinned(lock: str) -> dict[str, str]:
    """Name → version of everything in a lock file."""
    return {canonicalize_name(name): version for name, version in _PINNED.findall(lock)}


def asked_for(extras: tuple[str, ...] = EXTRAS) -> list[Requirement]:
    """What pyproject.toml asks for on this machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *(x for extra in extras for x in project["optional-dependencies"][extra]),
    ]
    return [one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate()]


def resolved(extras: tuple[str, ...] = EXTRAS) -> tuple[dict[str, str], dict[str, list[Requirement]]]:
    """Name → installed version of all that is asked for, however indirectly; and name → who asks how. Raises
    PackageNotFoundError when something is not installed."""
    found: dict[str, str] = {}
    wanted: dict[str, list[Requirement]] = {}
    todo, done = asked_for(extras), set[tuple[str, str]]()
    while todo:
        one = todo.pop()
        name = canonicalize_name(one.name)
        wanted.setdefault(name, []).append(one)
        for extra in ("", *one.extras):
            if (name, extra) in done:
                continue
            done.add((name, extra))
            package = metadata.distribution(name)
            found[name] = package.version
            for line in package.requires or ():
                need = Requirement(line)
                if need.marker is None or need.marker.evaluate({"extra": extra}):
                    todo.append(need)
    return found, wanted


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
    }  # has no classifier of its own
    named = [one for one in classified if one not in vague]
    return "; ".join(named) or first or "not told"


def is_forbidden(text: str) -> bool:
    """Whether a licence would bind whoever runs or ships the product; a weak copyleft of a library does not, nor one
    of several to choose from."""
    return all(FORBIDDEN.search(one) for one in _choices(text))


def is_allowed(text: str) -> bool:
    """Whether one of the licences to choose from is known to be harmless, in all its parts."""
    return any(
        all(ALLOWED.search(part) for part in re.split(r"\bAND\b", one)) and not FORBIDDEN.search(one)
        for one in _choices(text)
    )


def _choices(text: str) -> list[str]:
    return re.split(r"\bOR\b|; ", _LESSER.sub("LESSER", text))


def licences(names: dict[str, str]) -> str:
    """The whole list."""
    rows = [
        f"| {name} | {version} | {licence(name) or 'not installed'} |"
        for name, version in sorted(names.items())
    ]
    return "\n".join([LICENCES, "| package | version | licence |", "|---|---|---|", *rows, ""])


def with_hashes(names: dict[str, str]) -> str:
    """The lock file. Raises CalledProcessError, whose output says what the index does not have."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is not here: pip install uv, and put it on PATH")
    with tempfile.TemporaryDirectory() as folder:
        pins, made = Path(folder, "pins.txt"), Path(folder, "lock")
        pins.write_text("".join(f"{name}=={version}\n" for name, version in names.items()), "utf-8")
        links = [f"--find-links={one}" for one in os.environ.get("PIP_FIND_LINKS", "").split()]
        extras = [f"--extra={one}" for one in EXTRAS]
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        subprocess.run(  # noqa: S603 - our own arguments
            [uv, "pip", "compile", "pyproject.toml", *extras, *links, "--constraints", pins, "--python-version", version,
             "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--quiet", "--output-file", made],
            cwd=ROOT, check=True,
        )  # fmt: skip
        return HEAD + made.read_text("utf-8")


def problems() -> list[str]:
    """What is not as it should be, each in a sentence."""
    locked, (found, _) = pinned(LOCK.read_text("utf-8")), resolved()
    told = [f"{name} {found[name]} is not locked" for name in sorted(found.keys() - locked.keys())]
    told += [f"{name} is locked, and nothing asks for it" for name in sorted(locked.keys() - found.keys())]
    told += [
        f"{name} is locked at {locked[name]}, and {found[name]} is installed"
        for name in sorted(found.keys() & locked.keys())
        if locked[name] != found[name]
    ]
    told += [
        f"{name} has a licence that is not known to be harmless: {text}"
        for name in sorted(found)
        if not is_allowed(text := licence(name) or "not told")
    ]
    return told


def main() -> None:
    """The command."""
    if "--check" not in sys.argv:
        names, _ = resolved()
        lock = with_hashes(names)
        LOCK.write_text(lock, "utf-8")
        LIST.write_text(licences(names), "utf-8")
    found = problems()
    print(
        "\n".join(found) or f"{len(pinned(LOCK.read_text('utf-8')))} packages locked, each as it is installed"
    )
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
