"""Starts a Slack app as it is, with slack_sdk's default address taken from SLACK_API_URL: `python launch.py app.py`."""

import os
import runpy
import sys
from pathlib import Path

from slack_sdk.web.base_client import BaseClient

address = os.environ["SLACK_API_URL"]
defaults = BaseClient.__init__.__defaults__ or ()
BaseClient.__init__.__defaults__ = tuple(
    address if value == BaseClient.BASE_URL else value for value in defaults
)

program = Path(sys.argv[1]).absolute()
sys.argv = [str(program)]
sys.path.insert(0, str(program.parent))
runpy.run_path(str(program), run_name="__main__")
