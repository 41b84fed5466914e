"""How long things live. Tests shorten them; the defaults are Slack's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """All in seconds."""

    ack: float = 3.0
    """An envelope must be acknowledged within this time."""
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    """Pauses before the first, second and third redelivery of an event."""
    wait_for_socket: float = 3.0
    """An event waits this long for a socket before the attempt counts as failed; a click does not wait."""
    trigger: float = 3.0
    response_url: float = 1800.0
    response_url_uses: int = 5
    status: float = 120.0
    """A status ("is thinking…") without a message disappears after this time."""
    socket: float = 18_060.0
    """A socket is refreshed after this time: a warning before, refresh_requested at its end."""
    ticket: float = 30.0
    """A socket's address is good for this long, once."""
    stream: float = 300.0
    """A stream leaves the streaming state after this time without text. Slack does not publish how long it is."""
    minute: float = 0.0
    """How long a minute of the rate limits is; 60 is Slack's, 0 means no limits."""
    disconnect_grace: float = 10.0
    """After a `disconnect` with the reason warning the old socket stays open this long."""
