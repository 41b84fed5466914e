"""What the bot promises under load and over a bad network: `kefu up` and `kefu workspace`, each in a process of its own.

    python tests/benchmarks/slack_load.py clicks --with quotes     64 answers, 5,000 acts at 20 a second
    python tests/benchmarks/slack_load.py clicks --with model --rate 10
    python tests/benchmarks/slack_load.py clicks --with quotes --rate 0          eight people who never pause
    python tests/benchmarks/slack_load.py resets 100               TCP resets under traffic
    python tests/benchmarks/slack_load.py processes 10000          two bots on one app (PostgreSQL, Chroma server)

Figures are of this machine, workspace and people included, in seconds and milliseconds of the wall clock.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from load_clicks import clicks
from load_processes import processes
from load_resets import resets


def main() -> None:
    """Run what the arguments say and print its figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    what = parser.add_subparsers(dest="what", required=True)
    pressed = what.add_parser("clicks", help="acknowledgements while answers run")
    pressed.add_argument("--answers", type=int, default=64, help="how many run at once")
    pressed.add_argument("--count", type=int, default=5000, help="how often something is pressed or typed")
    pressed.add_argument(
        "--rate", type=float, default=20.0, help="how often a second; 0: as fast as eight can"
    )
    pressed.add_argument("--with", dest="by", choices=("model", "quotes"), default="quotes")
    what.add_parser("resets", help="TCP resets under traffic").add_argument(
        "count", type=int, nargs="?", default=100
    )
    two = what.add_parser("processes", help="two bots on one app")
    two.add_argument("count", type=int, nargs="?", default=10_000, help="events")
    given = parser.parse_args()
    if given.what == "clicks":
        found = clicks(given.answers, given.count, given.rate, model=given.by == "model")
    elif given.what == "resets":
        found = resets(given.count)
    else:
        from servers import chroma_server, postgres_server

        with postgres_server() as database, chroma_server() as chroma:
            found = processes(given.count, database, chroma)
    print(json.dumps(found, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
