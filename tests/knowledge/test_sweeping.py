"""A sweep takes what no kept edition needs, and never what another is just about to need."""

from datetime import UTC, datetime, timedelta

import pytest
from cheap_embedder import CheapEmbedder
from knowledge_drafts import manual
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.errors import EditionStateError
from knowledge.library import Library
from knowledge.manuals import ClauseRow, Edition, EditionState
from knowledge.staging import ABANDONED_AFTER

RULES = ("迟到一次扣二十元。", "每月换班不得多于三次。", "午餐时间为十二点到十三点。")


@pytest.fixture
def embedder() -> CheapEmbedder:
    return CheapEmbedder()


def publish(library: Library, *drafts) -> None:
    changes = library.stage(drafts, "admin")
    library.publish([c.edition_id for c in changes if not c.is_empty], "admin")


def needed(library: Library) -> set[str]:
    """Keys of the vectors that rows name."""
    with Session(library._engine) as session:
        return set(session.scalars(select(ClauseRow.vector_key)))


def states(library: Library) -> list[str]:
    with Session(library._engine) as session:
        return list(session.scalars(select(Edition.state).order_by(Edition.id)))


def test_discarded_editions_go_and_live_retired_and_staged_ones_stay(library: Library) -> None:
    publish(library, manual("考勤办法", *RULES))
    publish(library, manual("考勤办法", RULES[0], "每月换班不得多于五次。", RULES[2]))
    library.stage([manual("考勤办法", RULES[0], "每月换班不得多于六次。", RULES[2])], "admin")
    (given_up,) = library.stage([manual("退款办法", "七天内可以退款。", "退款原路退回。")], "admin")
    library.discard([given_up.edition_id])
    swept = library.sweep()
    assert (swept.removed, swept.kept, swept.clauses) == (2, 5, 2)
    assert library._vectors.keys() == needed(library)
    assert states(library) == [
        EditionState.RETIRED,
        EditionState.LIVE,
        EditionState.STAGED,
        EditionState.DISCARDED,
    ]
    assert len(library.search("每月能换几次班")) == 3
    assert library.sweep().removed == 0


def test_vectors_of_a_staging_that_died_before_its_rows_were_written_go(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(library, manual("考勤办法", *RULES))
    stored = library._vectors.keys()

    class Died(BaseException):
        """SIGKILL's stand-in: nothing that the program does on errors is done."""

    def die(*_: object) -> None:
        raise Died

    monkeypatch.setattr("knowledge.staging.stage_drafts", die)
    with pytest.raises(Died):
        library.stage([manual("退款办法", "七天内可以退款。", "退款原路退回。")], "admin")
    assert len(library._vectors.keys()) == len(stored) + 2
    assert library.sweep().removed == 2
    assert library._vectors.keys() == stored


def test_a_batch_that_fails_on_the_way_leaves_no_edition(library: Library, monkeypatch) -> None:
    monkeypatch.setattr("knowledge.staging._PIECE", 1)

    def drafts():
        yield manual("考勤办法", *RULES)
        yield manual("退款办法", "七天内可以退款。")
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        library.stage(drafts(), "admin")
    assert states(library) == [EditionState.DISCARDED] * 2
    assert library.sweep().kept == 0


def test_a_batch_in_pieces_appears_at_once_and_counts_on(library: Library, monkeypatch) -> None:
    monkeypatch.setattr("knowledge.staging._PIECE", 2)
    seen, told = [], []

    def drafts():
        for number in range(4):
            yield manual(f"办法{number}", f"第{number}条规定。", f"另有{number}项规定。")
            seen.append(states(library).count(EditionState.STAGED))

    changes = library.stage(drafts(), "admin", lambda done, total: told.append((done, total)))
    assert seen == [0, 0, 0, 0]
    assert states(library) == [EditionState.STAGED] * 4
    assert [c.added for c in changes] == [2] * 4
    assert told == [(2, 2), (4, 4), (6, 6), (8, 8)]


@pytest.mark.parametrize("open_library", ["servers"], indirect=True)
def test_a_sweep_of_another_machine_takes_no_vector_that_a_staging_relies_on(
    library: Library, open_library, embedder
) -> None:
    other = open_library()
    (old,) = library.stage([manual("退款办法", "七天内可以退款。", "退款原路退回。")], "admin")
    library.discard([old.edition_id])
    swept = []

    def sweep_meanwhile(_passages: object) -> None:
        if not swept:  # the staging has found the old vectors in the store, and makes only the third
            swept.append(other.sweep().removed)

    embedder.before = sweep_meanwhile
    publish(library, manual("退款办法", "七天内可以退款。", "退款原路退回。", "退款须附单据。"))
    assert swept == [2]
    assert library._vectors.keys() == needed(library)
    assert len(other.search("退款")) == 3


@pytest.mark.parametrize("open_library", ["embedded"], indirect=True)
def test_a_sweep_of_the_same_process_spares_what_is_being_staged(library: Library, embedder) -> None:
    swept = []
    embedder.before = lambda _: swept.append(library.sweep())
    (old,) = library.stage([manual("退款办法", "七天内可以退款。", "退款原路退回。")], "admin")
    library.discard([old.edition_id])
    embedder.embedded.clear()
    publish(library, manual("退款办法", "七天内可以退款。", "退款须附单据。"))
    assert swept[-1].removed == 1
    assert len(embedder.embedded) == 1
    assert library._vectors.keys() == needed(library)


@pytest.mark.parametrize("open_library", ["servers"], indirect=True)
def test_on_servers_silence_tells_that_a_staging_is_dead(library: Library, open_library) -> None:
    (change,) = library.stage([manual("退款办法", "七天内可以退款。")], "admin")
    with Session(library._engine) as session, session.begin():
        session.execute(update(Edition).values(state=EditionState.STAGING))
    assert library.sweep().removed == 0
    library._clock = lambda: datetime.now(UTC) + ABANDONED_AFTER + timedelta(minutes=1)
    assert library.sweep().removed == 1
    with pytest.raises(EditionStateError):
        library.publish([change.edition_id], "admin")


def test_a_staging_taken_for_dead_says_so(library: Library, monkeypatch) -> None:
    monkeypatch.setattr("knowledge.staging._PIECE", 1)

    def drafts():
        yield manual("考勤办法", *RULES)
        yield manual("退款办法", "七天内可以退款。")
        with Session(library._engine) as session, session.begin():
            session.execute(update(Edition).values(state=EditionState.DISCARDED))

    with pytest.raises(EditionStateError, match="start it again"):
        library.stage(drafts(), "admin")
    assert library.manuals() == []


def test_collections_of_other_models_are_reported(library: Library, open_library, embedder) -> None:
    publish(library, manual("考勤办法", *RULES))
    old = library._vectors._name
    library.close()
    embedder.name = "cheap-pairs-2"
    renewed = open_library()
    assert len(renewed.search("午餐")) == 3
    assert renewed.sweep().unused_collections[old] == 3
