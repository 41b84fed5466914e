"""An answer while it is being written: sentences taken or dropped, sources numbered, what must not be lost."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from bot.assistant.answers import Outcome
from bot.assistant.citations import Fault, Floors, Similarity, check_sentence
from bot.assistant.smuggling import has_markup, speaks_to_model
from knowledge.clauses import Citation, Clause
from knowledge.statements.segments import is_chinese, tight
from tickets.usage_records import UseOutcome

if TYPE_CHECKING:
    from bot.assistant.reply_lines import ReplySentence
    from bot.assistant.writing import WritingRequest

_QUOTE_MARKS = re.compile(r"[“”\"「」『』‘’]")
_PARTS = re.compile(r"(?<=[。!?！？])|(?<=[.])(?=\s+[A-Z])")
_ENDED = re.compile(
    r"[。.!?！？…;；][\s”’\"'」』)）\]】*_`\u200b]*(?:\s*[\[【(](?:C\d+[,，、 ]*)+[\])】])?\s*$"
)
_DECORATION = re.compile(r"^(?:[-*•#>]+\s+|\d{1,2}[.)、]\s*)+|\*\*|__|`")
_INLINE_IDS = re.compile(r"\s*[\[【(](?:C\d+[,，、 ]*)+[\])】]")

_WORDS = {
    "zh": {
        "conflict": "这几份手册的规定不一致,各自如下:",
        "also": "手册原文:",
        "cut": "注意:{where}的原文在此处中断,后面的内容缺失。",
        "blank": "注意:{where}的原文在此处留空,没有写明数值。",
        "quote": "“{quote}”",
        "where": "《{manual}》{label}",
    },
    "en": {
        "conflict": "The manuals disagree; each rule in turn:",
        "also": "In the manual's own words:",
        "cut": "Note: the source breaks off here ({where}); what follows is missing.",
        "blank": "Note: the source leaves this open ({where}); no value is given.",
        "quote": "“{quote}”",
        "where": "{manual} {label}",
    },
}


class WrittenAnswer:
    """Collects checked sentences; `text` is exactly what has been passed on so far."""

    def __init__(
        self,
        request: WritingRequest,
        clauses: dict[str, Clause],
        similarity: Similarity | None,
        floors: Floors,
        marks: bool,
    ) -> None:
        self._request = request
        self._clauses = clauses
        self._similarity = similarity
        self._floors = floors
        self._marks = marks
        self._words = _WORDS[request.quoted.language]
        self._said: set[str] = set()
        self._quoting = False
        self._begun: ReplySentence | None = None
        self._cited: dict[int, Citation] = {}
        self.text = ""
        self.kept = 0
        self.dropped: Counter[str] = Counter()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Sources in the order in which they were first used."""
        return tuple(self._cited.values())

    def outcome(self, whole: bool) -> UseOutcome:
        """What became of the reply; `whole`: it came to its end."""
        if not self.kept:
            return UseOutcome.UNUSED
        return UseOutcome.WRITTEN if whole and not self._quoting else UseOutcome.PARTLY

    def take(self, sentence: ReplySentence) -> Iterator[str]:
        """The pieces to pass on for one sentence of the reply: none if it is not supported."""
        if self._begun is not None:
            cites = list(dict.fromkeys([*self._begun.cites, *sentence.cites]))
            sentence = sentence.model_copy(update={"text": self._begun.text + sentence.text, "cites": cites})
        # Half a sentence may be harmless where the whole is a lie: it waits for its end.
        self._begun = None if _ENDED.search(sentence.text) else sentence
        if self._begun is None:
            yield from self._judged(sentence)

    def ended(self) -> Iterator[str]:
        """The pieces to pass on when the reply has come to its end: a last sentence without a full stop."""
        begun, self._begun = self._begun, None
        if begun is not None:
            yield from self._judged(begun)

    def _judged(self, sentence: ReplySentence) -> Iterator[str]:
        keys = [key if key.startswith("C") else f"C{key}" for key in sentence.cites]
        cited = [self._clauses[key] for key in keys if key in self._clauses]
        text = _plain(sentence.text)
        if has_markup(text) or speaks_to_model(text):
            # Judged as a whole: cut in two, a mention or an order may look harmless.
            self.dropped[Fault.MARKUP if has_markup(text) else Fault.SMUGGLED] += 1
            return
        parts = [text] if _QUOTE_MARKS.search(text) else [p.strip() for p in _PARTS.split(text) if p.strip()]
        for part in parts:
            fault = self._fault(part, cited, strange=len(cited) < len(keys))
            if fault is not None:
                self.dropped[fault] += 1
                continue
            if part not in self._said:
                self._said.add(part)
                yield from self._pass_on(part, cited)

    def rest(self, whole: bool) -> Iterator[str]:
        """What must be said after the last sentence: the quote if nothing was kept, else what is still owed.

        `whole`: the reply came to its end.
        """
        quoted = self._request.quoted
        if not self.kept:
            self.text = quoted.text
            yield quoted.text
            return
        yield from self._quotes(self._owed(whole))
        for citation in quoted.citations:
            for flag, kind in ((citation.truncated, "cut"), (citation.has_blank, "blank")):
                if flag:
                    yield self._added("\n\n" + self._words[kind].format(where=self._where(citation)))

    def _fault(self, text: str, cited: list[Clause], strange: bool) -> str | None:
        if strange:
            return Fault.NO_CITATION
        if is_chinese(text) != (self._request.quoted.language == "zh"):
            return "language"
        return check_sentence(text, cited, self._request.question, self._similarity, self._floors).fault

    def _pass_on(self, text: str, cited: list[Clause]) -> Iterator[str]:
        if not self.kept and self._request.quoted.outcome is Outcome.CONFLICT:
            yield self._added(self._words["conflict"] + "\n")
        self.kept += 1
        if not re.search(r"[。.!?！？”\"」』…]$", text):
            text += "。" if self._request.quoted.language == "zh" else "."
        for clause in cited:
            self._cited.setdefault(clause.id, self._citation(clause, text))
        lead = "" if not self.text or self.text.endswith("\n") else " "
        if self._request.quoted.outcome is Outcome.CONFLICT:
            lead, text = "- ", self._with_owner(text, cited) + self._numbers(cited) + "\n"
        elif self._request.quoted.language == "zh":
            lead, text = "", text + self._numbers(cited)
        else:
            text += self._numbers(cited)
        yield self._added(lead + text)

    def _with_owner(self, text: str, cited: list[Clause]) -> str:
        """In a conflict each rule names the manual that it stands in."""
        said = tight(text)
        strangers = [
            clause
            for clause in cited
            if not any(name and name in said for name in (tight(clause.organisation), tight(clause.manual)))
        ]
        names = dict.fromkeys(clause.manual for clause in strangers)
        return text + "".join(f"(《{name}》)" for name in names)

    def _numbers(self, cited: list[Clause]) -> str:
        if not self._marks:
            return ""
        order = list(self._cited)
        return " " + "".join(f"[{n}]" for n in sorted({order.index(clause.id) + 1 for clause in cited}))

    def _owed(self, whole: bool) -> list[Citation]:
        """Citations of the quoting answer that the written one has lost and may not lose."""
        quoted = self._request.quoted
        lost = [citation for citation in quoted.citations if citation.clause_id not in self._cited]
        if quoted.outcome is Outcome.CONFLICT or not whole or self.dropped:
            return lost
        if len(lost) == len(quoted.citations):
            return lost[:1] + [c for c in lost[1:] if c.truncated or c.has_blank]
        return [citation for citation in lost if citation.truncated or citation.has_blank]

    def _quotes(self, owed: list[Citation]) -> Iterator[str]:
        if not owed:
            return
        self._quoting = True
        conflict = self._request.quoted.outcome is Outcome.CONFLICT
        if not conflict:
            yield self._added("\n\n" + self._words["also"] + "\n")
        for citation in owed:
            self._cited.setdefault(citation.clause_id, citation)
            number = f" [{list(self._cited).index(citation.clause_id) + 1}]" if self._marks else ""
            quote = self._words["quote"].format(quote=citation.quote)
            yield self._added(f"- {self._where(citation)}: {quote}{number}\n")

    def _where(self, citation: Citation) -> str:
        return self._words["where"].format(manual=citation.manual, label=citation.label).strip()

    def _added(self, piece: str) -> str:
        self.text += piece
        return piece

    def _citation(self, clause: Clause, text: str) -> Citation:
        """The quoting answer's own citation of the clause, or one with the closest sentence of it."""
        for citation in self._request.quoted.citations:
            if citation.clause_id == clause.id:
                return citation
        parts = [part for part in re.split(r"(?<=[。;；!?！？\n])", clause.text) if part.strip()] or [
            clause.text
        ]
        closest = max(parts, key=lambda part: SequenceMatcher(None, part, text, autojunk=False).ratio())
        return Citation(
            clause_id=clause.id,
            manual=clause.manual,
            organisation=clause.organisation,
            label=clause.label,
            quote=closest.strip(),
            edition=clause.edition,
            published_at=clause.published_at,
            source=clause.source,
            truncated=clause.truncated,
            has_blank=clause.has_blank,
            page=clause.page,
        )


def _plain(text: str) -> str:
    """One line without list marks, ids and invisible characters."""
    visible = "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"} or c.isspace())
    one_line = " ".join(visible.split())
    plain = _DECORATION.sub("", _INLINE_IDS.sub("", one_line)).strip().rstrip(";；,，、")
    return plain.removesuffix('"') if plain.count('"') == 1 else plain
