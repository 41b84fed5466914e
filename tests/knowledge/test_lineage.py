"""Which publications moved which manuals, and where a wording stands in an edition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from knowledge_drafts import manual
from sqlalchemy.orm import Session

from knowledge.history import Move
from knowledge.library import Library
from knowledge.lineage import Lineage
from knowledge.manuals import Edition, Publication


def publish(library: Library, title: str, *texts: str) -> int:
    (change,) = library.stage([manual(title, *texts)], "admin")
    library.publish([change.edition_id], "admin")
    return change.edition_id


def test_publications_are_read_with_what_they_moved(library: Library) -> None:
    first = publish(library, "停车棚须知", "车锁好。", "棚内慢行。")
    second = publish(library, "停车棚须知", "车锁好。", "棚内推行。")
    lineage = Lineage(library._engine)
    manual_id = library.edition_clauses(first)[0].manual_id
    history = lineage.history()
    assert [one.moves for one in history] == [
        (Move(manual_id, None, first),),
        (Move(manual_id, first, second),),
    ]
    assert all(one.at.tzinfo is not None for one in history)
    assert lineage.generations() == [one.generation for one in history]
    assert history == library.publications()


def test_what_was_only_scheduled_moved_nothing(library: Library) -> None:
    first = publish(library, "停车棚须知", "车锁好。")
    (change,) = library.stage([manual("停车棚须知", "车锁好，钥匙带走。")], "admin")
    now = datetime.now(UTC)
    with Session(library._engine) as session, session.begin():
        edition = session.get_one(Edition, change.edition_id)
        edition.published_at, edition.effective_at = now, now + timedelta(days=3)
        session.add(Publication(at=now, by="admin", editions=[edition.id], moves=[]))
    lineage = Lineage(library._engine)
    assert lineage.history()[-1].moves == ()
    (move,) = lineage.moves_of([change.edition_id])
    assert (move.before_edition_id, move.after_edition_id) == (first, change.edition_id)


def test_a_wording_is_found_again_in_another_edition(library: Library) -> None:
    first = publish(library, "停车棚须知", "车锁好。", "棚内慢行。", "不得充电。")
    second = publish(library, "停车棚须知", "不得充电。", "棚内推行。")
    lineage = Lineage(library._engine)
    old, new = library.edition_clauses(first), library.edition_clauses(second)
    assert lineage.edition(second).by_text[old[2].text_key] == new[0].id
    standing = lineage.standing([old[0].id, 10**6])
    assert set(standing) == {old[0].id}
    assert standing[old[0].id].edition_id == first
