"""Retrieval alone: the share of answerable questions with a right clause among the first k.

    python tests/evals/retrieval.py HOME QUESTIONS.jsonl

HOME is a KEFU_HOME with ingested manuals, QUESTIONS in the format of shared/eval. A clause is right when it belongs
to the document of a gold quote and holds that quote, layout and width aside.
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

from bot.assistant.answers import Turn
from bot.assistant.questions import understand
from bot.settings import Settings
from bot.wiring import open_library

DEPTHS = (1, 3, 5, 10)


def squeeze(text: str) -> str:
    """`text` without layout: what a quote and a clause are compared by."""
    return re.sub(r"[\s.]+", "", unicodedata.normalize("NFKC", text))


def ranks(home: Path, questions: Path) -> dict[str, int | None]:
    """By question id, the place (from 1) of the first right clause among the first ten; None when there is none."""
    library = open_library(Settings(home=home))
    found: dict[str, int | None] = {}
    for line in questions.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["gold"] or not row.get("answerable", True):
            continue
        history = [Turn(turn["role"], turn["text"]) for turn in row["history"]]
        hits = library.search(understand(row["question"], history).search_text, DEPTHS[-1])
        found[row["id"]] = next(
            (
                place
                for place, hit in enumerate(hits, 1)
                for gold in row["gold"]
                if squeeze(gold["document"]) == squeeze(hit.clause.manual)
                and squeeze(gold["quote"]) in squeeze(hit.clause.text)
            ),
            None,
        )
    return found


def main() -> None:
    """Print the shares and, one a line, the questions that are not found first."""
    found = ranks(Path(sys.argv[1]), Path(sys.argv[2]))
    shares = {k: sum(place is not None and place <= k for place in found.values()) for k in DEPTHS}
    print(len(found), "questions", *(f"@{k} {n / len(found):.3f} ({n})" for k, n in shares.items()))
    if "-v" in sys.argv:
        print(*(f"{i} {place}" for i, place in found.items() if place != 1), sep="\n")


if __name__ == "__main__":
    main()
