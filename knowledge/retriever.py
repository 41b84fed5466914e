"""The library as a LangChain retriever, for other people's chains and tracing."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.library import Library


class ManualRetriever(BaseRetriever):
    """Finds clauses; each document's metadata is what a citation of it needs."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    k: int = 10
    """How many clauses at most."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **kwargs: Any
    ) -> list[Document]:
        return [
            Document(
                id=str(hit.clause.id),
                page_content=hit.clause.text,
                metadata={
                    "manual": hit.clause.manual,
                    "organisation": hit.clause.organisation,
                    "clause": hit.clause.label,
                    "edition": hit.clause.edition,
                    "published_at": hit.clause.published_at.isoformat(),
                    "source": hit.clause.source,
                    "score": hit.score,
                },
            )
            for hit in self.library.search(query, self.k)
        ]
