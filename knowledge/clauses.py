"""The values that pass between the packages: clauses as drafted, as stored, as found, as cited.

Plain frozen data without behaviour that needs a store, so that every package may hold them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


def text_key(text: str) -> str:
    """Identity of a clause's wording: hash of its verbatim text without white space."""
    return hashlib.sha256("".join(text.split()).encode()).hexdigest()[:40]


class ClauseKind(StrEnum):
    """What a clause is, for how it is shown and whether it can answer."""

    TEXT = "text"
    """A rule in prose or a list item."""
    SCRIPT = "script"
    """Words to be said to a customer, given verbatim."""
    ROW = "row"
    """A table row, its column names written into the text."""
    HEADING = "heading"
    """A heading whose body is missing in the source: it can only prove that the text is cut off here."""


@dataclass(frozen=True, slots=True)
class ClauseDraft:
    """One clause cut out of a file, not stored yet.

    `label` is what a person would cite inside the manual (「三、第4条」); it may be empty for a preamble.
    `heading_path` holds the titles of the headings above it, outermost first, marks included
    (「三、工作制度」). `text` is the verbatim text with layout damage repaired (line wraps joined, stray
    spaces between Chinese characters removed) and nothing else changed; it is what is quoted.
    `search_text` is a normalised reading (traditional characters, widths, and the meant words of typing errors on a
    second line) used for search only.
    """

    label: str
    heading_path: tuple[str, ...]
    text: str
    search_text: str
    kind: ClauseKind = ClauseKind.TEXT
    truncated: bool = False
    """The source breaks off inside or directly after this clause."""
    has_blank: bool = False
    """The source leaves a value open (`____`) in this clause."""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said about an edition beside its text: front matter, sidecar file or options."""

    product: str = ""
    audience: tuple[str, ...] = ()
    """Whom the manual may be quoted to: `role:agent`, `channel:C0123`; empty means everybody, everywhere."""
    owner: str = ""
    """Who is asked before it expires (a Slack user id)."""
    effective_at: datetime | None = None
    """From when it holds (aware); a future time goes live by itself."""
    expires_at: datetime | None = None
    """Until when it holds (aware); from then on it answers no more."""


@dataclass(frozen=True, slots=True)
class ManualDraft:
    """One manual cut out of a file. `notes` are sentences for the admin (duplicates folded, text cut off)."""

    title: str
    organisation: str
    """Whose rules these are, as far as the text tells; empty when it does not."""
    clauses: tuple[ClauseDraft, ...]
    source: str
    """Name of the file it came from."""
    language: str = "zh"
    truncated: bool = False
    notes: tuple[str, ...] = ()
    suspicious: tuple[str, ...] = ()
    """Sentences that try to instruct the bot, each with its place: quoted to the admin, who must say yes to them."""
    metadata: Metadata = field(default_factory=Metadata)
    manual_id: int | None = None
    """The manual that it is an edition of, when that is known; else its title and text tell."""
    inherits: frozenset[str] = frozenset()
    """Fields of `metadata` that nobody stated: the edition before says what they are. A restricted manual does
    not become everybody's because its next edition came without a word about it. `organisation` among them: it is
    guessed from the text, and what the edition before says goes before a guess, unless that names somebody else
    (`names_somebody`)."""
    names_somebody: bool = False
    """The organisation is a name that the text gives, not only a kind of business."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A stored clause of one edition, with what a citation of it needs."""

    id: int
    manual_id: int
    edition_id: int
    edition: int
    """Number of the edition within its manual, from 1."""
    manual: str
    """Title of the manual."""
    organisation: str
    ordinal: int
    """Position within the edition, from 0: neighbours differ by one."""
    label: str
    heading_path: tuple[str, ...]
    text: str
    search_text: str
    kind: ClauseKind
    truncated: bool
    has_blank: bool
    source: str
    published_at: datetime
    """When this edition went live (aware, UTC)."""
    page: int | None = None
    """Page of the source on which the clause begins, from 1; None where the format has no pages."""

    @property
    def text_key(self) -> str:
        """Identity of its wording: equal in every edition that leaves it alone."""
        return text_key(self.text)


@dataclass(frozen=True, slots=True)
class Hit:
    """A clause found for a question. `score` orders hits of one search only; the parts say why."""

    clause: Clause
    score: float
    meaning: float
    """Cosine between question and clause, -1..1."""
    words: float
    """BM25 of the question's characters and character pairs, 0 and up."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote with where it stands. `quote` is a contiguous piece of the clause's text."""

    clause_id: int
    manual: str
    organisation: str
    label: str
    quote: str
    edition: int
    published_at: datetime
    source: str
    truncated: bool = False
    has_blank: bool = False
    page: int | None = None
