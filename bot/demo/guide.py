"""What the demo's page offers a newcomer: guide.toml as the page takes it, files of the tour with their text."""

from __future__ import annotations

import json
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

from bot.workspace import Workspace

Json = dict[str, Any]


def guide(folder: Path) -> Json:
    """The guide in `folder`, files included: the page can drop what is on this machine without asking for it."""
    found: Json = tomllib.loads((folder / "guide.toml").read_text(encoding="utf-8"))
    for step in found["tour"]:
        wish = step.get("do", {})
        if "file" in wish:
            file = folder / wish["file"]
            wish["file"] = {"name": file.name, "content": file.read_text(encoding="utf-8")}
    return found


def offer(workspace: Workspace, folder: Path) -> None:
    """Tell the running workspace, whose page then shows it."""
    request = urllib.request.Request(  # noqa: S310 - our own workspace on loopback
        f"{workspace.control_url}/guide",
        json.dumps(guide(folder)).encode(),
        {"Content-Type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
