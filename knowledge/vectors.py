"""The vector store: one Chroma collection per embedding model, vectors addressed by what was embedded.

The only module that knows Chroma. Embedded Chroma lets one process in; a lock on the data folder says so in
one sentence instead of a corrupted store (design/ARCHITECTURE.md: three writers left one that did not open).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from knowledge.chroma_server import ChromaServer
from knowledge.embedding import Matrix
from knowledge.errors import StoreBusy, StoreUnavailable

_PREFIX = "clauses-"
_BATCH = 1000
"""Vectors in one call; an embedded Chroma takes 5,461 at most, others say how many, and a small batch keeps progress
visible."""

SECONDS_TO_ANSWER = 10.0
SECONDS_TO_STORE = 120.0
"""How long a Chroma server may take to say that it is there, and for a batch; then it counts as away."""

_GRAPH: Any = {"space": "cosine", "max_neighbors": 4, "ef_construction": 8}
"""Chroma's graph of neighbours, as thin as can be: nothing asks it, `LiveIndex` compares exactly. Measured, 6,000
random vectors of 896 dimensions: 2.7 s to store instead of 22. A collection that exists keeps its own."""


def vector_key(text: str) -> str:
    """Id of the vector of `text`: the hash of exactly what is embedded."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


class Vectors:
    """Durable vectors, opened on first use (importing Chroma takes over a second).

    Raises (from every method):
        StoreUnavailable: another process holds the data folder, or the server does not answer.
    """

    def __init__(self, folder: Path, model: str, server: ChromaServer | str = "") -> None:
        """Use this Chroma server (or the one at this address), or else an embedded Chroma below `folder`; `model` names
        the vectors."""
        self._folder = folder
        self._server = (ChromaServer(server) if server else None) if isinstance(server, str) else server
        self._name = (
            _PREFIX + re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:40] + "-" + vector_key(model)[:8]
        )
        self._lock: FileLock | None = None
        self._client: Any = None  # a ClientAPI, which does not name the `close` that each of them has
        self._opened: Any = None
        self._most = _BATCH

    def _collection(self) -> Any:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> Any:
        import os

        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        with self._reaching():
            if (server := self._server) is not None:
                if trouble := server.trouble(SECONDS_TO_ANSWER):
                    raise OSError(trouble)
                self._client = chromadb.HttpClient(
                    host=server.base if server.path else server.host,  # a whole address is taken as it is
                    port=server.port,
                    ssl=server.tls,
                    headers=dict(server.headers()),
                    settings=settings,
                    tenant=server.tenant,
                    database=server.database,
                )
                _be_impatient(self._client)
            else:
                self._take_lock()
                self._client = chromadb.PersistentClient(path=str(self._folder / "chroma"), settings=settings)
            self._most = min(_BATCH, self._client.get_max_batch_size())
            return self._client.get_or_create_collection(
                self._name, configuration={"hnsw": _GRAPH}, embedding_function=None
            )

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Whatever goes wrong on the way to Chroma becomes one sentence; the next call opens it afresh."""
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except Exception as error:
            # The client raises a bare Exception for whatever a proxy before the server says (401, 502, a page of HTML).
            known = isinstance(error, ChromaError | ValueError | OSError | httpx.HTTPError)
            if not known and (self._server is None or type(error) is not Exception):
                raise
            self.close()
            kind = (str(error) if type(error) is OSError else type(error).__name__) if known else "refused"
            if self._server is not None:
                raise StoreUnavailable(
                    f"The Chroma server at {self._server.shown} could not be reached ({kind}); check that it runs, and KEFU_CHROMA_URL."
                ) from error
            raise StoreUnavailable(
                f"The vector store in {self._folder / 'chroma'} could not be opened ({kind}); restore a backup."
            ) from error

    def _take_lock(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(self._folder / "chroma.lock")
        try:
            self._lock.acquire(timeout=0.5)
        except Timeout as error:
            self._lock = None
            raise StoreBusy(
                f"The data folder {self._folder} is in use by another Kefu Desk process; "
                "stop it first, or set KEFU_CHROMA_URL to a Chroma server that both can use."
            ) from error

    def open(self) -> None:
        """Take hold of the store now, before work whose result needs it. Raises StoreBusy, StoreUnavailable."""
        self._collection()

    def close(self) -> None:
        """Let go of the data folder, and of the files and threads of Chroma: it keeps both until it is told, whoever
        forgets the client. Should another thread be in the middle of a call, that call fails."""
        self._opened = None
        client, self._client = self._client, None
        if client is not None:
            client.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def missing(self, keys: Sequence[str]) -> set[str]:
        """Those of `keys` that have no vector yet."""
        wanted = set(keys)
        collection = self._collection()
        with self._reaching():
            for batch in _batches(sorted(wanted), self._most):
                wanted.difference_update(collection.get(ids=batch, include=[])["ids"])
        return wanted

    def put(self, keys: Sequence[str], vectors: Matrix) -> None:
        """Store vectors under their keys; storing one again changes nothing."""
        collection = self._collection()
        with self._reaching():
            for start in range(0, len(keys), self._most):
                part = slice(start, start + self._most)
                collection.upsert(ids=list(keys[part]), embeddings=vectors[part])

    def get(self, keys: Sequence[str]) -> dict[str, Matrix]:
        """The vectors of `keys`; one that is not stored is left out."""
        collection = self._collection()
        found: dict[str, Matrix] = {}
        with self._reaching():
            for batch in _batches(sorted(set(keys)), self._most):
                got = collection.get(ids=batch, include=["embeddings"])
                found.update(zip(got["ids"], np.asarray(got["embeddings"], dtype=np.float32), strict=True))
        return found

    @property
    def is_shared(self) -> bool:
        """Whether other processes may write here too: a Chroma server, not a folder."""
        return self._server is not None

    def others(self) -> dict[str, int]:
        """Collections of other embedding models with the number of their vectors: of no use any more."""
        self._collection()
        with self._reaching():
            listed = self._client.list_collections() if self._client is not None else []
            return {c.name: c.count() for c in listed if c.name.startswith(_PREFIX) and c.name != self._name}

    def keys(self) -> set[str]:
        """Every key that has a vector."""
        collection = self._collection()
        with self._reaching():
            return set(collection.get(include=[])["ids"])

    def remove(self, keys: Sequence[str]) -> None:
        """Delete vectors."""
        collection = self._collection()
        with self._reaching():
            for batch in _batches(list(keys), self._most):
                collection.delete(ids=batch)


def _be_impatient(client: Any) -> None:
    """Chroma's client waits for ever for a server that hangs, and has no setting for it."""
    import httpx

    session = getattr(getattr(client, "_server", None), "_session", None)
    if isinstance(session, httpx.Client):
        session.timeout = httpx.Timeout(SECONDS_TO_STORE)


def _batches(keys: list[str], most: int) -> Iterator[list[str]]:
    for start in range(0, len(keys), most):
        yield keys[start : start + most]
