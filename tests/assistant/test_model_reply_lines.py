"""The model's reply in all the shapes that models send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.reply_lines import ReplyEnd, ReplySentence, read_reply


def read(text: str, piece: int = 3) -> list[tuple[str, tuple[str, ...]] | str]:
    pieces = [text[i : i + piece] for i in range(0, len(text), piece)]
    return [
        (item.text, tuple(item.cites)) if isinstance(item, ReplySentence) else item.end
        for item in read_reply(pieces)
    ]


@pytest.mark.parametrize(
    "reply",
    [
        '{"text": "甲。", "cites": ["C1"]}\n{"text": "乙。", "cites": ["C2", "C3"]}\n{"end": "answered"}',
        '```json\n{"text": "甲。", "cites": ["c1"]}\n{"text": "乙。", "cites": ["[C2]", "C3"]}\n{"end": "answered"}\n```',
        '好的:\n[{"text": "甲。", "cites": "C1"},\n {"text": "乙。", "cites": ["C2", "C3"]}, {"end": "answered"}]',
        '{"sentences": [{"text": "甲。", "cites": ["C1"]}, {"text": "乙。", "cites": ["C2", "C3"]}], "end": "answered"}',
        '{\n "text": "甲。",\n "cites": [\n "C1"\n ]\n}\n{"sentence": "乙。", "cite": ["C2", "C3"]}\n{"outcome": "answered"}',
    ],
)
def test_shapes_of_one_reply(reply: str) -> None:
    assert read(reply) == [("甲。", ("C1",)), ("乙。", ("C2", "C3")), "answered"]


def test_unescaped_quotes_spoil_one_line_at_most() -> None:
    reply = '{"text": "说"您好"。", "cites": ["C1"]}\n{"text": "乙。", "cites": ["C2"]}\n'
    assert read(reply) == [('说"您好"。', ("C1",)), ("乙。", ("C2",))]


def test_what_is_not_an_object_is_never_given() -> None:
    assert read("退款100元。\n没有别的了") == []
    assert read('{"text": "没有写完') == []
    assert read('{"cites": ["C1"]}\n{"end": "maybe"}\n{"text": 5}') == []


def test_a_sentence_is_given_as_soon_as_it_is_complete() -> None:
    seen: list[str] = []

    def pieces() -> list[str]:
        return ['{"text": "甲。", "cites": ["C1"]}', "\n", '{"text": "乙']

    for item in read_reply(piece for piece in pieces() if not seen.append(piece)):  # type: ignore[func-returns-value]
        assert isinstance(item, ReplySentence)
        assert len(seen) == 1


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for item in read_reply(text):
        assert isinstance(item, (ReplySentence, ReplyEnd))
