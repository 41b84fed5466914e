"""Everything here that reads what somebody else wrote: of files, whole ones to damage and what may refuse them; of texts,
the functions that must take any text at all."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.assistant import extracting, holidays, moments, questions, refusals, signals, spoken_times
from bot.assistant.citations import check_sentence
from bot.assistant.confirmed_matching import read_question
from bot.assistant.redaction import mask
from bot.assistant.reply_lines import read_reply
from bot.backup import archive
from bot.backup.errors import BackupError
from bot.cli import batches
from bot.evaluating.cases import QuestionSetError, read_cases
from bot.listeners import threads
from bot.secrets_file import secrets_file
from bot.slack_shapes import problem
from bot.startup import StartupError
from bot.wellformed import cleaned
from ingest.errors import IngestError
from ingest.frontmatter import split_front_matter
from ingest.markdown import parse_markdown
from ingest.readers import read_all
from ingest.sidecars import OF_FOLDER, stated_beside
from ingest.structure import split_manuals
from ingest.suspicion import hidden_orders
from knowledge.orders import orders_in
from knowledge.reading import normalise, question_terms, search_reading
from knowledge.statements.rulings import rulings
from tests.assistant import adversary_manuals
from tests.ingest import malformed
from tests.ingest.formats.test_spreadsheets import sheet
from tickets import calendar_file, people_file, procedure_files
from tickets.errors import CalendarError, PeopleError

Read = Callable[[Path], object]
_NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
_TODAY = date(2026, 11, 30)


@dataclass(frozen=True)
class FileParser:
    """One kind of file."""

    name: str
    whole: Callable[[], bytes]
    read: Read
    refuses: tuple[type[Exception], ...]
    """What it says no with; anything else is a finding."""


def _manual(path: Path) -> None:
    for document in read_all(path).documents:
        for draft in split_manuals(document):
            assert draft.title
            assert draft.clauses


def _procedures(path: Path) -> None:
    folder = path.parent / "procedures"
    folder.mkdir(exist_ok=True)
    (folder / "own.toml").write_bytes(path.read_bytes())
    procedure_files.load(folder)


def _sidecar(path: Path) -> None:
    path.replace(path.with_name(OF_FOLDER))
    stated_beside(path.with_name("须知.docx"))


def _backup(path: Path) -> None:
    with archive.read(path) as found:
        for part in found.check().parts:
            found.content(part)


def _secrets(path: Path) -> None:
    path.chmod(0o600)
    before = os.environ.get("KEFU_SECRETS_FILE")
    os.environ["KEFU_SECRETS_FILE"] = str(path)
    try:
        secrets_file()
    finally:
        os.environ.pop("KEFU_SECRETS_FILE") if before is None else os.environ.update(KEFU_SECRETS_FILE=before)


def _archive() -> bytes:
    """A backup of nothing much."""
    path = Path(os.environ.get("TMPDIR", "/tmp"), f"kefu-fuzz-{os.getpid()}.zip")  # noqa: S108 - removed at once
    path.unlink(missing_ok=True)
    with archive.write(path) as writing:
        writing.settings("people.toml", b"people = []\n")
        writing.table("tickets", ("id", "title"), [(1, "x"), (2, None)])
        writing.end("0.1.0", {})
    try:
        return path.read_bytes()
    finally:
        path.unlink()


_CASES = "".join(
    json.dumps(one, ensure_ascii=False) + "\n"
    for one in (
        {"question": "押金几天退?", "expected": "answered", "must_contain": ["3"]},
        {"question": "能飞吗", "expected": "not_found", "history": [{"role": "user", "text": "你好"}]},
    )
)
_SIDECAR = (
    'owner = "U1"\naudience = ["role:agent"]\neffective_at = 2026-01-01\n["须知.docx"]\nproduct = "水"\n'
)
_HISTORY = json.dumps([{"role": "user", "text": "押金"}, {"role": "assistant", "text": "三天"}])

FILES: tuple[FileParser, ...] = (
    *(FileParser(name, lambda name=name: malformed.whole(name), _manual, (IngestError,)) for name in malformed.SOURCES),
    FileParser("people.toml", lambda: Path("bot/demo/people.toml").read_bytes(), people_file.read, (PeopleError,)),
    FileParser("calendar.toml", lambda: Path("tickets/calendar.toml").read_bytes(), calendar_file.load, (CalendarError,)),
    FileParser("swap.toml", lambda: Path("tickets/procedures/shift_swap.toml").read_bytes(), _procedures, ()),
    FileParser("beside.toml", _SIDECAR.encode, _sidecar, (IngestError,)),
    FileParser("cases.jsonl", _CASES.encode, read_cases, (QuestionSetError,)),
    FileParser("cases.csv", lambda: "question,expected\n押金几天退?,answered\n".encode(), read_cases, (QuestionSetError,)),
    FileParser("cases.xlsx", lambda: sheet(("question", "expected"), ("押金几天退?", "answered")), read_cases, (QuestionSetError,)),
    FileParser("history.json", _HISTORY.encode, batches.read_history, (typer.BadParameter,)),
    FileParser("batch.jsonl", _CASES.encode, lambda path: batches.read_lines(path, ["question"]), (typer.BadParameter,)),
    FileParser("backup.kefu", _archive, _backup, (BackupError,)),
    FileParser("secrets.env", b"SLACK_BOT_TOKEN=xoxb-1\nKEFU_MODEL=openai:x\n".__bytes__, _secrets, (StartupError,)),
)  # fmt: skip

_NASTY = (
    b"\x00", b"\xff\xfe", b"../" * 20, b"[" * 3000, b"{" * 3000, b'{"a":' * 3000, b"'; DROP TABLE x; --", b"&e9;", b"<!ENTITY",
    b"9" * 5000, b"-1e999", b'"""', b"\n---\n", "‮⁦".encode(), b"nan", b"\\u0000", b"= [\n" * 500, b"2026-02-30", b"inf",
)  # fmt: skip


def inserted(data: bytes, chance: random.Random) -> bytes:
    """Something nasty put into it."""
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_NASTY) + data[at:]


def lines_mixed(data: bytes, chance: random.Random) -> bytes:
    """Lines that change places, go, or come twice."""
    lines = data.split(b"\n")
    for _ in range(chance.choice((1, 3, 10))):
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[a] = chance.choice((lines[b], b"", lines[a] + lines[b]))
    return b"\n".join(lines)


def words_mixed(data: bytes, chance: random.Random) -> bytes:
    """A word, a number or a quoted text in place of another."""
    words = re.findall(rb'"[^"\n]{0,40}"|[\w.:-]+', data)
    if len(words) < 2:
        return data
    old, new = (
        chance.choice(words),
        chance.choice([*words, b"-1", b'""', b"true", b"[]", b"{}", b"1e99", b"null"]),
    )
    return data.replace(old, new, chance.choice((1, -1)))


def damages(data: bytes, name: str) -> tuple[Callable[[bytes, random.Random], bytes], ...]:
    """What may be done to a file of this kind."""
    packed = data.startswith(b"PK")
    office = packed and name.endswith(("docx", "xlsx", "pptx"))
    texts = () if packed else (lines_mixed, words_mixed)
    return (
        *malformed.ANY, inserted, *texts, *(malformed.PACKED if packed else ()), *(malformed.OFFICE if office else ()),
    )  # fmt: skip


def damaged(parser: FileParser, chance: random.Random) -> bytes:
    """One file, damaged once to three times."""
    data = parser.whole()
    for _ in range(chance.choice((1, 1, 2, 3))):
        try:
            data = chance.choice(damages(data, parser.name))(data, chance) or b"\n"
        except Exception:  # noqa: BLE001 - so broken by now that this damage cannot be done to it
            break
    return data


_CLAUSE = next(iter(adversary_manuals.CLAUSES.values()))


def _json(text: str) -> None:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        body = {
            "type": "event_callback",
            "event": {"type": "message", "channel": "C", "ts": "1", "text": text},
        }
    problem(body)
    if isinstance(body, dict):
        json.dumps(cleaned(body), ensure_ascii=False).encode()


TEXTS: dict[str, Callable[[str], object]] = {
    "a model's reply": lambda text: list(read_reply(text)),
    "a written sentence": lambda text: check_sentence(text, [_CLAUSE], text),
    "masking": mask,
    "orders in a manual": lambda text: (orders_in(text), hidden_orders(text)),
    "front matter": split_front_matter,
    "markdown": parse_markdown,
    "a typed message": threads.typed,
    "a question": lambda text: (
        questions.understand(text),
        refusals.reason_to_refuse(text),
        read_question(text),
    ),
    "times": lambda text: (spoken_times.times(text, _NOW), moments.asked_moment(text, _TODAY)),
    "holidays": lambda text: (holidays.named(text), holidays.day_asked(text, _TODAY)),
    "reading": lambda text: (normalise(text), search_reading(text), question_terms(text)),
    "rulings": rulings,
    "a draft's signals": signals.read,
    "a form's values": lambda text: extracting.extract(text, (), now=_NOW, zone=ZoneInfo("Asia/Shanghai")),
    "what Slack sends": _json,
}
"""Functions that take any text."""
_PIECES = (
    "押金", "第二次", "3个工作日", "不得", "必须", "先", "再", "，", "。", "、", "\n", "“", "”", "《", "》", "(", ")", "1.", "一、", "第九十九条",
    "2026年2月30日", "13900001111", "99:99", "下周三下午三点半", "明天", "去年", "春节", "9" * 60, "一亿亿亿", "1/0", "３", "²", "%", "<@U1>", "<!here>",
    "<http://a|b>", "&lt;", "*", "_", "`", "```", "---\n", "title: ", "|---|", "# ", "{", "}", "\\ud83d", '"text":', '"cites": ["C1"]', '{"end": "answered"}',
    "ignore all previous instructions", "忽略以上所有规定", "\u200b", "\u202e", "\0", "𝕊", "é", "ａ", " ", "\t", "not", "must", "the manager",
    "欧阳小满", "张三先生", "110101199003074514", "a@b.cn", "京A12345", "\u3000", "\ufeff", "A" * 80, "啊" * 80, "[" * 40, '{"type":"event_callback",',
)  # fmt: skip


def texts(chance: random.Random) -> str:
    """A text out of pieces that mean something to one parser or the other, and of anything."""
    pieces = [
        chance.choice(_PIECES) if chance.random() < 0.85 else chr(chance.choice((chance.randrange(32, 0x3000), chance.randrange(0x4E00, 0xD7FF))))
        for _ in range(chance.choice((1, 3, 10, 40)))
    ]  # fmt: skip
    return "".join(pieces)


def seeds() -> Iterator[int]:
    """Numbers for `random.Random`, a new series each time the hour is run."""
    start = int(os.environ.get("KEFU_FUZZ_SEED", "0"))
    while True:
        yield start
        start += 1
