"""Rate limits: so many calls a minute for each method and team by its tier, and one message a second in a channel.

Slack publishes the tiers as lower bounds ("20+ per minute"); here they are exact, so what keeps to them here keeps to
them there. `Timing.minute` scales the clock; 0 switches the limits off.
"""

import math
import time
from collections import defaultdict, deque

from bot.workspace.errors import SlackError

A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100, 5: 300}
"""Tier 5 is what the methods' pages call special: chat.postMessage, auth.test, assistant.threads.setStatus."""
CHANNEL_BURST = 5
"""About one message a second and channel, "short bursts" allowed; how short is not published."""
PER_CHANNEL = {"chat.postMessage"}


class Rates:
    """Counts calls in a sliding minute."""

    def __init__(self, minute: float) -> None:
        self.minute = minute
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._level: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, method: str, tier: int, team: str, channel: str = "") -> None:
        """Count a call. Raises SlackError ratelimited (429) with Retry-After in whole seconds."""
        if not self.minute:
            return
        now = time.monotonic()
        calls = self._calls[method, team]
        while calls and calls[0] <= now - self.minute:
            calls.popleft()
        if len(calls) >= A_MINUTE[tier]:
            raise _too_many(calls[0] + self.minute - now)
        if method in PER_CHANNEL and channel:
            self._one_a_second(team, channel, now)
        calls.append(now)

    def _one_a_second(self, team: str, channel: str, now: float) -> None:
        """A bucket that leaks one message a second of the scaled clock."""
        second = self.minute / 60
        level, then = self._level.get((team, channel), (0.0, now))
        level = max(0.0, level - (now - then) / second)
        if level + 1 > CHANNEL_BURST:
            self._level[team, channel] = (level, now)
            raise _too_many((level + 1 - CHANNEL_BURST) * second)
        self._level[team, channel] = (level + 1, now)


def _too_many(seconds: float) -> SlackError:
    return SlackError("ratelimited", status=429, headers={"Retry-After": str(max(1, math.ceil(seconds)))})
