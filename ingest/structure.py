"""From a Document to its manuals: the one entrance, `split_manuals`."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, pairwise
from pathlib import PurePath

from ingest.boilerplate import clean_lines, drop_site_phrases
from ingest.cleaning import clean_characters, is_chinese, opens_like_a_sentence_end
from ingest.cutting import cut
from ingest.documents import Document
from ingest.duplicates import fold_items, fold_manuals
from ingest.enumerators import Mark, Style, candidates
from ingest.formatted import Part, outside, parts, running_text, write
from ingest.frontmatter import setting, split_front_matter
from ingest.markdown import looks_like_markdown, manual_starts, parse_markdown
from ingest.organisation import organisation
from ingest.page_numbers import with_pages
from ingest.qualities import gaps, mark_truncated
from ingest.suspicion import hidden_orders, with_suspicions
from ingest.titles import (
    Section,
    leading_title,
    looks_like_title,
    promised_parts,
    split_titles,
    strip_repeated_titles,
    title_marks,
)
from ingest.tree import Outline
from ingest.wrapping import join_wrapped
from knowledge.clauses import ClauseDraft, ClauseKind, ManualDraft
from knowledge.reading import search_reading


def split_manuals(document: Document) -> list[ManualDraft]:
    """The manuals in a document, in order, duplicates folded. Never raises on text of any kind."""
    hidden = (*document.hidden, *hidden_orders(document.text))
    if document.blocks:
        drafts = _from_blocks(document)
    elif looks_like_markdown(text := clean_characters(document.text)):
        drafts = _markdown(text, document.source)
    else:
        drafts = _page(text, document.source)
    kept = fold_manuals([d for d in drafts if d.clauses])
    if document.notes and kept:
        kept[0] = replace(kept[0], notes=(*document.notes, *kept[0].notes))
    return [with_suspicions(_with_search_text(draft), () if at else hidden) for at, draft in enumerate(kept)]


def _page(text: str, source: str, stated: str = "") -> list[ManualDraft]:
    text, _ = drop_site_phrases(text)
    return [_plain(section, source, stated) for section in split_titles(clean_lines(text))]


def _from_blocks(document: Document) -> list[ManualDraft]:
    running = running_text(document)
    if running is None:
        return [_formatted(part, document.source) for part in parts(document)]
    drafts = _page(running.marked.text, document.source, running.marked.title)
    placed = iter(with_pages([c for d in drafts for c in d.clauses], running.marked.text, running.pages))
    return [replace(d, clauses=tuple(islice(placed, len(d.clauses)))) for d in drafts]


def _plain(section: Section, source: str, stated: str = "") -> ManualDraft:
    title = section.title
    body = join_wrapped(list(section.lines))
    body = strip_repeated_titles(body, title) if title else body
    chinese = is_chinese(body or title)
    marks = _marks(body, title, chinese=chinese)
    if not title and marks and (title := leading_title(body, marks[0].start)):
        body = body[marks[0].start :]
        marks = _marks(body, title, chinese=chinese)
    missing = _missing_parts(title, marks)
    draft = _draft(
        body,
        marks,
        title or stated or PurePath(source).stem,
        source,
        chinese=chinese,
        breaks=chinese,
        missing=missing,
        issued="\n".join(section.preface),
    )
    return replace(draft, truncated=True) if opens_like_a_sentence_end(body) else draft


def _formatted(part: Part, source: str) -> ManualDraft:
    written = write(part)
    marked = written.marked
    body, marks, title = marked.text, marked.marks, part.title or PurePath(source).stem
    chinese = is_chinese(body or title)
    if chinese and not part.headed:
        inner = outside(title_marks(body, title), marked)
        marks = sorted([*inner, *marks], key=lambda m: (m.start, m.style))
    missing = [] if part.headed else _missing_parts(title, marks)
    breaks = chinese and not part.headed
    draft = _draft(body, marks, title, source, chinese=chinese, breaks=breaks, missing=missing)
    draft = replace(draft, clauses=with_pages(draft.clauses, body, written.pages))
    cut_off = not part.headed and opens_like_a_sentence_end(body)
    return replace(draft, truncated=True) if cut_off else draft


def _markdown(text: str, source: str) -> list[ManualDraft]:
    settings, text = split_front_matter(text)
    starts = manual_starts(text)
    if not settings and len(starts) > 1 and all(looks_like_title(title) for _, title in starts):
        # Several documents in one file, each below its own level-one heading.
        lines = text.split("\n")
        cuts = [0, *(line for line, _ in starts[1:]), len(lines)]
        pieces = ["\n".join(lines[a:b]) for a, b in pairwise(cuts)]
    else:
        pieces = [text]
    drafts = []
    for piece in pieces:
        marked = parse_markdown(piece)
        if not marked.text.strip():
            marked = parse_markdown(setting(settings, "description"))
        title = setting(settings, "title") or marked.title or PurePath(source).stem
        chinese = is_chinese(marked.text or title)
        draft = _draft(marked.text, marked.marks, title, source, chinese=chinese, breaks=False, missing=[])
        stated = setting(settings, "organisation")
        drafts.append(replace(draft, organisation=stated) if stated else draft)
    return drafts


def _draft(
    body: str,
    marks: list[Mark],
    title: str,
    source: str,
    *,
    chinese: bool,
    breaks: bool,
    missing: list[str],
    issued: str = "",
) -> ManualDraft:
    root = Outline(body, marks).build()
    folded = fold_items(root)
    clauses = cut(root, chinese=chinese, breaks=breaks)
    clauses, truncated = mark_truncated(clauses, cut_off=bool(missing))
    return ManualDraft(
        title=title,
        organisation=organisation(title, f"{issued}\n{body}" if issued else body),
        clauses=tuple(clauses),
        source=source,
        language="zh" if chinese else "en",
        truncated=truncated,
        notes=(*folded, *missing, *_empty_headings(clauses), *gaps(clauses)),
    )


def _marks(body: str, title: str, *, chinese: bool) -> list[Mark]:
    found = list(candidates(body, inline=chinese))
    inner = title_marks(body, title) if chinese else []
    ends = {m.end for m in found}
    inner = [m for m in inner if not _follows_mark(body, m, ends)]
    return sorted([*inner, *found], key=lambda m: (m.start, m.style))


def _follows_mark(body: str, mark: Mark, ends: set[int]) -> bool:
    at = mark.start
    while at > 0 and body[at - 1].isspace():
        at -= 1
    return mark.style is not Style.PART and (at in ends) and at > 0


def _missing_parts(title: str, marks: list[Mark]) -> list[str]:
    parts = {m.number for m in marks if m.style is Style.PART}
    promised = promised_parts(title)
    if parts == {1}:
        return [f"标题说有{promised}篇,文件里只有第1篇。" if promised else "文件里只有第1篇,其余各篇缺失。"]
    return []


def _empty_headings(clauses: list[ClauseDraft]) -> list[str]:
    notes = [f"「{c.text}」只有标题,没有正文。" for c in clauses if c.kind is ClauseKind.HEADING]
    if clauses and clauses[-1].truncated:
        notes.append("原文在末尾处截断。")
    return notes


def _with_search_text(draft: ManualDraft) -> ManualDraft:
    """The one place where the reading for search is set."""
    return replace(
        draft, clauses=tuple(replace(c, search_text=search_reading(c.text)) for c in draft.clauses)
    )
