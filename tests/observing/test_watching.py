"""One question followed from its event to the answer, the model's call and the notices; figures and health on their port."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families

sys.path.insert(0, str(Path(__file__).parents[1] / "slack"))

from running_bot import Desk, running

from bot.blocks import escalations
from bot.listeners import threads
from bot.observing import requests, tracing
from bot.web.server import listen
from tests.model_server import ModelServer, Reply
from tickets.errors import DeskError

PHONE = "13712345678"
FILLED = {
    "what_happened": "读者吵闹",
    "when": "今天",
    "tried": "解释过",
    "handling_suggestion": "请主管当面说明",
}


class Watching:
    """The running bot, its port, and everything that it logs."""

    def __init__(self, desk: Desk, port: int, logged: list[dict[str, Any]]) -> None:
        self.desk, self.port, self.logged = desk, port, logged

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def figure(self, name: str, **labels: str) -> float:
        for family in text_string_to_metric_families(self.get("/metrics")[1]):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return 0.0

    def lines(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.logged if line["event"] == event]


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    logged: list[dict[str, Any]] = []

    def keep(logger: object, name: str, line: Any) -> Any:
        logged.append(dict(line))
        raise structlog.DropEvent

    with ModelServer() as model, pytest.MonkeyPatch.context() as patch:
        patch.setenv("KEFU_MODEL", "openai:scripted")
        patch.setenv("KEFU_MODEL_BASE_URL", model.url)
        patch.setenv("KEFU_MODEL_API_KEY", "k-test")
        patch.setenv("KEFU_MODEL_FIRST_TOKEN_SECONDS", "60")
        said = json.dumps({"text": "借书卡遗失补办收工本费 8 元。", "cites": ["C1"]}, ensure_ascii=False)
        model.play(Reply(f'{said}\n{{"end": "answered", "conflict": false, "language": "zh"}}'))
        port = listen("127.0.0.1", 0)
        number = port.getsockname()[1]
        folders = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("manuals")
        with running(*folders, watching=port) as bot:
            structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
            yield Watching(bot, number, logged)


@pytest.fixture(autouse=True)
def _listening(watching: Watching) -> None:
    """The logs are put back after every test."""

    def keep(logger: object, name: str, line: Any) -> Any:
        watching.logged.append(dict(line))
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])


def test_one_question_is_followed_from_its_event_to_the_model_and_the_answer(watching: Watching) -> None:
    crew = watching.desk.crew
    before = watching.figure("kefu_questions_total", outcome="answered")
    asked = crew.say("U_AGENT", "dm", f"读者{PHONE}的借书卡丢了，补办收多少钱？")
    answer = threads.answer_id(crew.reply("U_AGENT", asked))

    # Figures and logs are of the whole process: another test's bot may still say something.
    def told() -> list[dict[str, Any]]:
        return [
            line
            for line in watching.lines("question.answered")
            if line["answer"] == answer and "request" in line
        ]

    answered = crew.wait(told, "the line")[-1]
    request = answered["request"]
    assert len(request) == 12
    assert [line["request"] for line in watching.lines("model.called")].count(request) == 1
    crew.wait(lambda: watching.figure("kefu_questions_total", outcome="answered") >= before + 1, "its count")
    crew.wait(lambda: watching.figure("kefu_answer_seconds_count") >= 1, "its time")
    assert watching.figure("kefu_ack_seconds_count") >= 1
    assert watching.figure("kefu_model_calls_total", outcome="written") >= 1
    assert watching.figure("kefu_claims_total", result="first") >= 1


def test_a_notice_belongs_to_the_request_that_it_was_written_because_of(watching: Watching) -> None:
    crew = watching.desk.crew
    asked = crew.say("U_AGENT", "dm", "逾期归还要收滞还费吗？")
    crew.click("U_AGENT", crew.reply("U_AGENT", asked), "escalate")
    sent = crew.submit("U_AGENT", crew.form("U_AGENT", escalations.FORM), FILLED)
    assert sent["closed"], sent
    filed = crew.wait(lambda: watching.lines("escalation.filed"), "that it is filed")[-1]
    assert filed["request"]
    crew.wait(
        lambda: [one for one in watching.lines("notice.delivered") if one.get("request") == filed["request"]],
        "the card",
    )
    asked_for = {line["request"] for line in watching.lines("question.answered")}
    assert filed["request"] not in asked_for  # another request, another id
    assert watching.figure("kefu_notices_total", result="delivered") >= 1


def test_health_tells_what_answers(watching: Watching) -> None:
    def health() -> dict[str, Any]:
        told: dict[str, Any] = json.loads(watching.get("/healthz")[1])
        return told

    crew = watching.desk.crew
    crew.wait(lambda: health()["outbox"]["waiting"] == 0, "that everything is sent")
    wanted = {"ready": True, "live": True, "connected": True, "database": "ok", "chroma": "ok", "model": "ok"}

    def well() -> bool:
        status, text = watching.get("/healthz")
        return status == 200 and wanted.items() <= json.loads(text).items()

    crew.wait(well, "that everything answers")  # what takes two seconds to look at counts as away
    assert watching.get("/livez") == (200, '{"live": true}')
    assert watching.get("/")[0] == 404
    assert watching.get("/slack/events")[0] == 404


def test_no_figure_names_anybody(watching: Watching) -> None:
    crew = watching.desk.crew
    crew.wait(lambda: "kefu_outbox_waiting 0.0" in watching.get("/metrics")[1], "the figures of the outbox")
    text = watching.get("/metrics")[1]
    labels = {
        (name, value) for family in text_string_to_metric_families(text) for s in family.samples for name, value in s.labels.items()
    }  # fmt: skip
    assert {name for name, _ in labels} <= {
        "outcome",
        "kind",
        "reason",
        "result",
        "direction",
        "currency",
        "where",
        "part",
        "le",
    }
    assert not [value for _, value in labels if "U_" in value or "C_" in value or PHONE in value]


def test_ids_are_new_for_each_request_and_kept_inside_one() -> None:
    with requests.new_request():
        first = requests.current()
        with requests.new_request():
            assert requests.current() == first
    assert requests.current() == ""
    with requests.new_request():
        assert requests.current() not in ("", first)


PARENT = """
import json, subprocess, sys, urllib.error, urllib.request
from bot.web.server import listen
from bot.workers import watched
listening = listen("127.0.0.1", 0)
port = listening.getsockname()[1]
child = '''
from bot.observing import metrics
metrics.QUESTIONS.labels('answered').inc(2); metrics.READY.set(1); metrics.WAITING.set(3)
metrics.REACHABLE.labels('database').set(1); metrics.REACHABLE.labels('chroma').set(0)
'''
def health():
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
told = {}
with watched(listening, 2) as died:
    told["before"] = health()
    for dies in (True, False):
        worker = subprocess.Popen([sys.executable, "-c", child])
        worker.wait()
        if dies:
            died(worker.pid)
    told["figures"] = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read().decode()
    told["one"] = health()
    died(worker.pid)
    told["none"] = health()
print(json.dumps(told))
"""


def test_figures_of_several_workers_are_added_up_and_ready_is_who_is() -> None:
    done = subprocess.run([sys.executable, "-c", PARENT], check=True, capture_output=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    figures = {line for line in told["figures"].splitlines() if not line.startswith("#")}
    assert 'kefu_questions_total{outcome="answered"} 4.0' in figures  # what the dead one counted stays
    assert "kefu_ready 1.0" in figures
    assert "kefu_outbox_waiting 3.0" in figures
    assert told["before"][0] == 503
    status, health = told["one"]
    assert (status, health["ready"], health["workers_ready"], health["workers"]) == (200, True, 1, 2)
    assert (health["database"], health["chroma"], health["outbox"]["waiting"]) == ("ok", "unreachable", 3)
    assert told["none"][0] == 503


def test_spans_cover_a_question_from_the_request_to_the_model(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(tracing, "_tracer", lambda: provider.get_tracer("test"))
    crew = watching.desk.crew
    crew.reply("U_AGENT", crew.say("U_AGENT", "dm", f"读者{PHONE}的借书卡丢了，补办收多少钱？"))

    wanted = {"slack.request", "answer", "answer.search", "answer.decide", "model.call"}

    def traces() -> list[set[str]]:
        """The names in each trace: what the bot says is an event, too, and has one of its own."""
        named: dict[int, set[str]] = {}
        for span in kept.get_finished_spans():
            named.setdefault(span.context.trace_id, set()).add(span.name)
        return list(named.values())

    crew.wait(lambda: any(wanted <= names for names in traces()), "every span in one trace")
    crew.wait(lambda: any("slack.call" in names for names in traces()), "the call of Slack")
    told = json.dumps([dict(span.attributes or {}) for span in kept.get_finished_spans()])
    assert PHONE not in told
    assert "借书卡" not in told


def test_spans_reach_a_collector_that_the_environment_names() -> None:
    """Over gRPC, from a process of its own, what it ended with included."""
    import grpc
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as messages
    from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc as service

    taken: list[Any] = []

    class Collector(service.TraceServiceServicer):
        def Export(self, request: Any, context: Any) -> Any:
            taken.append(request)
            return messages.ExportTraceServiceResponse()

    server = grpc.server(ThreadPoolExecutor(2))
    service.add_TraceServiceServicer_to_server(Collector(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    said = "from bot.observing import tracing; assert tracing.start()\nwith tracing.span('answer', answer=7): pass"
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"}
    kept = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    subprocess.run([sys.executable, "-c", said], check=True, env=kept | endpoint)
    server.stop(None)
    (resource,) = [one for request in taken for one in request.resource_spans]
    named = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert named["service.name"] == "kefu-desk"
    (span,) = [one for scope in resource.scope_spans for one in scope.spans]
    assert (span.name, span.attributes[0].value.int_value) == ("answer", 7)


def test_a_store_that_fails_is_told(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    health = watching.desk.app._health

    def broken() -> dict[str, Any]:
        raise DeskError("gone")

    monkeypatch.setattr(health, "_outbox", broken)
    monkeypatch.setattr(health, "_looked", 0.0)
    status, text = watching.get("/healthz")
    assert (status, json.loads(text)["database"]) == (503, "unreachable")
    assert watching.get("/livez")[0] == 200
    monkeypatch.setattr(health, "_looked", 0.0)
