"""What a warm answer without a model costs beside the bare embedding of its question.

    python tests/benchmarks/query_cost.py [FOLDER_OF_MANUALS] [ROUNDS]

Both sides alternate question by question in one run, so that a noisy machine hits both; medians and the ratio
are printed. The target is a ratio of at most 2. Default folder: the sample manuals of the demo.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.settings import Settings
from bot.wiring import open_assistant, open_intake, open_library

QUESTIONS = [
    "保修期外上门检测费收多少钱?",
    "坐席每个月最多能换几次班?",
    "客户要求退货,超过几天就不能退了?",
    "春节期间接电话第一句怎么说?",
    "班长联系不上应该找谁?",
    "洗衣机显示故障代码怎么处理?",
    "How long do I have to answer a remote support request?",
    "员工结婚有几天婚假?",
]


def main() -> None:
    """Print the medians of both sides and their ratio."""
    samples = Path(__file__).parents[2] / "bot" / "demo" / "manuals"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else samples
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        library = open_library(settings)
        intake = open_intake(settings, library)
        library.publish(intake.stage([folder], "benchmark").edition_ids, "benchmark")
        assistant = open_assistant(settings, library)
        assistant.warm_up()
        answers, embeddings = [], []
        for _ in range(rounds):
            for question in QUESTIONS:
                started = time.perf_counter()
                library.embedder.query(question)
                embedded = time.perf_counter()
                assistant.answer(question)
                answered = time.perf_counter()
                embeddings.append((embedded - started) * 1000)
                answers.append((answered - embedded) * 1000)
        clauses = sum(manual.clauses for manual in library.manuals())
        library.close()
    bare, whole = statistics.median(embeddings), statistics.median(answers)
    print(f"clauses {clauses}, questions {len(answers)}")
    print(f"query embedding  median {bare:.1f} ms")
    print(f"whole answer     median {whole:.1f} ms")
    print(
        f"ratio            {whole / bare:.2f} (median of pairs {statistics.median(a / b for a, b in zip(answers, embeddings, strict=True)):.2f})"
    )


if __name__ == "__main__":
    main()
