"""The full evaluation, run the way an admin runs it and judged by the acceptance scorer (`pytest -m slow`).

The floors lie below what was measured (README), to catch a fall and not the noise of a change.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("KEFU_SHARED", ROOT.parent / "shared"))
SCORER = SHARED / "eval" / "score.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SCORER.exists(), reason=f"the acceptance scorer {SCORER} is not on this machine"),
]


def kefu(home: Path, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KEFU_")} | {
        "KEFU_HOME": str(home)
    }
    subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments], env=environment, cwd=ROOT, check=True, timeout=900
    )


def share(kind: str, gold: Path, run: Path) -> float:
    command = [sys.executable, str(SCORER), kind, str(gold), str(run), "--show-failures", "20"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(said)
    return float(re.findall(r"= (\d\.\d+)", said)[-1])


@pytest.mark.parametrize(
    ("manuals", "questions", "floor"),
    [
        pytest.param(SHARED / "seeds", SHARED / "eval" / "questions.dev.jsonl", 0.88, id="development"),
        pytest.param(ROOT / "bot/demo/manuals", ROOT / "tests/evals/samples.jsonl", 0.80, id="samples"),
    ],
)
@pytest.mark.timeout(1200)
def test_questions_pass(manuals: Path, questions: Path, floor: float, tmp_path: Path) -> None:
    kefu(tmp_path / "home", "ingest", str(manuals), "--json")
    kefu(tmp_path / "home", "ask", "--batch", str(questions), "--out", str(tmp_path / "answers.jsonl"))
    assert share("questions", questions, tmp_path / "answers.jsonl") >= floor


@pytest.mark.timeout(1200)
def test_escalation_drafts_have_no_fault(tmp_path: Path) -> None:
    scenarios = SHARED / "eval" / "escalations.dev.jsonl"
    kefu(tmp_path / "home", "ingest", str(SHARED / "seeds"), "--json")
    kefu(tmp_path / "home", "draft", "--batch", str(scenarios), "--out", str(tmp_path / "drafts.jsonl"))
    assert share("drafts", scenarios, tmp_path / "drafts.jsonl") == 1.0
