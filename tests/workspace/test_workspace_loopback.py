"""The local workspace can be reached from this machine alone: it believes everybody who asks."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from bot.workspace import Workspace


def elsewhere() -> list[str]:
    """This machine's addresses that others could reach."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return []
        own = str(probe.getsockname()[0])
    return [own] if not own.startswith("127.") else []


def test_it_listens_on_loopback_only() -> None:
    with Workspace(port=0) as workspace:
        addresses = {urlsplit(url).hostname for url in (workspace.api_url, workspace.control_url)}
        assert addresses == {"127.0.0.1"}
        port = urlsplit(workspace.api_url).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port), timeout=30):
            pass
        for address in elsewhere():
            with pytest.raises(OSError), socket.create_connection((address, port), timeout=5):
                pass
