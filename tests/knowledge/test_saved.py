"""Saved pictures come whole, go when a later one is there, and stay readable for whoever has one open."""

import os
import threading

import numpy as np
import pytest
from knowledge_drafts import manual
from test_index_updates import assert_equal, made_in, updated

from knowledge.errors import StoreUnavailable
from knowledge.index import LiveIndex
from knowledge.library import Library
from knowledge.saved import SavedPictures

CLAUSES = [("总则", "客户退款须三天内办理"), ("附则", "班长可换班")]


def save(saved: SavedPictures, generation: int, clauses: list[tuple[str, str]] = CLAUSES) -> LiveIndex:
    with saved.making() as folder:
        index = made_in(folder, LiveIndex.empty(), generation, clauses)
        saved.keep(folder, generation)
        return index


def test_what_was_kept_is_what_was_made_and_earlier_ones_are_gone(tmp_path) -> None:
    saved = SavedPictures(tmp_path, "some/model@1")
    assert saved.newest() is None
    save(saved, 3)
    index = save(saved, 12, [*CLAUSES, ("附则", "午餐一小时")])
    assert_equal(saved.newest(), index)
    assert_equal(index, updated(LiveIndex.empty(), 12, [*CLAUSES, ("附则", "午餐一小时")]))
    assert [path.name.rsplit("-", 1)[0] for path in tmp_path.iterdir()] == ["live-some-model@1-12"]


def test_models_do_not_take_each_other_s_pictures(tmp_path) -> None:
    one, other = SavedPictures(tmp_path, "model"), SavedPictures(tmp_path, "model-7")
    save(other, 3)
    assert one.newest() is None
    save(one, 9)
    assert (one.newest().generation, other.newest().generation) == (9, 3)


def test_any_file_cut_anywhere_is_noticed(tmp_path) -> None:
    saved = SavedPictures(tmp_path, "model")
    save(saved, 2)
    (kept,) = tmp_path.iterdir()
    for file in sorted(kept.iterdir()):
        whole = file.read_bytes()
        for size in {0, len(whole) // 2, len(whole) - 1}:
            file.write_bytes(whole[:size])
            assert saved.newest() is None, (file.name, size)
        file.write_bytes(whole)
    assert saved.newest().generation == 2


def test_a_picture_half_made_is_nobody_s_and_is_gone(tmp_path) -> None:
    saved = SavedPictures(tmp_path, "model")
    save(saved, 1)
    with saved.making() as folder:
        made_in(folder, LiveIndex.empty(), 2, CLAUSES)
        assert saved.newest().generation == 1
    assert len(list(tmp_path.iterdir())) == 1
    assert saved.newest().generation == 1


def test_what_dead_processes_and_earlier_formats_left_is_cleared_away(tmp_path) -> None:
    for name in ("old.part", "new.part"):
        (tmp_path / name / "scratch").mkdir(parents=True)
        (tmp_path / name / "scratch" / "rows.npy").write_bytes(b"half")
    for path in (tmp_path / "old.part").rglob("*"):
        os.utime(path, (0, 0))
    os.utime(tmp_path / "old.part", (0, 0))
    (tmp_path / "live-model.npz").write_bytes(b"an earlier format")
    save(SavedPictures(tmp_path, "model"), 1)
    assert sorted(path.name[:8] for path in tmp_path.iterdir()) == ["live-mod", "new.part"]


def test_a_picture_under_a_newer_number_is_not_made_again(tmp_path) -> None:
    saved = SavedPictures(tmp_path, "model")
    index = save(saved, 1)
    again = saved.renumbered(index, 5)
    assert (again.generation, saved.newest().generation, len(list(tmp_path.iterdir()))) == (5, 5, 1)
    assert saved.renumbered(index, 6).generation == 6  # another process did it already


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path) -> None:
    (tmp_path / "index").write_text("a file in its place")
    with pytest.raises(StoreUnavailable, match="search index could not be written"):
        save(SavedPictures(tmp_path / "index", "model"), 1)


def test_readers_keep_their_picture_and_always_find_one_while_others_come_and_go(tmp_path) -> None:
    saved = SavedPictures(tmp_path, "model")
    first = save(saved, 3)
    expected = first.body.scores(["退", "款"]).copy(), np.array(first.vectors)
    ended, wrong = threading.Event(), []

    def read() -> None:
        while not ended.is_set():
            found = saved.newest()
            if found is None or len(found.clause_ids) != 2 + found.generation % 3:
                wrong.append(found)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for generation in range(4, 24):
        clauses = [*CLAUSES, *(("附则", f"第{n}条") for n in range(generation % 3))]
        save(saved, generation, clauses)
    ended.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert np.array_equal(first.body.scores(["退", "款"]), expected[0])
    assert np.array_equal(first.vectors, expected[1])


@pytest.mark.parametrize("open_library", ["embedded"], indirect=True)
def test_a_preview_leaves_nothing_in_the_folder_and_publications_leave_one_picture(
    library: Library, tmp_path
) -> None:
    for text in ("七天内退款。", "八天内退款。", "九天内退款。"):
        (change,) = library.stage([manual("退款办法", text)], "admin")
        assert library.view(staged=[change.edition_id]).search("几天退款")[0].clause.text == text
        library.publish([change.edition_id], "admin")
        assert library.search("几天退款")[0].clause.text == text
    assert len(list((tmp_path / "index").iterdir())) == 1
