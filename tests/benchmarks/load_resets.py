"""The socket is cut again and again while questions come in."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from load_house import QUESTION, Json, Place, bot, ingest, workspace

from bot.demo.crew import NotSeen, is_finished, is_from_bot, text_of


def resets(count: int) -> Json:
    """Cut the socket so often under traffic; how long it was away, what was lost or doubled."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        place = stack.enter_context(workspace(folder))
        home, crew = folder / "home", place.crew
        ingest(folder, place.environment | {"KEFU_HOME": str(home)}, demo=False)
        stack.enter_context(bot(place, home))
        place.wait_for_sockets(1)
        asked: list[Json] = []
        ending = threading.Event()

        def ask() -> None:
            while not ending.wait(0.3):
                asked.append(crew.say("U_AGENT", "dm", QUESTION))

        traffic = threading.Thread(target=ask)
        traffic.start()
        away = []
        try:
            for _ in range(count):
                time.sleep(0.7)
                crew.fault(kind="tcp_reset")
                cut = time.monotonic()
                while not place.read("sockets")["count"]:
                    time.sleep(0.02)
                away.append(time.monotonic() - cut)
        finally:
            ending.set()
            traffic.join()
        answers = answered(place, "U_AGENT", asked, "0.3")
    return {
        "resets": count,
        "questions": len(asked),
        "away_median_s": round(statistics.median(away), 2),
        "away_longest_s": round(max(away), 2),
        "lost": answers[0],
        "doubled": sum(times for number, times in answers.items() if number > 1),
    }


def answered(place: Place, user: str, asked: list[Json], holding: str) -> Counter[int]:
    """How many questions were answered how often, when all that will come has come."""
    crew, channel = place.crew, asked[0]["channel"]
    wanted = {one["ts"] for one in asked}

    def look() -> Counter[str] | None:
        time.sleep(0.5)
        if not all(trip["done"] for trip in place.read("deliveries")["deliveries"]):
            return None
        said = [m for m in crew.messages(user, channel) if is_from_bot(m) and m.get("thread_ts") in wanted]
        if not all(is_finished(m) for m in said):
            return None
        found = Counter(str(m["thread_ts"]) for m in said if holding in text_of(m))
        return found if len(found) == len(wanted) else None

    try:
        found: Counter[str] = crew.wait(look, "all answers")
    except NotSeen:  # what is missing is what is measured
        said = crew.messages(user, channel)
        found = Counter(str(m["thread_ts"]) for m in said if is_from_bot(m) and m.get("thread_ts") in wanted)
    return Counter(found.get(ts, 0) for ts in wanted)
