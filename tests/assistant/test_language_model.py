"""The model's door, through the real client and a real socket: whatever fails becomes one exception."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.assistant.language_model import LanguageModel, Usage
from bot.assistant.model_errors import ModelUnavailable, Reason
from bot.assistant.model_settings import ModelSettings
from tests.model_server import ModelServer, Reply

ASK = [("system", "Answer."), ("user", "问题")]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def reason(model: LanguageModel) -> Reason:
    with pytest.raises(ModelUnavailable) as caught:
        list(model.stream(ASK))
    return caught.value.reason


def test_pieces_and_token_counts_arrive(server: ModelServer) -> None:
    server.play(Reply("一二三四五六七八九十"))
    model = LanguageModel(server.settings(model_reports_usage=True))
    items = list(model.stream(ASK))
    assert "".join(item for item in items if isinstance(item, str)) == "一二三四五六七八九十"
    assert len([item for item in items if isinstance(item, str)]) > 1
    assert [item for item in items if isinstance(item, Usage)] == [Usage(100, 20)]


def test_the_request_carries_settings_and_messages(server: ModelServer) -> None:
    server.play(Reply("好"))
    LanguageModel(server.settings(model_max_tokens=321, model_temperature=0.5)).invoke(ASK)
    body = server.requests[0]
    assert body["model"] == "scripted"
    assert body["max_tokens"] == 321
    assert body["temperature"] == 0.5
    assert [(m["role"], m["content"]) for m in body["messages"]] == ASK
    assert server.headers[0]["authorization"] == "Bearer k-test"


def test_the_key_falls_back_to_the_providers_own_variable(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "from-environment")
    server.play(Reply("好"))
    LanguageModel(server.settings(model_api_key=None)).invoke(ASK)
    assert server.headers[0]["authorization"] == "Bearer from-environment"


def test_no_key_at_all_is_one_sentence(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelUnavailable, match="KEFU_MODEL_API_KEY") as caught:
        LanguageModel(server.settings(model_api_key=None)).check()
    assert caught.value.reason is Reason.KEY_REFUSED


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(status=429, headers=(("Retry-After", "7"),)), Reason.RATE_LIMITED),
        (Reply(status=500), Reason.SERVER),
        (Reply(status=503), Reason.SERVER),
        (Reply(status=401), Reason.KEY_REFUSED),
        (Reply(status=400), Reason.REQUEST_REFUSED),
        (Reply(status=404), Reason.REQUEST_REFUSED),
        (Reply("甲" * 100, cut_after=20), Reason.CONNECTION),
        (Reply(raw="data: {not json\n\n"), Reason.NONSENSE),
    ],
)
def test_each_fault_has_its_reason(server: ModelServer, reply: Reply, expected: Reason) -> None:
    server.play(reply)
    assert reason(LanguageModel(server.settings())) is expected


def test_nobody_listens() -> None:
    with ModelServer() as gone:
        settings = gone.settings()
    assert reason(LanguageModel(settings)) is Reason.CONNECTION


def test_a_late_first_token_is_given_up_in_time(server: ModelServer) -> None:
    server.play(Reply("太晚了", first_token_seconds=200))
    model = LanguageModel(server.settings(model_first_token_seconds=0.4, model_total_seconds=400))
    model.check()
    started = time.monotonic()
    assert reason(model) is Reason.TIMEOUT
    assert time.monotonic() - started < 100, "it waited for the reply"


def test_silence_in_mid_stream_is_given_up_after_what_came(server: ModelServer) -> None:
    server.play(Reply("一二三四五六七八九十", hang_after=7))
    model = LanguageModel(server.settings(model_first_token_seconds=0.5))
    got: list[str] = []
    with pytest.raises(ModelUnavailable) as caught:
        got.extend(item for item in model.stream(ASK) if isinstance(item, str))
    assert caught.value.reason is Reason.TIMEOUT


def test_a_dripping_reply_is_given_up_at_the_total(server: ModelServer) -> None:
    server.play(Reply("甲" * 2000, piece=1, hang_after=1500))
    model = LanguageModel(server.settings(model_first_token_seconds=60, model_total_seconds=1.0))
    model.check()
    started = time.monotonic()
    assert reason(model) is Reason.TIMEOUT
    assert time.monotonic() - started < 50, "it waited for the next piece"


def test_retries_are_made_as_set(server: ModelServer) -> None:
    server.play(Reply(status=500), Reply("好"))
    assert LanguageModel(server.settings(model_max_retries=1)).invoke(ASK) == "好"
    assert len(server.requests) == 2


def test_after_a_rate_limit_the_model_is_left_alone_for_as_long_as_asked(server: ModelServer) -> None:
    now = [1000.0]
    server.play(Reply(status=429, headers=(("Retry-After", "30"),)), Reply("好"))
    model = LanguageModel(server.settings(), clock=lambda: now[0])
    assert reason(model) is Reason.RATE_LIMITED
    assert reason(model) is Reason.PAUSED
    assert len(server.requests) == 1
    now[0] += 31
    assert model.invoke(ASK) == "好"


def test_after_three_failures_it_is_left_alone_too(server: ModelServer) -> None:
    now = [0.0]
    server.play(Reply(status=500))
    model = LanguageModel(server.settings(), clock=lambda: now[0])
    assert [reason(model) for _ in range(4)] == [Reason.SERVER] * 3 + [Reason.PAUSED]
    now[0] += 60
    server.play(Reply("好"))
    assert model.invoke(ASK) == "好"
    server.play(Reply(status=500))
    assert reason(model) is Reason.SERVER


def test_stopping_ends_the_stream_quietly(server: ModelServer) -> None:
    server.play(Reply("一二三四五六七八九十", hang_after=7))
    stop: list[bool] = []
    got = []
    for item in LanguageModel(server.settings()).stream(ASK, cancelled=lambda: bool(stop)):
        got.append(item)
        stop.append(True)
    assert got


def test_a_missing_provider_package_is_named() -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install langchain-ollama") as caught:
        LanguageModel(ModelSettings(model="ollama:qwen3")).check()
    assert caught.value.reason is Reason.PACKAGE_MISSING


@pytest.mark.parametrize("name", ["nonsense", "nobody:model"])
def test_a_name_that_is_no_model(name: str) -> None:
    with pytest.raises(ModelUnavailable, match=name) as caught:
        LanguageModel(ModelSettings(model=name)).check()
    assert caught.value.reason is Reason.MISCONFIGURED


def test_settings_come_from_the_environment_when_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KEFU_MODEL", " openai:qwen-plus ")
    monkeypatch.setenv("KEFU_MODEL_BASE_URL", "https://models.test/v1")
    monkeypatch.setenv("KEFU_MODEL_API_KEY", "s3cret")
    monkeypatch.setenv("KEFU_MODEL_TEMPERATURE", "")
    monkeypatch.setenv("KEFU_PROMPTS_FOLDER", str(tmp_path))
    settings = ModelSettings()
    assert settings.model == "openai:qwen-plus"
    assert settings.model_temperature is None
    assert settings.prompts_folder == tmp_path
    assert settings.model_api_key == SecretStr("s3cret")
    assert "s3cret" not in repr(settings)
    model = LanguageModel.from_settings(settings)
    assert model is not None
    assert model.name == "openai:qwen-plus"


def test_without_a_name_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEFU_MODEL", raising=False)
    assert LanguageModel.from_settings(ModelSettings()) is None


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    program = (
        "import sys, bot.assistant.writing, bot.assistant.draft_writing, bot.assistant.language_model;"
        "from bot.assistant.model_settings import ModelSettings;"
        "from bot.assistant.language_model import LanguageModel;"
        "LanguageModel(ModelSettings(model='openai:x'));"
        "print(sorted({m.split('.')[0] for m in sys.modules} & "
        "{'langchain', 'langchain_core', 'langchain_openai', 'openai', 'jinja2', 'httpx', 'torch', 'numpy'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_error_tells_nothing_of_the_question(server: ModelServer) -> None:
    server.play(Reply(status=400))
    with pytest.raises(ModelUnavailable) as caught:
        LanguageModel(server.settings()).invoke([("user", "张三的电话是13800138000")])
    assert "138" not in str(caught.value)
    assert "张三" not in str(caught.value)
