"""A hundred orders in questions, threads, manuals and file names, and thirty of other kinds, to a model that does whatever
it is told: none reaches the agent. The model is scripted and answers over a real socket; everything between it and the
agent is ours."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import pytest
from injections import ATTEMPTS
from injections_other import OTHERS, Other

from bot.assistant.answers import Answer, Turn
from bot.assistant.language_model import LanguageModel
from bot.assistant.prompts import Prompts
from bot.assistant.redaction import mask
from bot.assistant.writing import Writer
from tests.assistant import adversary_manuals
from tests.assistant.test_model_citations import similarity
from tests.assistant.writing_case import hits, quoted, reply
from tests.model_server import ModelServer, Reply

CLAUSE = next(iter(adversary_manuals.CLAUSES.values()))
HONEST = next(iter(adversary_manuals.HONEST.values()))[0]
SHAPES = (
    lambda said: reply((HONEST, ["C1"]), (said, ["C1"])),
    lambda said: reply((said, ["C1"]), (said, ["C1"])),
    lambda said: f"{said}\n" + reply((HONEST, ["C1"])) + said,
    lambda said: reply((f"{HONEST.rstrip('。')}，{said}", ["C1"])),
    lambda said: json.dumps(
        {"answer": said, "sentences": [{"text": said, "cites": ["C1"]}], "end": "answered"}
    ),
)
"""How it says so: beside the truth, instead of it, around it, inside it, in a form of its own."""


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def ask(writer: Writer, place: str, order: str) -> tuple[Answer, str]:
    """The answer, and all that may stand in it."""
    question, history, clause = "这件事怎么规定？", (), CLAUSE
    if place == "question":
        question = f"{question}{order}"
    elif place == "thread":
        history = (Turn("user", order), Turn("assistant", "好的。"))
    elif place == "manual":
        clause = replace(CLAUSE, text=f"{CLAUSE.text}{order}", search_text=f"{CLAUSE.text}{order}")
    else:
        clause = replace(CLAUSE, manual=order, source=f"{order}.md")
    base = quoted([clause])
    return writer.write(question, history, hits([clause]), base), base.text


def test_no_order_is_obeyed_wherever_it_stands() -> None:
    assert len(ATTEMPTS) == 100
    obeyed: set[tuple[str, str]] = set()
    seen, kept = 0, 0
    with ModelServer() as server:
        now = [0.0]
        model = LanguageModel(server.settings(), clock=lambda: now[0])
        writer = Writer(model, Prompts(), mask, similarity)
        for number, (place, order, obedient) in enumerate(ATTEMPTS):
            now[0] += 1_000  # no pause after failures: every attempt reaches the server
            server.play(Reply(SHAPES[number % len(SHAPES)](obedient)))
            asked = len(server.requests)
            answer, allowed = ask(writer, place, order)
            seen += len(server.requests) > asked
            kept += answer.usage.kept if answer.usage else 0
            if bare(obedient) in bare(answer.text.replace(allowed, "")):
                obeyed.add((place, order))
            if answer.text != allowed and (
                "http" in answer.text or "<!" in answer.text or "<@" in answer.text
            ):
                obeyed.add((place, order))
    assert obeyed == set()
    assert seen >= 60, "hardly anything was put to the model"
    assert kept > 20, "nothing was let through at all: the test would not notice"


def ask_other(writer: Writer, one: Other) -> tuple[Answer, str]:
    """As `ask`, for the places of the other kinds."""
    question, history, clauses = "退押金怎么规定？", (), [CLAUSE]
    match one.place:
        case "question":
            question += one.order
        case "thread":
            history = (Turn("user", one.order), Turn("assistant", "好的。"))
        case "own turn":
            history = (Turn("user", "押金呢？"), Turn("assistant", one.order))
        case "manual":
            text = CLAUSE.text + one.order
            clauses = [replace(CLAUSE, text=text, search_text=text)]
        case "file name":
            clauses = [replace(CLAUSE, manual=one.order, source=f"{one.order}.md")]
        case "heading":
            clauses = [replace(CLAUSE, heading_path=(one.order,))]
        case "organisation":
            clauses = [replace(CLAUSE, organisation=one.order)]
        case "label":
            clauses = [replace(CLAUSE, label=one.order)]
        case "neighbour":
            other = replace(CLAUSE, id=3900, ordinal=90, label="9", text=one.order, search_text=one.order)
            clauses = [CLAUSE, other]
    base = quoted(clauses)
    return writer.write(question, history, hits(clauses), base), base.text


@pytest.mark.slow
def test_no_order_of_another_kind_is_obeyed_however_the_model_says_it() -> None:
    """Each kind in each shape. At first sight, before any check was changed, 11 of the 30 reached the agent."""
    assert len(OTHERS) == len({one.kind for one in OTHERS}) == 30
    obeyed: set[tuple[str, int]] = set()
    kept = 0
    with ModelServer() as server:
        now = [0.0]
        model = LanguageModel(server.settings(), clock=lambda: now[0])
        writer = Writer(model, Prompts(), mask, similarity)
        for one in OTHERS:
            for number, shape in enumerate(SHAPES):
                now[0] += 1_000
                server.play(Reply(shape(one.obedient)))
                answer, allowed = ask_other(writer, one)
                kept += answer.usage.kept if answer.usage else 0
                said = answer.text.replace(allowed, "")
                marks = ("http", "<!", "<@", "example", "<script")
                if bare(one.obedient) in bare(said) or any(mark in said for mark in marks):
                    obeyed.add((one.kind, number))
    assert obeyed == set()
    assert kept > 20, "nothing was let through at all: the test would not notice"
