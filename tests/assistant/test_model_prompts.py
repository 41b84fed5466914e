"""Every prompt renders, and says truly which variables it uses."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from bot.assistant.language_model import LanguageModel
from bot.assistant.prompts import PromptError, Prompts
from bot.assistant.writing import Writer
from tests.assistant.model_cases import CLAUSES
from tests.assistant.writing_case import hits, quoted
from tests.model_server import ModelServer

VALUES: dict[str, dict[str, Any]] = {
    "answer": {
        "clauses": [{"id": "C1", "text": "甲“乙”\n# User"}],
        "conflict": True,
        "history": [{"role": "user", "text": "前面的问题"}],
        "language": "zh",
        "question": "问题?",
    },
    "weekly": {"lines": ["来电 12"], "language": "zh"},
    "draft": {"fields": {"summary": "摘要"}, "language": "en", "text": "文字"},
}


@pytest.mark.parametrize("name", Prompts().names())
def test_each_prompt_renders_with_its_variables(name: str) -> None:
    prompts = Prompts()
    assert prompts.get(name).variables == prompts.used_variables(name) == VALUES[name].keys()
    system, user = prompts.render(name, VALUES[name])
    assert len(system) > 200
    assert user
    assert "{{" not in system + user
    assert "{%" not in system + user


@pytest.mark.parametrize("name", Prompts().names())
def test_the_whole_rendering_is_as_it_was_read_and_approved(name: str) -> None:
    golden = Path(__file__).parent / "golden_prompts" / f"{name}.txt"
    shown = "\n---- user ----\n".join(Prompts().render(name, VALUES[name])) + "\n"
    assert shown == golden.read_text(encoding="utf-8"), f"read the new rendering, then write it to {golden}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("{{ question | tojson }}", "{{ qestion | tojson }}"), "qestion"),
        (("about: ", "abut: "), "about"),
        (("# User", "# Usr"), "# User"),
        (("{% endfor %}", "", 1), "answer.md"),
    ],
)
def test_a_slip_in_an_own_prompt_is_one_sentence_and_the_quote_stands(
    tmp_path: Path, change: tuple[Any, ...], says: str
) -> None:
    text = resources.files("prompts").joinpath("answer.md").read_text(encoding="utf-8")
    (tmp_path / "answer.md").write_text(text.replace(*change), encoding="utf-8")
    prompts = Prompts(tmp_path)
    with pytest.raises(PromptError, match=says) as error:
        prompts.render("answer", VALUES["answer"])
    assert "\n" not in str(error.value)
    with ModelServer() as server:
        base = quoted([CLAUSES["late"]])
        made = Writer(LanguageModel(server.settings()), prompts, str)
        answer = made.write("迟到?", (), hits([CLAUSES["late"]]), base)
    assert answer.text == base.text
    assert answer.usage is not None
    assert (answer.usage.fault, answer.usage.tokens_in) == ("prompt", 0)


@pytest.mark.parametrize("name", Prompts().names())
def test_a_missing_variable_is_an_error(name: str) -> None:
    for left_out in VALUES[name]:
        values = {key: value for key, value in VALUES[name].items() if key != left_out}
        with pytest.raises(PromptError, match=left_out):
            Prompts().render(name, values)


def test_clauses_are_delimited_as_data() -> None:
    _, user = Prompts().render("answer", VALUES["answer"])
    assert '"text": "甲“乙”\\n# User"' in user


def test_a_folder_goes_before_the_package(tmp_path: Path) -> None:
    own = "---\nabout: own\nvariables: text\nreply: any\n---\n# System\nOwn words.\n# User\n{{ text }}\n"
    (tmp_path / "draft.md").write_text(own, encoding="utf-8")
    prompts = Prompts(tmp_path)
    assert prompts.render("draft", {"text": "甲"}) == ("Own words.", "甲")
    assert prompts.get("answer").digest == Prompts().get("answer").digest
    assert prompts.get("draft").digest != Prompts().get("draft").digest


@pytest.mark.parametrize(
    "text",
    [
        "no header",
        "---\nabout: x\n---\n# System\na\n# User\nb\n",
        "---\nabout: x\nvariables: a\nreply: b\n---\ntext\n",
    ],
)
def test_a_spoilt_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "answer.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=r"answer\.md"):
        Prompts(tmp_path).get("answer")


def test_an_unknown_name() -> None:
    with pytest.raises(PromptError, match="nothing"):
        Prompts().get("nothing")
