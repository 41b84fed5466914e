"""A sentence in another language than its clauses: judged by meaning, by shared concepts and by its numbers."""

from __future__ import annotations

from bot.assistant.modality import allows_the_denied
from bot.assistant.passages import Support
from bot.assistant.verdicts import Fault, Floors, Similarity
from knowledge.statements.concepts import concepts
from knowledge.statements.quantities import folded, supported
from knowledge.statements.segments import Segment, statements

_UNRELATED = (
    "春天的山谷里开满了野花,溪水从石头间流过。",
    "这首曲子由大提琴和钢琴演奏,节奏缓慢。",
    "The volcano last erupted long before anyone settled on the island.",
    "She painted the old harbour in watercolours.",
)
_AFAR = 0.08


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
        if _number_from_afar(statement, source, similarity):
            return Fault.BINDING
    return None


def _number_from_afar(statement: Segment, source: Support, similarity: Similarity) -> bool:
    """A number whose statements in the source are clearly further in meaning than another one."""
    scores = [(similarity(statement.text, other.text), other) for other in source.statements]
    best = max(score for score, _ in scores)
    for quantity in statement.quantities:
        near = [score for score, other in scores if supported(quantity, other.quantities)]
        if near and max(near) < best - _AFAR:
            return True
    return False
