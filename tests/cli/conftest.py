"""Running `kefu` the way a user does: as a process, in a data folder of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from kefu_process import SECONDS, environment, run_forked

Kefu = Callable[..., "subprocess.CompletedProcess[str]"]


RULES = """考勤办法

一、班次
1、早班八点到十七点,晚班十六点到次日一点。
2、每月换班不得多于三次,须提前一天报班组长同意。
二、处罚
1、迟到一次扣二十元,当月第三次起每次扣五十元。
2、旷工一天扣三天工资。
"""


def run(home: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return run_forked(arguments, environment(home, **variables))


def run_anew(home: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=environment(home, **variables),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture
def kefu_started() -> Kefu:
    """Runs in the data folder that is its first argument, in a Python that has imported nothing yet."""
    return run_anew


@pytest.fixture
def kefu_in() -> Kefu:
    """Runs in the data folder that is its first argument."""
    return run


@pytest.fixture
def kefu(tmp_path: Path) -> Kefu:
    """Runs in an empty data folder."""
    return lambda *arguments, **variables: run(tmp_path / "home", *arguments, **variables)


@pytest.fixture(scope="session")
def stocked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stocked")
    (folder / "rules.txt").write_text(RULES, encoding="utf-8")
    done = run_anew(folder / "home", "ingest", str(folder / "rules.txt"), "--json")
    assert done.returncode == 0, done.stderr
    return folder / "home"


@pytest.fixture
def stocked(stocked_home: Path) -> Kefu:
    """Runs in a data folder with one manual; tests must not change it."""
    return lambda *arguments, **variables: run(stocked_home, *arguments, **variables)
