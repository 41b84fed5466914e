"""Fault switches: make the workspace behave as badly as the real network does now and then.

`POST {control_url}/faults` takes one object; `kind` says which:

- `{"kind": "lose_ack", "count": 1, "type": "events_api"}`: the next acknowledgements are thrown away
  (so an event is delivered again with the same event_id after 3 s). `type` (optional) limits it to
  envelopes of one type: events_api, interactive or slash_commands.
- `{"kind": "duplicate", "count": 1}`: the next events are delivered twice (same event_id, two envelopes).
- `{"kind": "reorder", "count": 1}`: the next event is held back until the one after it was sent (or 2 s).
- `{"kind": "slow_socket", "seconds": 1.5, "count": 1}`: the next envelopes leave late.
- `{"kind": "delay", "seconds": 2, "count": 1, "method": "chat.update"}`: Web API answers come late.
- `{"kind": "rate_limit", "count": 1, "retry_after": 1, "method": "chat.postMessage"}`: HTTP 429.
- `{"kind": "api_error", "error": "internal_error", "count": 1, "method": "…"}`: Slack says no.
- `{"kind": "http_error", "status": 503, "count": 1, "method": "…"}`: not even JSON.
- `{"kind": "disconnect", "reason": "refresh_requested"}`: at once, to every socket (reason may also be
  warning or link_disabled); the server closes the old socket after the grace period.
- `{"kind": "tcp_reset"}`: at once, RST to every socket.
- `{"kind": "expire_streams"}`: at once, open streams leave the streaming state.
- `{"kind": "expire_triggers"}`: at once, all trigger ids run out.
- `{"kind": "rate_limits", "seconds": 60}`: at once, the limits of the methods' tiers hold (see rates.py), with a
  minute of so many seconds; 0 seconds: they do not.
- `{"kind": "expire_tokens"}`: at once, tokens that rotate run out (`token_expired`).
- `{"kind": "revoke_tokens"}`: at once, the app is taken out of the team (`token_revoked`), and told so.
- `{"kind": "bad_signature", "count": 1}`: HTTP mode: the next requests to the app are signed wrongly.
- `{"kind": "clear"}`: forget every armed fault.

`method` is optional everywhere (default: any method). `count` defaults to 1; 0 means until cleared.
The answer is `{"armed": [...]}`, or `{"done": n}` for those that act at once.
"""

from dataclasses import asdict, dataclass
from typing import Any

from bot.workspace.errors import Refused

ARMED = {
    "lose_ack",
    "duplicate",
    "reorder",
    "slow_socket",
    "delay",
    "rate_limit",
    "api_error",
    "http_error",
    "bad_signature",
}
AT_ONCE = {
    "rate_limits",
    "disconnect",
    "tcp_reset",
    "expire_streams",
    "expire_triggers",
    "expire_tokens",
    "revoke_tokens",
    "clear",
}
_FIELDS: dict[str, type[str] | type[int] | tuple[type, ...]] = {
    "kind": str,
    "count": int,
    "seconds": (int, float),
    "method": str,
    "type": str,
    "retry_after": int,
    "error": str,
    "status": int,
    "reason": str,
}


@dataclass
class Fault:
    """An armed fault. left = how often it still strikes; 0 at arming means until cleared."""

    kind: str
    left: int = 1
    endless: bool = False
    seconds: float = 0.0
    method: str = ""
    type: str = ""
    retry_after: int = 1
    error: str = "internal_error"
    status: int = 503


class Faults:
    """The armed faults."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, wish: dict[str, Any]) -> list[dict[str, Any]]:
        """Arm one fault from its JSON form. Raises Refused with a sentence on a bad wish."""
        check(wish)
        count = wish.get("count", 1)
        fields = {name: wish[name] for name in Fault.__dataclass_fields__ if name in wish}
        self._armed.append(Fault(**fields, left=count, endless=count == 0))
        return self.listed()

    def listed(self) -> list[dict[str, Any]]:
        """The armed faults in JSON form."""
        return [asdict(fault) for fault in self._armed]

    def clear(self) -> int:
        """Disarm everything."""
        count = len(self._armed)
        self._armed.clear()
        return count

    def take(self, kind: str, method: str = "", type: str = "") -> Fault | None:
        """Whether such a fault strikes now; it is used up by one."""
        for fault in self._armed:
            wanted = fault.method in ("", method) and fault.type in ("", type)
            if fault.kind == kind and wanted:
                fault.left -= 1
                if fault.left <= 0 and not fault.endless:
                    self._armed.remove(fault)
                return fault
        return None


def check(wish: dict[str, Any]) -> str:
    """The kind of a well-formed fault. Raises Refused otherwise."""
    kind = wish.get("kind")
    if kind not in ARMED | AT_ONCE:
        raise Refused(f"kind must be one of {', '.join(sorted(ARMED | AT_ONCE))}")
    for name, value in wish.items():
        if name not in _FIELDS:
            raise Refused(f"a fault has no field {name!r}")
        if isinstance(value, bool) or not isinstance(value, _FIELDS[name]):
            raise Refused(f"the field {name!r} has the wrong type")
        if isinstance(value, int | float) and value < 0:
            raise Refused(f"the field {name!r} must not be negative")
    if kind in ("delay", "slow_socket") and not wish.get("seconds"):
        raise Refused(f"{kind} needs seconds")
    return str(kind)
