"""Every sentence that refuses a file or a store has a Chinese one, and what it names is kept."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.blocks.refusals import refusal
from ingest.errors import IngestError
from ingest.formats import refused
from ingest.formats.office import _OTHERS
from ingest.readers import read_bytes

ROOT = Path(__file__).parents[2]
CATALOGUE: dict[str, str] = json.loads(
    (ROOT / "bot/blocks/words/refusals.zh.json").read_text(encoding="utf-8")
)
RAISED = {
    "IngestError",
    "StoreUnavailable",
    "StoreBusy",
    "EmbedderUnavailable",
    "ConflictError",
    "KnowledgeError",
}
PLACES = [ROOT / "ingest", ROOT / "knowledge", ROOT / "bot/keeping"]


def templates() -> Iterator[tuple[str, str]]:
    """Where and what: the sentences that the code raises, with `{}` for what is filled in."""
    for path in (file for place in PLACES for file in sorted(place.rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
                text = template(node.args[0]) if node.args else ""
                if re.search(r"[A-Za-z]{3}", text):  # a sentence of its own, not one handed on
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def template(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
    if isinstance(node, ast.IfExp):
        return template(node.body) + template(node.orelse)
    return ""


@pytest.mark.parametrize(("place", "english"), [pytest.param(*t, id=t[0]) for t in templates()])
def test_every_sentence_has_a_chinese_one(place: str, english: str) -> None:
    assert english in CATALOGUE, f"{place} raises a sentence that words/refusals.zh.json lacks: {english}"


def test_sentences_made_of_parts_have_one_too() -> None:
    parts = [sentence for _, sentence in (*_OTHERS, *refused._STREAMS, *refused._HEADS)]
    assert {f"{{}} {part}" for part in (*parts, refused._OTHER_OLE)} <= CATALOGUE.keys()


@pytest.mark.parametrize(("english", "chinese"), CATALOGUE.items(), ids=range(len(CATALOGUE)))
def test_each_sentence_comes_out_in_chinese_with_what_it_names(english: str, chinese: str) -> None:
    names = [f"名字{n} v1.2" for n in range(english.count("{}"))]
    filled = iter(names)
    said = refusal(re.sub(r"\{\}", lambda _: next(filled), english), "zh")
    assert said == chinese.format(*names)
    assert all(name in said for name in names)


def test_a_refused_file_is_told_in_the_readers_language() -> None:
    with pytest.raises(IngestError) as error:
        read_bytes(b"Rar!\x1a\x07 and more", "制度.rar")
    assert refusal(str(error.value), "zh") == "制度.rar 是 rar 压缩包；请解压，或改用 .zip 打包。"
    assert refusal(str(error.value), "en") == str(error.value)


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    assert refusal("Something else happened.", "zh") == "Something else happened."
