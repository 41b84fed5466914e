"""The command line answers at once: nothing heavy is imported before it is needed."""

import subprocess
import sys

import pytest

HEAVY = (
    "chromadb",
    "torch",
    "sentence_transformers",
    "slack_bolt",
    "sqlalchemy",
    "langchain",
    "numpy",
    "aiohttp",
)


def modules_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_help_imports_nothing_heavy() -> None:
    assert not modules_after("import bot.cli") & set(HEAVY)


@pytest.mark.parametrize("module", ["bot.assistant.answering", "knowledge.library"])
def test_answering_without_a_model_imports_no_model_client_no_chroma_no_torch(module: str) -> None:
    loaded = modules_after(f"import {module}")
    assert not loaded & {"chromadb", "torch", "sentence_transformers", "slack_bolt", "langchain", "openai"}
