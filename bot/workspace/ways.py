"""The way to the bot: its sockets, or its request URL once it has one."""

from typing import Any

from bot.workspace.grid import Grid
from bot.workspace.http_sender import HttpSender
from bot.workspace.sockets import Ack, Sockets

Json = dict[str, Any]


class Ways:
    """Socket Mode or HTTP mode; an app has one of them at a time."""

    def __init__(self, grid: Grid) -> None:
        self.sockets = Sockets(grid)
        self.http = HttpSender(grid)

    async def send_to(self, url: str) -> None:
        """Use a request URL from now on, or sockets if it is empty. Raises WorkspaceError."""
        if url:
            await self.http.use(url)
        else:
            self.http.url = ""

    async def send(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Ack:
        """Deliver once and say whether it was acknowledged."""
        way = self.http if self.http.url else self.sockets
        return await way.send(kind, payload, attempt, reason)

    async def wait_until_connected(self, seconds: float) -> bool:
        """Whether there is somebody to deliver to."""
        way = self.http if self.http.url else self.sockets
        return await way.wait_until_connected(seconds)

    async def close(self) -> None:
        """The workspace is stopping."""
        await self.sockets.close()
        await self.http.close()
