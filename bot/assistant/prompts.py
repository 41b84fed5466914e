"""Prompts: Markdown files in the package `prompts`, or in a folder of one's own, filled in strictly."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

_HEADINGS = {"# System": "system", "# User": "user"}


class PromptError(Exception):
    """A prompt file cannot be used; `str()` is one sentence for an admin."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt as read: its declared variables and its two parts as templates."""

    name: str
    about: str
    variables: frozenset[str]
    reply: str
    system: str
    user: str
    digest: str
    """Twelve hexadecimal digits of the file's hash: tells which wording wrote an answer."""


class Prompts:
    """Reads and fills in prompts. A file in `folder` goes before the one in the package."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._read: dict[str, Prompt] = {}

    def names(self) -> tuple[str, ...]:
        """Names of the prompts that the package holds."""
        files = resources.files("prompts").iterdir()
        return tuple(sorted(f.name.removesuffix(".md") for f in files if f.name.endswith(".md")))

    def get(self, name: str) -> Prompt:
        """The prompt of that name. Raises PromptError if the file is missing or has no proper header."""
        if name not in self._read:
            self._read[name] = _parsed(name, self._text(name))
        return self._read[name]

    def digest(self, name: str) -> str:
        """The hash of a prompt's wording, or `-` when it cannot be used (`get` says why)."""
        try:
            return self.get(name).digest
        except PromptError:
            return "-"

    def used_variables(self, name: str) -> frozenset[str]:
        """The variables that the text of a prompt really uses."""
        from jinja2 import meta

        prompt = self.get(name)
        return frozenset(meta.find_undeclared_variables(self._environment.parse(prompt.system + prompt.user)))

    def render(self, name: str, values: Mapping[str, Any]) -> tuple[str, str]:
        """System and user text. Raises PromptError if a variable of the text has no value."""
        from jinja2 import TemplateError

        prompt = self.get(name)
        try:
            parts = [
                self._environment.from_string(part).render(values) for part in (prompt.system, prompt.user)
            ]
        except TemplateError as error:
            raise PromptError(f"The prompt {name}.md cannot be filled in: {error}.") from error
        return parts[0].strip(), parts[1].strip()

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        # Text for a model, not for a browser: escaping HTML would change the clauses.
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False, default=str)
        return environment

    def _text(self, name: str) -> str:
        if self._folder is not None and (self._folder / f"{name}.md").is_file():
            return (self._folder / f"{name}.md").read_text(encoding="utf-8")
        packaged = resources.files("prompts").joinpath(f"{name}.md")
        if not packaged.is_file():
            raise PromptError(f"There is no prompt called {name}.md.")
        return packaged.read_text(encoding="utf-8")


def _parsed(name: str, text: str) -> Prompt:
    head, body = _split(name, text)
    header = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())
    }
    missing = [key for key in ("about", "variables", "reply") if not header.get(key)]
    if missing:
        raise PromptError(f"The header of the prompt {name}.md lacks {', '.join(missing)}.")
    parts: dict[str, list[str]] = {"system": [], "user": []}
    current = ""
    for line in body.splitlines():
        if line.strip() in _HEADINGS:
            current = _HEADINGS[line.strip()]
        elif current:
            parts[current].append(line)
    if not all(parts.values()):
        raise PromptError(f"The prompt {name}.md needs the headings “# System” and “# User”.")
    return Prompt(
        name=name,
        about=header["about"],
        variables=frozenset(part.strip() for part in header["variables"].split(",")),
        reply=header["reply"],
        system="\n".join(parts["system"]),
        user="\n".join(parts["user"]),
        digest=hashlib.sha256(text.encode()).hexdigest()[:12],
    )


def _split(name: str, text: str) -> tuple[str, str]:
    pieces = text.replace("\r\n", "\n").split("---\n", 2)
    if len(pieces) != 3 or pieces[0].strip():
        raise PromptError(f"The prompt {name}.md needs a header between two lines of ---.")
    return pieces[1], pieces[2]
