"""A process that holds a data folder as a bot does: `holder.py [works|idle|hangs]`, ready once it says so."""

from __future__ import annotations

import sys
import time

from bot import logs
from bot.keeping.job_work import take_on
from bot.settings import Settings
from bot.wiring import build_services


def main(manner: str) -> None:
    logs.configure()
    services = build_services(Settings())
    services.library.open_store()
    print("ready", flush=True)
    while True:
        if manner == "works":
            take_on(services.jobs, services.work)
        elif manner == "hangs" and services.jobs.claim() is not None:
            print("claimed", flush=True)
        time.sleep(0.1)


main(sys.argv[1])
