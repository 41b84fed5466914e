"""A strict, Slack-compatible workspace on 127.0.0.1 with a web page: test bed and demo in one.

    from bot.workspace import Workspace
    with Workspace(port=0) as ws:
        client = WebClient(token=ws.bot_token, base_url=ws.api_url)

`ws.control_url` is the base of the control API (see control.py), with which tests play people; fault
switches are described in faults.py. The package imports nothing of ours: it stands in for Slack.
"""

from bot.workspace.errors import WorkspaceError
from bot.workspace.server import Workspace, serve
from bot.workspace.timing import Timing

__all__ = ["Timing", "Workspace", "WorkspaceError", "serve"]
