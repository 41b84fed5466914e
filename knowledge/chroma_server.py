"""Where a Chroma server is and what it wants to hear: one started with `chroma run`, a distributed one behind a proxy, or
a hosted one, all by their address."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

DEFAULT_TENANT, DEFAULT_DATABASE = "default_tenant", "default_database"
_PLAIN_PORT, _TLS_PORT = 8000, 443


@dataclass(frozen=True, slots=True)
class ChromaServer:
    """One server, and one database on it."""

    url: str = field(repr=False)
    """`http://host:port`, with a path where a proxy shows it below one; a name and password in it are sent as such."""
    token: str = field(default="", repr=False)
    """What a hosted server, or a proxy before it, wants to see."""
    tenant: str = DEFAULT_TENANT
    database: str = DEFAULT_DATABASE

    @property
    def _parts(self) -> SplitResult:
        return urlsplit(self.url if "://" in self.url else f"http://{self.url}")

    @property
    def host(self) -> str:
        """Its machine."""
        return self._parts.hostname or "localhost"

    @property
    def tls(self) -> bool:
        """Whether it is spoken to in private."""
        return self._parts.scheme == "https"

    @property
    def port(self) -> int:
        """Its port; Chroma's own where none is given. Raises ValueError for one that is none."""
        return self._parts.port or (_TLS_PORT if self.tls else _PLAIN_PORT)

    @property
    def path(self) -> str:
        """Below which a proxy shows it; mostly empty."""
        return self._parts.path.rstrip("/")

    @property
    def shown(self) -> str:
        """The address as it may stand in logs and sentences: without a password."""
        parts = self._parts
        named = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, named, self.path, "", ""))

    @property
    def base(self) -> str:
        """What the paths of its API are put behind. Raises ValueError for a port that is none."""
        machine = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self._parts.scheme}://{machine}:{self.port}{self.path}"

    def headers(self) -> Mapping[str, str]:
        """What is sent with each request. Chroma's own hosting reads the one name of a token, proxies the other."""
        parts, told = self._parts, {}
        if parts.username:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            told["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        if self.token:
            told["X-Chroma-Token"] = self.token
            told.setdefault("Authorization", f"Bearer {self.token}")
        return told

    def trouble(self, seconds: float) -> str:
        """Why it cannot be used, in a few words; empty when it answers and has the database. Changes nothing."""
        import httpx  # a command that needs no server does not wait for it

        try:
            answer = httpx.get(
                f"{self.base}/api/v2/tenants/{self.tenant}/databases/{self.database}",
                headers=dict(self.headers()),
                timeout=seconds,
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return f"does not answer ({type(error).__name__})"
        if answer.status_code in (401, 403):
            return f"refuses the token ({answer.status_code})"
        if answer.status_code == 404:
            return f"has no database {self.database} of the tenant {self.tenant}"
        return "" if answer.is_success else f"answers with {answer.status_code}"
