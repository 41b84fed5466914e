"""Editions go live wholly or not at all, and what is live is what is found."""

import shutil
import threading
from dataclasses import replace
from typing import Any

import httpx
import pytest
from knowledge_drafts import manual

from knowledge.errors import EditionStateError, StoreUnavailable
from knowledge.library import Library
from knowledge.retriever import ManualRetriever
from knowledge.vectors import Vectors

RULES = (
    "迟到一次扣二十元,当月累计计算。",
    "每月换班不得多于三次,须提前一天报班组长。",
    "午餐时间为十二点到十三点。",
)


def publish(library: Library, *drafts) -> None:
    changes = library.stage(drafts, "admin")
    library.publish([c.edition_id for c in changes if not c.is_empty], "admin")


def test_a_staged_edition_is_not_found_until_it_is_published(library: Library) -> None:
    changes = library.stage([manual("考勤办法", *RULES)], "admin")
    assert library.search("一个月能换几次班") == []
    library.publish([changes[0].edition_id], "admin")
    hit = library.search("一个月能换几次班")[0]
    assert hit.clause.text == RULES[1]
    assert (hit.clause.manual, hit.clause.label, hit.clause.edition) == ("考勤办法", "第2条", 1)


def test_a_new_edition_replaces_the_old_one_and_embeds_only_what_changed(library: Library, embedder) -> None:
    publish(library, manual("考勤办法", *RULES))
    embedder.embedded.clear()
    changed = (RULES[0], "每月换班不得多于五次,须提前两天报班组长。", RULES[2])
    (change,) = library.stage([manual("考勤办法", *changed)], "admin")
    assert (change.added, change.changed, change.removed, change.unchanged) == (0, 1, 0, 2)
    assert len(embedder.embedded) == 1
    assert library.search("一个月能换几次班")[0].clause.text == RULES[1]
    library.publish([change.edition_id], "admin")
    found = library.search("一个月能换几次班")
    assert found[0].clause.text == changed[1]
    assert RULES[1] not in {hit.clause.text for hit in found}
    assert [m.edition for m in library.manuals()] == [2]


def test_the_same_text_again_is_no_new_edition(library: Library) -> None:
    publish(library, manual("考勤办法", *RULES))
    (change,) = library.stage([manual("考勤办法", *RULES)], "admin")
    assert change.is_empty
    assert change.unchanged == 3


def test_two_documents_of_one_title_stay_two(library: Library) -> None:
    first = manual("服务规范", *RULES, organisation="门店")
    second = manual("服务规范", "接线时先报工号。", "通话结束等客户先挂机。", organisation="热线")
    publish(library, first, second)
    publish(library, second, first)
    assert [(m.title, m.organisation, m.edition) for m in library.manuals()] == [
        ("服务规范", "门店", 1),
        ("服务规范", "热线", 1),
    ]
    publish(library, replace(second, clauses=second.clauses[:1]))
    assert [(m.organisation, m.edition, m.clauses) for m in library.manuals()] == [
        ("门店", 1, 3),
        ("热线", 2, 1),
    ]


def test_discarded_and_published_editions_cannot_be_published_again(library: Library) -> None:
    (change,) = library.stage([manual("考勤办法", *RULES)], "admin")
    library.discard([change.edition_id])
    with pytest.raises(EditionStateError, match="already published or discarded"):
        library.publish([change.edition_id], "admin")
    assert library.manuals() == []


def test_a_publication_with_one_bad_edition_changes_nothing(library: Library) -> None:
    changes = library.stage([manual("考勤办法", *RULES)], "admin")
    with pytest.raises(EditionStateError):
        library.publish([changes[0].edition_id, 999], "admin")
    assert library.manuals() == []


@pytest.mark.parametrize("open_library", ["embedded"], indirect=True)
@pytest.mark.parametrize("damage", ["lost", "cut", "lost arrays"])
def test_a_lost_index_is_made_again_and_a_damaged_one_too(
    library: Library, open_library, tmp_path, damage: str
) -> None:
    publish(library, manual("考勤办法", *RULES))
    expected = [hit.clause.text for hit in library.search("几点吃午饭")]
    library.close()
    (saved,) = (tmp_path / "index").glob("live-*")
    if damage == "lost":
        shutil.rmtree(saved)
    for file in saved.glob("*_weights.npy"):
        if damage == "cut":
            file.write_bytes(file.read_bytes()[:-4])
        else:
            file.unlink()
    assert [hit.clause.text for hit in open_library().search("几点吃午饭")] == expected


@pytest.mark.parametrize("open_library", ["embedded"], indirect=True)
def test_a_second_process_reads_through_the_saved_index_without_chroma(
    library: Library, open_library
) -> None:
    publish(library, manual("考勤办法", *RULES))
    reader = open_library()  # `library` still holds Chroma's lock
    assert reader.search("几点吃午饭")[0].clause.text == RULES[2]
    with pytest.raises(StoreUnavailable, match="in use by another Kefu Desk process"):
        reader.stage([manual("新办法", "新的条款。")], "admin")


def test_readers_never_meet_an_empty_or_mixed_manual_while_editions_are_published(library: Library) -> None:
    """Each edition says one number in all its clauses; a reader must never see two."""

    def edition(number: int):
        return manual("退款办法", *(f"第{part}类商品退款须在{number}天内提出申请。" for part in range(6)))

    publish(library, edition(10))
    stop, wrong = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            texts = {hit.clause.text.split("须在")[1] for hit in library.search("退款要在几天内申请", 6)}
            if len(texts) != 1:
                wrong.append(texts)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(11, 15):
        publish(library, edition(number))
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []


@pytest.mark.parametrize("open_library", ["servers"], indirect=True)
def test_what_one_machine_publishes_another_finds_in_its_next_search(library: Library, open_library) -> None:
    other = open_library()
    publish(library, manual("考勤办法", *RULES))
    assert other.search("几点吃午饭")[0].clause.text == RULES[2]
    publish(other, manual("考勤办法", RULES[0], RULES[1], "午餐时间改为十一点半。"))
    assert library.search("几点吃午饭")[0].clause.text == "午餐时间改为十一点半。"


def test_a_chroma_server_that_is_not_there_is_one_sentence(tmp_path) -> None:
    with pytest.raises(StoreUnavailable, match="KEFU_CHROMA_URL"):
        Vectors(tmp_path, "model", "http://127.0.0.1:9").keys()


def test_the_library_is_a_langchain_retriever(library: Library) -> None:
    publish(library, manual("考勤办法", *RULES))
    found = ManualRetriever(library=library, k=2).invoke("一个月能换几次班")
    assert len(found) == 2
    assert found[0].page_content == RULES[1]
    assert (found[0].metadata["manual"], found[0].metadata["clause"], found[0].metadata["edition"]) == (
        "考勤办法",
        "第2条",
        1,
    )


@pytest.mark.parametrize("open_library", ["servers"], indirect=True)
def test_without_its_chroma_server_a_library_still_answers_and_says_why_it_cannot_ingest(
    library: Library, chroma_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(library, manual("考勤办法", *RULES))
    request = httpx.Client.request

    def refuse(self: httpx.Client, method: str, url: object, *given: Any, **named: Any) -> httpx.Response:
        if str(url).startswith(chroma_url):  # other clients of this process have their own
            raise httpx.ConnectError("connection refused")
        return request(self, method, url, *given, **named)

    monkeypatch.setattr(httpx.Client, "request", refuse)
    assert library.search("几点吃午饭")[0].clause.text == RULES[2]
    with pytest.raises(StoreUnavailable, match="KEFU_CHROMA_URL"):
        library.stage([manual("新办法", "新的条款。")], "admin")
