"""A sentence in another language than its clauses: judged by meaning, by shared concepts and by its numbers."""

from __future__ import annotations

import re

from bot.assistant.modality import allows_the_denied, is_negative
from bot.assistant.passages import Support
from bot.assistant.verdicts import Fault, Floors, Similarity
from knowledge.statements.concepts import concepts
from knowledge.statements.modes import Mode, modes
from knowledge.statements.quantities import folded, supported
from knowledge.statements.segments import Segment, segments, statements

_UNRELATED = (
    "春天的山谷里开满了野花,溪水从石头间流过。",
    "这首曲子由大提琴和钢琴演奏,节奏缓慢。",
    "The volcano last erupted long before anyone settled on the island.",
    "She painted the old harbour in watercolours.",
)
_AFAR = 0.08
_DENIED = re.compile(r"不在|不属于|不包括|不含|不适用|\bnot (?:covered|included|part)\b|\bexcluded\b")


def across(text: str, source: Support, similarity: Similarity | None, floors: Floors) -> Fault | None:
    """The fault of such a sentence, if any. Without `similarity` it cannot be judged and is refused."""
    if similarity is None:
        return Fault.SIMILARITY
    found = concepts(folded(text))
    said, there = found.strict | found.soft, source.concepts.strict | source.concepts.soft
    # Cosines of unrelated texts lie near 0.1 with one embedding model and near 0.75 with another.
    unrelated = sum(similarity(text, other) for other in _UNRELATED) / len(_UNRELATED)
    candidates = [clause.text for clause in source.clauses] + [part.text for part in source.statements]
    nearest = max(similarity(text, candidate) for candidate in candidates)
    nearness = (nearest - unrelated) / (1 - unrelated)
    if nearness < floors.nearness:
        return Fault.SIMILARITY
    if nearness < floors.plainly and (not said or len(said & there) / len(said) < floors.concepts):
        return Fault.OVERLAP
    for statement in statements(text):
        closest = max(source.statements, key=lambda other: similarity(statement.text, other.text))
        if allows_the_denied(statement, closest):
            return Fault.POLARITY
        if _only_denied(statement, source) or _allows_the_forbidden(statement, source):
            return Fault.POLARITY
        if _number_from_afar(statement, source, similarity):
            return Fault.BINDING
    return None


def _only_denied(statement: Segment, source: Support) -> bool:
    """Said as it is, where the one statement with all its concepts denies it: 「滤芯……不在保修范围内」."""
    if is_negative(statement.text):
        return False
    said = concepts(statement.text)
    if not said.strict or not said.soft:
        return False
    whole = said.strict | said.soft
    for other in source.statements:
        there = concepts(other.text, source=True)
        if not whole <= there.strict | there.soft:
            continue
        parts = [(part.text, concepts(part.text, source=True)) for part in segments(other.text)]
        about = next((n for n, (_, found) in enumerate(parts) if found.soft & said.soft), 0)
        telling = [text for text, found in parts[about:] if found.strict & said.strict]
        return bool(telling) and bool(_DENIED.search(telling[0]))
    return False


def _allows_the_forbidden(statement: Segment, source: Support) -> bool:
    """Allowed, where each statement of the source that names its rarest concept forbids it."""
    if Mode.PERMIT not in modes(statement.text) or is_negative(statement.text):
        return False
    found = concepts(statement.text)
    for concept in found.strict - found.people:
        naming = [part for part in source.statements if concept in concepts(part.text, source=True).strict]
        if naming and all(
            Mode.FORBID in modes(part.text) and Mode.PERMIT not in modes(part.text) for part in naming
        ):
            return True
    return False


def _number_from_afar(statement: Segment, source: Support, similarity: Similarity) -> bool:
    """A number whose statements in the source are clearly further in meaning than another one."""
    scores = [(similarity(statement.text, other.text), other) for other in source.statements]
    best = max(score for score, _ in scores)
    for quantity in statement.quantities:
        near = [score for score, other in scores if supported(quantity, other.quantities)]
        if near and max(near) < best - _AFAR:
            return True
    return False
