"""Vectors from a server, over real HTTP: both kinds, busy, away, changed, and what it is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from cheap_embedder import CheapEmbedder
from knowledge_drafts import manual
from pydantic import SecretStr

from bot.doctoring.checks import State
from bot.doctoring.everything import CHECKS
from bot.settings import Settings
from bot.startup import StartupError
from bot.wiring import open_assistant, open_engine, open_library
from knowledge.embedding import Passage
from knowledge.errors import EmbedderUnavailable
from knowledge.library import Library
from tests.embedding_server import MOST, EmbeddingServer

PARKING = "访客停车每小时收 3 元，每天封顶 27 元。"
PARCEL = "快递柜免费存放 36 小时，超过的每天收 1 元。"


def cheap(texts: Sequence[str]) -> object:
    return CheapEmbedder().passages([Passage(text) for text in texts])


def another(texts: Sequence[str]) -> object:
    """A model of the same size whose vectors mean something else."""
    return np.roll(np.asarray(cheap(texts)), 7, axis=1)


def smaller(texts: Sequence[str]) -> object:
    return np.asarray(cheap(texts))[:, :48]


@pytest.fixture
def server() -> Iterator[EmbeddingServer]:
    with EmbeddingServer(cheap) as running:
        yield running


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that came back is asked at once, and a busy one soon again."""
    monkeypatch.setattr("knowledge.served_embedding._PAUSE", 0.0)
    monkeypatch.setattr("bot.embedding_server._FIRST_WAIT", 0.001)
    monkeypatch.setattr("bot.embedding_server._PATIENT_TRIES", 4)


def settings(server: EmbeddingServer, home: Path, kind: str = "tei", key: str = "") -> Settings:
    return Settings(
        home=home,
        embedding_model=f"{kind}:pairs",
        embedding_base_url=server.url + ("/v1" if kind == "openai" else ""),
        embedding_api_key=SecretStr(key) if key else None,
        embedding_query_prefix="问: ",
        embedding_seconds=60,  # a stopped server refuses at once; one that runs may be slow on a busy machine
    )


Open = Callable[..., Library]


@pytest.fixture
def opened(server: EmbeddingServer, tmp_path: Path) -> Iterator[Open]:
    """Opens the library of the settings; as a process that starts would."""
    libraries: list[Library] = []

    def open_one(kind: str = "tei", key: str = "") -> Library:
        for library in libraries:
            library.close()
        made = settings(server, tmp_path / "home", kind, key)
        libraries.append(open_library(made, open_engine(made)))
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


def take_in(library: Library, *texts: str, title: str = "物业须知") -> None:
    library.publish([change.edition_id for change in library.stage([manual(title, *texts)], "test")], "test")


@pytest.mark.parametrize("kind", ["tei", "openai"])
def test_manuals_are_embedded_in_batches_that_the_server_takes_and_found(
    server: EmbeddingServer, opened: Open, kind: str
) -> None:
    server.key = "k-secret"
    library = opened(kind, key="k-secret")
    rest = [f"第{n}号楼的门禁卡押金是 {n} 元。" for n in range(2 * MOST)]
    take_in(library, PARKING, *rest)
    sizes = [len(body.get("inputs") or body.get("input")) for _, body in server.requests]
    assert max(sizes) <= MOST
    assert len(sizes) < 8, "clauses go in batches"
    assert library.view().search("访客停车收多少钱？", 1)[0].clause.text == PARKING
    assert server.sent[-1] == "问: 访客停车收多少钱?"
    paths = {path for path, _ in server.requests}
    assert paths == {"/embed" if kind == "tei" else "/v1/embeddings"}


@pytest.mark.parametrize("kind", ["tei", "openai"])
def test_a_busy_server_is_asked_again_when_it_says(server: EmbeddingServer, opened: Open, kind: str) -> None:
    server.fail(429, ("Retry-After", "0.01"), times=2)
    server.fail(503)
    library = opened(kind)
    take_in(library, PARKING)
    assert not library.view().by_words
    assert len(server.requests) >= 4
    assert library.search("停车", 1)[0].clause.text == PARKING


@pytest.mark.parametrize("kind", ["tei", pytest.param("openai", marks=pytest.mark.slow)])
def test_while_it_is_away_words_go_on_and_nothing_is_taken_in(
    server: EmbeddingServer, opened: Open, kind: str
) -> None:
    library = opened(kind)
    take_in(library, PARKING, PARCEL)
    server.stop()
    view = library.view()
    assert view.search("快递柜免费存放多久？", 1)[0].clause.text == PARCEL
    assert view.by_words
    with pytest.raises(EmbedderUnavailable, match="does not answer") as error:
        take_in(library, PARKING, PARCEL, "遛狗要牵绳。")
    assert str(error.value).count(".") <= 5
    assert "遛狗" not in str(error.value)
    assert len(library.manuals()) == 1
    assert not library.staged()
    server.start()
    view = library.view()
    assert view.search("快递柜免费存放多久？", 1)[0].clause.text == PARCEL
    assert not view.by_words, "it is asked again as soon as it is back"
    take_in(library, PARKING, PARCEL, "遛狗要牵绳。")
    assert library.search("遛狗", 1)[0].clause.text == "遛狗要牵绳。"


def test_a_process_that_starts_while_it_is_away_answers_by_words(
    server: EmbeddingServer, opened: Open
) -> None:
    take_in(opened(), PARKING, PARCEL)
    server.stop()
    view = opened().view()
    assert view.search("访客停车每小时收多少？", 1)[0].clause.text == PARKING
    assert view.by_words


@pytest.mark.parametrize("change", [another, smaller], ids=["another model", "another dimension"])
@pytest.mark.parametrize("restarted", [False, True], ids=["while up", "before a start"])
def test_another_model_behind_the_address_is_noticed_and_nothing_mixed(
    server: EmbeddingServer,
    opened: Open,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Sequence[str]], object],
    restarted: bool,
) -> None:
    monkeypatch.setattr("knowledge.served_embedding._LOOKED_AT_EVERY", 0.0)
    library = opened()
    take_in(library, PARKING, PARCEL)
    stored = library._vectors.keys()
    server.embed = change
    library = opened() if restarted else library
    with pytest.raises(EmbedderUnavailable, match="another model runs there"):
        take_in(library, "遛狗要牵绳。", title="养宠须知")
    assert library._vectors.keys() == stored
    view = library.view()
    assert view.search("快递柜免费存放多久？", 1)[0].clause.text == PARCEL
    assert view.by_words, "a question is not compared with vectors of another model"
    server.embed = cheap
    again = library.view()
    again.search("快递柜", 1)
    assert not again.by_words


def test_another_model_in_the_middle_of_a_manual_stops_it(server: EmbeddingServer, opened: Open) -> None:
    library = opened()
    take_in(library, PARKING)

    def turncoat(texts: Sequence[str]) -> object:
        return cheap(texts) if not any("第40号" in text for text in texts) else another(texts)

    server.embed = turncoat
    with pytest.raises(EmbedderUnavailable, match="another model"):
        take_in(library, *(f"第{n}号楼的门禁卡押金是 {n} 元。" for n in range(64)), title="门禁")
    assert not library.staged()


def test_what_is_sent_of_a_question_is_masked(server: EmbeddingServer, opened: Open, tmp_path: Path) -> None:
    library = opened()
    take_in(library, PARKING)
    assistant = open_assistant(settings(server, tmp_path / "home"), library)
    answer = assistant.answer("客户电话 13912345678，身份证 110101199003078515，停车每小时收多少？")
    assert answer.text
    sent = " ".join(server.sent)
    assert "停车" in sent
    assert "13912345678" not in sent
    assert "110101199003078515" not in sent


def test_an_answer_by_words_says_so_and_is_weighed_as_ever(
    server: EmbeddingServer, opened: Open, tmp_path: Path
) -> None:
    library = opened()
    take_in(library, PARKING, PARCEL)
    assistant = open_assistant(settings(server, tmp_path / "home"), library)
    server.stop()
    found = assistant.answer("访客停车每小时收多少钱？")
    absent = assistant.answer("年终奖什么时候发？")
    assert (found.outcome.value, absent.outcome.value) == ("answered", "not_found")
    assert "3 元" in found.text
    assert found.details["by_words"]
    server.start()
    assert "by_words" not in assistant.answer("访客停车每小时收多少钱？").details


@pytest.mark.parametrize("kind", ["tei", "openai"])
def test_neither_key_nor_text_is_told(
    server: EmbeddingServer, opened: Open, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.key = "k-right"
    caplog.set_level(logging.DEBUG)
    with pytest.raises(EmbedderUnavailable, match="KEFU_EMBEDDING_API_KEY") as error:
        take_in(opened(kind, key="k-wrong"), PARKING)
    assert "k-wrong" not in str(error.value) + caplog.text
    assert len(server.requests) == 1, "a refused key is not tried again"


def test_doctor_asks_it(server: EmbeddingServer, tmp_path: Path) -> None:
    look = CHECKS["embeddings"].run
    well = look(settings(server, tmp_path))
    assert (well.state, "64 numbers" in well.sentence) == (State.OK, True)
    server.stop()
    ill = look(settings(server, tmp_path))
    assert ill.state is State.BAD
    assert server.url in ill.sentence
    assert ill.remedy
    assert look(Settings(home=tmp_path)).state is State.OK


@pytest.mark.parametrize("model", ["", "bge-m3", "openai:"])
def test_an_address_without_a_kind_of_server_is_one_sentence(tmp_path: Path, model: str) -> None:
    told = Settings(home=tmp_path, embedding_model=model, embedding_base_url="http://127.0.0.1:9")
    with pytest.raises(StartupError, match="openai:NAME"):
        open_library(told)
    assert CHECKS["embeddings"].run(told).state is State.BAD
