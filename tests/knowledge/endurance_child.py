"""A process that works on the manuals until it is killed; the tests of `test_killed` start it.

    python endurance_child.py DATABASE_URL FOLDER CHROMA_URL MODEL work|check|read

Lines on standard output, each flushed: `checked N` once what an earlier process left is found sound (N: number of
the edition that is live), then `publishing N` and `published N` around each publication. `read` searches until
its standard input ends, tells of each of the first SEARCHES (`searched`), and then prints `read N` (searches) or `mixed …`.
"""

import random
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cheap_embedder import CheapEmbedder
from knowledge_drafts import manual
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge import bridges
from knowledge.embedding import BundledEmbeddings
from knowledge.library import Library
from knowledge.manuals import ClauseRow, Edition, EditionState
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors
from tickets.store import READING, open_engine

TITLE = "退款办法"
SEARCHES = 6


def texts(number: int) -> list[str]:
    """The clauses of edition `number`: a third of them say the number, the rest never change."""
    return [
        f"第{part}类商品退款须在{number}天内提出。" if part % 3 == 0 else f"第{part}类商品退款须附单据。"
        for part in range(18 + number % 5)
    ]


def open_library(address: str, folder: Path, chroma: str, model: str) -> Library:
    """A library whose sweeps take every staging of another process for dead: here they are."""
    engine = open_engine(address)
    upgrade(engine)
    return Library(
        engine,
        lambda name: Vectors(folder, name + address.rsplit("/", 1)[-1], chroma),
        BundledEmbeddings if model == "real" else CheapEmbedder,
        folder / "index",
        clock=lambda: datetime.now(UTC),
        reader=engine.execution_options(**{READING: True}),
    )


def live_number(library: Library) -> int:
    """Which edition is live, checked clause by clause; 0 when none is."""
    manuals = library.manuals()
    if not manuals:
        return 0
    (live,) = manuals
    with Session(library._engine) as session:
        rows = list(
            session.scalars(
                select(ClauseRow)
                .join(Edition, Edition.id == ClauseRow.edition_id)
                .where(Edition.state == EditionState.LIVE)
                .order_by(ClauseRow.ordinal)
            )
        )
    number = int(rows[0].text.split("须在")[1].split("天")[0])
    assert [row.text for row in rows] == texts(number), "the live edition is mixed"
    assert live.clauses == len(rows)
    return number


def check(library: Library) -> int:
    """What an earlier process left, wherever it died, is whole; and nothing is left over after a sweep."""
    number = live_number(library)
    with Session(library._engine) as session:
        kept = select(Edition.id).where(Edition.state != EditionState.DISCARDED)
        named = set(session.scalars(select(ClauseRow.vector_key).where(ClauseRow.edition_id.in_(kept))))
    assert not library._vectors.missing(sorted(named)), "a clause has no vector"
    if number:
        hits = library.search("退款要在几天内提出", 6)
        found = {hit.clause.text for hit in hits}
        assert len(hits) == 6, "nothing is found"
        assert found <= set(texts(number)), "something else is found"
    clock, library._clock = library._clock, lambda: datetime.now(UTC) + timedelta(hours=1)
    library.sweep()
    library._clock = clock
    with Session(library._engine) as session:
        rows = set(session.scalars(select(ClauseRow.vector_key)))
        states = set(session.scalars(select(Edition.state)))
    assert library._vectors.keys() == rows, "a vector is left over"
    assert EditionState.STAGING not in states, "a dead staging is left over"
    return number


def work(library: Library, number: int) -> None:
    """Stage, publish, roll back, discard and sweep for ever."""
    chance = random.Random()
    published = [number]  # as far as this process knows, what was live before what
    while True:
        number = max(number, *published) + 1
        (change,) = library.stage([manual(TITLE, *texts(number))], "admin")
        if chance.random() < 0.3:
            library.discard([change.edition_id])
        else:
            print("publishing", number, flush=True)
            library.publish([change.edition_id], "admin")
            published.append(number)
            print("published", number, flush=True)
        if chance.random() < 0.3:
            library.sweep()
        if len(published) > 2 and chance.random() < 0.3:
            print("publishing", published[-2], flush=True)
            library.rollback(change.manual_id, "admin")
            print("published", published[-2], flush=True)
            published = [published[-2]]


def read(library: Library) -> None:
    """Search until standard input ends."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    print("reading", flush=True)
    searches = 0
    while not ended.is_set():
        found = [hit.clause.text for hit in library.search("退款要在几天内提出", 40)]
        numbers = {text.split("须在")[1] for text in found if "须在" in text}
        if len(numbers) != 1 or len(found) < 18:
            print("mixed", sorted(numbers), len(found), flush=True)
            return
        searches += 1
        if searches <= SEARCHES:
            print("searched", flush=True)
        ended.wait(0.002)
    print("read", searches, flush=True)


def main() -> None:
    address, folder, chroma, model, task = sys.argv[1:]
    library = open_library(address, Path(folder), chroma, model)
    if model == "cheap":  # the dictionary takes seconds to read: most kills would meet nothing else
        bridges._dictionary = lambda: ["退款 tuikuan refund 1.0"]
    if task == "read":
        read(library)
        return
    number = check(library)
    print("checked", number, flush=True)
    if task == "work":
        work(library, number)
    library.close()


if __name__ == "__main__":
    main()
