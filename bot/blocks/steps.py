"""The steps of an answer as they are shown while it is written: searching, reading, checking, and the sources."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from slack_sdk.models.blocks.block_elements import UrlSourceElement
from slack_sdk.models.messages.chunk import TaskUpdateChunk

from bot.blocks import parts
from bot.blocks.wording import Words
from knowledge.clauses import Citation

SEARCH = "search"
READ = "read"
CHECK = "check"
_NAMED = 5
"""Sources that a step names; all of them stand below the answer."""


def task(step: str, status: str, words: Words, output: str = "") -> TaskUpdateChunk:
    """One step: `status` is pending, in_progress, complete or error."""
    return TaskUpdateChunk(id=step, title=words(f"task.{step}"), status=status, output=output or None)


def found(words: Words) -> list[TaskUpdateChunk]:
    """The manuals were searched; what is shown from here on was checked."""
    return [task(SEARCH, "complete", words), task(READ, "complete", words), task(CHECK, "in_progress", words)]


def done(citations: Sequence[Citation], words: Words, address: str = "") -> list[TaskUpdateChunk]:
    """Everything is there: the clauses read, as links where `address` says where manuals can be opened."""
    cited = list(dict.fromkeys(citations))[:_NAMED]
    read = task(READ, "complete", words, "\n".join(_name(one, words) for one in cited))
    links = {link(one, address): _name(one, words) for one in cited} if address else {}
    if links:
        read.sources = [UrlSourceElement(url=url, text=name) for url, name in links.items()]
    checked = words("task.check_done", count=len(citations)) if citations else words("task.check_none")
    return [task(SEARCH, "complete", words), read, task(CHECK, "complete", words, checked)]


def ended(words: Words) -> list[TaskUpdateChunk]:
    """The answer ended before its time: nothing goes on turning."""
    return [task(step, "complete", words) for step in (SEARCH, READ, CHECK)]


def link(citation: Citation, address: str) -> str:
    """Where the manual of a citation can be opened: `address` with {title}, {source}, {label} and {page} filled in."""
    values = {
        "title": citation.manual,
        "source": citation.source,
        "label": citation.label,
        "page": str(citation.page or ""),
    }
    for name, value in values.items():
        address = address.replace(f"{{{name}}}", quote(value, safe=""))
    return parts.clip(address, parts.MAX_URL)


def _name(citation: Citation, words: Words) -> str:
    return parts.clip(f"{words('source.manual', title=citation.manual)} {citation.label}".strip(), 150)
