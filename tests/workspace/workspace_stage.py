"""What the tests of the workspace share: its timing, and a workspace with a bot as one value."""

from dataclasses import dataclass

from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from workspace_bot import SampleBot
from workspace_people import People

from bot.workspace import Timing, Workspace

# Nothing expires here because a machine is busy: what is to expire is tried with QUICK.
PATIENT = Timing(
    ack=45.0, retries=(0.0, 0.2, 0.2), wait_for_socket=60.0, trigger=45.0, ticket=60.0, disconnect_grace=0.3
)
# Short lives, so that expiring them costs no minutes; the proportions are Slack's.
QUICK = Timing(ack=0.6, retries=(0.0, 0.2, 0.2), trigger=0.6, disconnect_grace=0.3)


@dataclass
class Stage:
    """A workspace, its people and the bot."""

    workspace: Workspace
    people: People
    bot: SampleBot

    @property
    def client(self) -> WebClient:
        return WebClient(token=self.workspace.bot_token, base_url=self.workspace.api_url)


def connect(bot: SampleBot, workspace: Workspace) -> SocketModeHandler:
    """Connect with the adapter that the product uses."""
    handler = SocketModeHandler(bot.app, workspace.app_token)
    handler.connect()
    return handler
