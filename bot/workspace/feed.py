"""Tells open pages what changed, so that they show it at once."""

import asyncio
from typing import Any

Change = dict[str, Any]


class Feed:
    """Fans changes out to subscribers; a subscriber who lags far behind is told to reload instead."""

    LONGEST_QUEUE = 2000

    def __init__(self) -> None:
        self.seq = 0
        """Number of the last change: whoever read the state knows which changes are newer than what was read."""
        self._queues: set[asyncio.Queue[Change]] = set()

    def publish(self, kind: str, **about: Any) -> None:
        """Note a change; about holds ids, never whole payloads (the reader may not see everything)."""
        self.seq += 1
        change = {"kind": kind, "seq": self.seq, **about}
        for queue in self._queues:
            if queue.qsize() >= self.LONGEST_QUEUE:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"kind": "reload"})
            queue.put_nowait(change)

    def subscribe(self) -> asyncio.Queue[Change]:
        """A new queue of changes from now on."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[Change]) -> None:
        """Forget the queue."""
        self._queues.discard(queue)
