"""A bot whose clock somebody else sets, and who tells how much memory it has: the subject of `simulated_day.py`.

One JSON object a line. Hears `{"hour": 3.25}` (the time of the day that it is now) and `{"memory": true}`, and answers the
latter after collecting garbage. What looks after deadlines, reminders and the like looks as often in a simulated day as in
a real one, but at most twice a second.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

sys.path[:0] = [os.getcwd()]

import structlog

from bot import logs, slack_app
from bot.measuring.house import memory_mb
from bot.schedule import Schedule
from bot.settings import Settings
from bot.startup import alone_in
from bot.wiring import build_services

_OFTEN = 0.5
"""Seconds between two looks at most often."""
MORNING = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)


class Clock:
    """Stands until it is set."""

    def __init__(self) -> None:
        self.time = MORNING

    def __call__(self) -> datetime:
        return self.time


def memory(types: Counter[str]) -> dict[str, Any]:
    """What there is after a collection; `types` takes how many objects of each kind there are."""
    for _ in range(3):
        gc.collect()
    now = Counter(type(one).__name__ for one in gc.get_objects())
    grown = {name: now[name] - types[name] for name in now if now[name] > types[name] + 200}
    if not types:
        types.update(now)
    return {
        **{f"rss_{name}": round(size, 1) for name, size in memory_mb(os.getpid()).items()},
        "blocks": sys.getallocatedblocks(),
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),
        "grown": dict(sorted(grown.items(), key=lambda pair: -pair[1])[:12]),
    }


def main() -> None:
    """Until standard input ends."""
    speed = float(sys.argv[1])
    clock, types = Clock(), Counter[str]()

    class Faster(Schedule):
        def __init__(self, tasks: Any) -> None:
            super().__init__([replace(one, seconds=max(one.seconds / speed, _OFTEN)) for one in tasks])

    slack_app.Schedule = Faster  # type: ignore[misc]
    logs.configure()
    settings = Settings()
    with alone_in(settings.home):
        services = build_services(settings, clock)
        services.assistant.warm_up()
        with slack_app.SlackApp(services, clock):
            structlog.get_logger(__name__).info("bot.ready")
            for line in sys.stdin:
                told = json.loads(line)
                if "hour" in told:
                    clock.time = MORNING + timedelta(hours=told["hour"])
                else:
                    print(json.dumps(memory(types)), flush=True)
        services.close()


if __name__ == "__main__":
    main()
