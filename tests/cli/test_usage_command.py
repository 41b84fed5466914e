"""`kefu usage`: what the language model took, whichever door it was asked through."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.model_server import ModelServer, Reply


@pytest.mark.slow
def test_what_was_asked_on_the_command_line_is_counted(
    kefu_in: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    (tmp_path / "rules.txt").write_text("考勤\n\n一、处罚\n1、迟到一次扣二十元。\n", encoding="utf-8")
    home = tmp_path / "home"
    assert "No language model" in kefu_in(home, "usage").stdout
    assert kefu_in(home, "ingest", str(tmp_path / "rules.txt")).returncode == 0
    with ModelServer() as server:
        server.play(Reply('{"text": "迟到一次扣20元。", "cites": ["C1"]}\n{"end": "answered"}\n'))
        model = {
            "KEFU_MODEL": "openai:scripted",
            "KEFU_MODEL_BASE_URL": server.url,
            "KEFU_MODEL_API_KEY": "k-test",
            "KEFU_MODEL_REPORTS_USAGE": "true",
            "KEFU_MODEL_PRICE_IN": "1",
            "KEFU_MODEL_PRICE_OUT": "10",
            "KEFU_MODEL_CURRENCY": "CNY",
            "KEFU_MODEL_FIRST_TOKEN_SECONDS": "100",
            "KEFU_MODEL_TOTAL_SECONDS": "100",
            "KEFU_BUDGET_DAY": "4000",
        }
        first = json.loads(kefu_in(home, "ask", "迟到一次扣多少钱?", "--json", **model).stdout)
        assert first["details"]["model"]["cost"] == "0.0003 CNY"
        assert first["details"]["model"]["tokens_in"] == 100
        spent = json.loads(
            kefu_in(home, "ask", "迟到一次扣多少钱?", "--json", **(model | {"KEFU_BUDGET_DAY": "500"})).stdout
        )
        assert spent["details"]["model"]["unavailable"] == "budget"
        assert spent["model"] is None
        assert len(server.requests) == 1
        wrong = kefu_in(home, "ask", "迟到?", **(model | {"KEFU_BUDGET_DAY": "much"}))
        assert wrong.returncode == 1
        assert "BUDGET_DAY" in wrong.stderr
        assert len(wrong.stderr.splitlines()) == 1
    shown = json.loads(kefu_in(home, "usage", "--by", "person", "--json").stdout)
    (row,) = shown["usage"]
    assert (row["name"], row["calls"], row["tokens_in"], row["tokens_out"]) == ("(command line)", 2, 100, 20)
    assert row["cost"] == {"CNY": 0.0003}
    assert row["faults"] == {"budget": 1}
    assert "openai:scripted" in kefu_in(home, "usage", "--by", "model").stdout
