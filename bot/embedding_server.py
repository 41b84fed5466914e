"""The embedding servers that `KEFU_EMBEDDING_MODEL` may name: text-embeddings-inference, and whatever speaks OpenAI's API.

    KEFU_EMBEDDING_MODEL=tei:NAME     KEFU_EMBEDDING_BASE_URL=http://host:8080
    KEFU_EMBEDDING_MODEL=openai:NAME  KEFU_EMBEDDING_BASE_URL=http://host:8000/v1

The OpenAI kind is langchain-openai's client, which waits as a server's Retry-After says; text-embeddings-inference has no
client without a model hub's package, so a small one is here.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from bot.assistant.model_errors import Reason, translated
from bot.startup import StartupError
from knowledge.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.served_embedding import ServedEmbeddings

KINDS = ("openai", "tei")
_OPENAI = "https://api.openai.com/v1"
_PATIENT_SECONDS = 60.0
"""For a batch of a manual's clauses; nobody waits at the phone."""
_PATIENT_TRIES = 6
_LONGEST_WAIT = 30.0
_FIRST_WAIT = 0.5
_FOR_GOOD = frozenset({Reason.KEY_REFUSED, Reason.REQUEST_REFUSED, Reason.NONSENSE})
"""Why asking again is of no use."""
_WHY = {
    Reason.KEY_REFUSED: "The embedding server at {} wants another key; check KEFU_EMBEDDING_API_KEY.",
    Reason.RATE_LIMITED: "The embedding server at {} says that there were too many requests; try again in a while.",
    Reason.REQUEST_REFUSED: "The embedding server at {} refused the request; check KEFU_EMBEDDING_MODEL.",
    Reason.NONSENSE: "What the embedding server at {} sent are no vectors of the texts; check KEFU_EMBEDDING_MODEL and KEFU_EMBEDDING_BASE_URL.",
}
_AWAY = "The embedding server at {} does not answer; check that it runs, and KEFU_EMBEDDING_BASE_URL."


def is_served(settings: Settings) -> bool:
    """Whether vectors come from a server. Raises StartupError for an address without a kind of server."""
    kind, _, name = settings.embedding_model.partition(":")
    if kind in KINDS and name.strip():
        return True
    if settings.embedding_base_url or kind in KINDS:
        raise StartupError(
            "KEFU_EMBEDDING_BASE_URL needs KEFU_EMBEDDING_MODEL to say which model it serves and how: "
            "openai:NAME (any OpenAI-compatible server) or tei:NAME (text-embeddings-inference)."
        )
    return False


def served(settings: Settings) -> ServedEmbeddings:
    """The embeddings of the server of the settings; nothing is asked yet. Raises StartupError."""
    from bot.assistant.redaction import mask
    from knowledge.served_embedding import ServedEmbeddings

    kind, _, name = settings.embedding_model.partition(":")
    name = name.strip()
    url = settings.embedding_base_url.strip().rstrip("/") or (_OPENAI if kind == "openai" else "")
    if not url.startswith(("http://", "https://")):
        raise StartupError(
            "KEFU_EMBEDDING_BASE_URL must be a whole address that begins with http:// or https://."
        )
    key = settings.embedding_api_key.get_secret_value().strip() if settings.embedding_api_key else ""
    client = TextEmbeddingsInference if kind == "tei" else OpenAICompatible
    return ServedEmbeddings(
        f"{kind}-{name}",
        url,
        client(url, name, key, settings.embedding_seconds, tries=1),
        client(url, name, key, _PATIENT_SECONDS, tries=_PATIENT_TRIES),
        mask,
        before_query=settings.embedding_query_prefix,
        before_passage=settings.embedding_passage_prefix,
    )


class OpenAICompatible(Embeddings):
    """`POST …/embeddings`. Raises EmbedderUnavailable, whose sentence holds neither text nor key."""

    def __init__(self, url: str, model: str, key: str, seconds: float, *, tries: int) -> None:
        self._url, self._model, self._key, self._seconds, self._tries = url, model, key, seconds, tries
        self._client: Any = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One request."""
        try:
            if self._client is None:
                self._client = self._made()
            made: list[list[float]] = self._client.embed_documents(texts)
            return made
        except Exception as error:  # noqa: BLE001 - whatever the client's library raises
            told = translated(error)
            raise EmbedderUnavailable(
                _WHY.get(told.reason, _AWAY).format(self._url), told.retry_after
            ) from None

    def embed_query(self, text: str) -> list[float]:
        """Like a document: what a question needs before it has been put there."""
        return self.embed_documents([text])[0]

    def _made(self) -> Any:
        from langchain_openai import OpenAIEmbeddings  # half a second: only when the first text comes
        from pydantic import SecretStr

        return OpenAIEmbeddings(
            model=self._model,
            openai_api_base=self._url,
            openai_api_key=SecretStr(self._key or "none"),  # many servers want none, the client always one
            request_timeout=self._seconds,
            max_retries=self._tries - 1,
            check_embedding_ctx_length=False,  # else it sends the tokens of OpenAI's own models
        )


class TextEmbeddingsInference(Embeddings):
    """`POST …/embed`, cut to what the model reads. Raises EmbedderUnavailable, whose sentence holds neither text nor key."""

    def __init__(self, url: str, model: str, key: str, seconds: float, *, tries: int) -> None:
        """`model` is what its operator started it with: a server of this kind has one."""
        import httpx  # a command that needs no server does not wait for it

        self._url, self._tries = url, tries
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(headers=headers, timeout=seconds)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One request, and again while the server is busy or away and tries are left."""
        for tried in range(1, self._tries + 1):
            made, why, wait = self._once(texts)
            if made is not None:
                return made
            if why in _FOR_GOOD or tried == self._tries:
                break
            time.sleep(min(_FIRST_WAIT * 2**tried if wait is None else wait, _LONGEST_WAIT))
        raise EmbedderUnavailable(_WHY.get(why, _AWAY).format(self._url), wait)

    def _once(self, texts: list[str]) -> tuple[list[list[float]] | None, Reason, float | None]:
        """Vectors; or why there are none, and the seconds after which the server wants to be asked again."""
        import httpx

        asked = {"inputs": texts, "normalize": True, "truncate": True}
        try:
            answer = self._client.post(f"{self._url}/embed", json=asked)
        except httpx.HTTPError:
            return None, Reason.CONNECTION, None
        if not answer.is_success:
            return None, _of_status(answer.status_code), _seconds(answer.headers.get("retry-after"))
        try:
            made: list[list[float]] = answer.json()
        except ValueError:
            return None, Reason.NONSENSE, None
        return made, Reason.NONSENSE, None

    def embed_query(self, text: str) -> list[float]:
        """Like a document: what a question needs before it has been put there."""
        return self.embed_documents([text])[0]


def _of_status(status: int) -> Reason:
    if status in (401, 403):
        return Reason.KEY_REFUSED
    if status == 429:
        return Reason.RATE_LIMITED
    return Reason.REQUEST_REFUSED if 400 <= status < 500 and status != 408 else Reason.SERVER


def _seconds(header: str | None) -> float | None:
    try:
        return None if header is None else max(0.0, float(header))
    except ValueError:
        return None  # a date: the usual pause is good enough
