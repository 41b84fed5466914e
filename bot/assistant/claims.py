"""What nobody may say in a manual's name, although its words stand there: that something is decided, that a rule holds no
more, a file's name as if it were a rule, words of another language torn out of their sentence.

A manual states rules. Whether a matter has been decided is known at the desk (`tickets`), whether an edition is in force
by its dates (`knowledge`); a text that says so of itself is quoted, never reworded.
"""

from __future__ import annotations

import re

from bot.assistant.passages import Support, covered_share
from knowledge.statements.concepts import blanked
from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import folded
from knowledge.statements.segments import HAN, content_runs, content_words, segments, tight

_DECIDED = re.compile(
    r"(?:已经?|业已|均已|已获|已被)[^,;。]{0,6}?(?:批准|特批|同意|授权|核准|批复|签字|免除|豁免|特许|通过审批)(?![\u4e00-\u9fff]{0,3}(?:的|后|方|才|时|前|吗))"
    r"|\b(?:has|have) (?:already |just )?(?:been )?(?:approved|authori[sz]ed|agreed|waived|signed off)\b"
    r"|\b(?:is|are) (?:already|now|hereby) (?:approved|authori[sz]ed|waived)\b"
)
_ON_CONDITION = re.compile(
    r"如果?|若|当|凡|只有|除非|经|是否|未|没|须|应|需|\b(?:if|when|once|unless|until|after|only|whether|that|which|who)\b"
)
_VALIDITY = re.compile(
    r"(?:本|此|该|上述|以上|原)(?:制度|手册|规定|条款?|办法|文件|规则|版本?|通知|细则|守则)[^,;。]{0,16}"
    r"(?:废止|作废|失效|无效|停止执行|停用|取消|不再(?:适用|执行|有效)|不算数)"
    r"|(?:以后|今后|从此|现在起?|即日起)[^,;。]{0,4}(?:不用|不必|无需|不再)(?:再)?(?:执行|遵守|理会|适用)"
    r"|\b(?:this|these) (?:policy|policies|manual|rules?|clause|document|handbook)\b[^.;]{0,30}"
    r"(?:\bvoid\b|no longer|repealed|cancell?ed|revoked|abolished|obsolete)"
)
_ATTRIBUTED = re.compile(r"《[^》]*》")
_ATTRIBUTING = re.compile(
    r"根据|按照?|依据?|规定|要求|写明|写道|载明|明确|提到|指出|\b(?:according|under|says?|states?|requires?)\b"
)
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z'’-]*(?:\s+[A-Za-z][A-Za-z'’-]*){2,}")
_DENIED = re.compile(
    r"(?:不予|不得|不能|不会|不可以?|不许|不准|不给|不再|不应|禁止|拒绝|不(?=[\u4e00-\u9fff]{2}))(?:再)?(?P<what>[\u4e00-\u9fff]{2})"
)
_HOST = re.compile(r"(?<![\w.@/-])[a-z0-9][a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?![\w-])", re.IGNORECASE)
_LONGEST_OWN = 3
"""So many characters in a row that the clause has nowhere are a matter of their own. Of 288 honest sentences of the tests
this refuses one."""


def claims_a_decision(text: str) -> bool:
    """Whether a sentence says that something has been decided, or that a rule of a manual holds no more."""
    plain = folded(text)
    if _VALIDITY.search(plain):
        return True
    return any(_DECIDED.search(part.text) and not _ON_CONDITION.search(part.text) for part in segments(plain))


def names_a_host(text: str, source: Support) -> bool:
    """An address on the net that does not stand so in the clause (「kefu.example」, without http)."""
    return any(tight(match.group()) not in source.tight for match in _HOST.finditer(text))


def torn_out(text: str, source: Support) -> bool:
    """Three words or more of another language in a Chinese sentence, that the clause does not have, or has only in the
    middle of more of it."""
    whole = {tight(match.group()) for body in _bodies(source) for match in _LATIN_RUN.finditer(body)}
    return any(
        tight(match.group()) not in source.tight
        or (whole and not _is_part_by_name(match.group()) and tight(match.group()) not in whole)
        for match in _LATIN_RUN.finditer(text)
    )


def _is_part_by_name(run: str) -> bool:
    """「Apple Care Plus」: a name, each word with a capital."""
    return all(word[0].isupper() for word in run.split())


def from_titles(text: str, source: Support) -> bool:
    """Whether a statement says what no clause's text or heading says, only the name of a manual, file or organisation:
    those may be named, they rule nothing."""
    titles = [
        name
        for clause in source.clauses
        for name in (clause.manual, clause.organisation)
        if len(tight(name)) > 3
    ]
    if not titles:
        return False
    for statement in segments(_ATTRIBUTED.sub("", text)):
        share, counted = covered_share(statement.text, source)
        if counted < 3 or share < 0.4 or _ATTRIBUTING.search(statement.text):
            continue
        own = _units(statement.text)
        body = _units(" ; ".join(_bodies(source)))
        named = _units(" ; ".join(folded(title) for title in titles))
        if len((own & named) - body) > len(own & body):
            return True
    return False


def turns_round(text: str, source: Support) -> bool:
    """「押金不予退回」, where the clause speaks of giving it back, and denies something else."""
    for match in _DENIED.finditer(folded(text)):
        what = match["what"]
        if not content_runs(what) or content_runs(what)[0] != what:
            continue
        holders = [one.text for one in source.segments if what in one.text]
        if holders and not any(_denies(one) for one in holders):
            return True
    return False


def _denies(text: str) -> bool:
    return bool(
        re.search(r"不|未|没|无|勿|非|禁|拒|免|取消|违|罚|扣|视为|放弃|除外|否则|仅|只", text)
    ) or bool(modes(text) & {Mode.FORBID, Mode.EXEMPT})


def of_its_own(text: str, source: Support) -> bool:
    """A longer piece of Chinese that the clause has in no words: a rule from nowhere beside true words."""
    known = source.pairs
    for run in content_runs(blanked(folded(text), source.concepts.strict | source.concepts.soft)):
        longest = length = 0
        for i, character in enumerate(run):
            inside = run[i : i + 2] in known or (i > 0 and run[i - 1 : i + 1] in known)
            length = 0 if inside or character in source.text else length + 1
            longest = max(longest, length)
        if longest >= _LONGEST_OWN:
            return True
    return False


def _bodies(source: Support) -> list[str]:
    return [folded(" ; ".join((clause.text, *clause.heading_path))) for clause in source.clauses]


def _units(text: str) -> set[str]:
    found = {run[i : i + 2] for run in content_runs(text) for i in range(len(run) - 1)}
    return found | set(content_words(text)) if HAN.search(text) or content_words(text) else found
