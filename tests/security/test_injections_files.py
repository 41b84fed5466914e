"""Files and command lines with every kind of injection in them: nothing outside is read, written or asked, nothing expands, and
whoever reads on gets text."""

from __future__ import annotations

import contextlib
import io
import stat
import sys
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from attacks import HTML, KINDS, PATHS, SLACK, SQL, TRIED, everything

from bot.assistant.answers import Answer, Outcome
from bot.blocks.wording import words
from bot.cli.exporting import as_markdown
from bot.evaluating.cases import read_cases
from bot.evaluating.report import html
from bot.evaluating.runs import run
from ingest.errors import IngestError
from ingest.readers import read_all
from ingest.structure import split_manuals
from tests.evaluating.test_runs import AT
from tests.ingest.formats.test_pptx import deck
from tests.ingest.formats.test_spreadsheets import sheet
from tests.ingest.formats.word_parts import p, word_file, zipped
from tickets.people import People

sys.path.insert(0, str(Path(__file__).parents[1] / "cli"))

from kefu_process import run_forked

RULE = "一、借阅\n1、每张卡最多借七本书，借期二十一天。\n2、逾期归还的，每本每天收三角钱。\n"
ESCAPED = Path("/tmp/kefu-escaped")  # noqa: S108 - where a path of `attacks` would lead
SECRET = "kefu-secret-of-the-disk"  # noqa: S105 - a word to look for


def texts(path: Path) -> str:
    """Everything that was read of a file; the refusals beside it."""
    try:
        reading = read_all(path)
    except IngestError as error:
        return str(error)
    refused = " ".join(one.reason for one in reading.refused)
    drafts = [draft for document in reading.documents for draft in split_manuals(document)]
    return " ".join([refused, *(clause.text for draft in drafts for clause in draft.clauses)])


# -- zip files -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        *PATHS,
        "a/../../b.txt",
        "\\\\server\\share\\a.txt",
        "//server/a.txt",
        "．．/a.txt",
        "con.txt",
        "a" * 300 + ".txt",
    ],
)
def test_names_in_a_zip_file_lead_nowhere(tmp_path: Path, name: str) -> None:
    """Members are read in memory: whatever a name says, no file appears beside the zip file."""
    path = tmp_path / "手册.zip"
    path.write_bytes(zipped({"好.txt": RULE, f"{name}.txt": RULE}))
    assert "七本" in texts(path)
    assert [one.name for one in tmp_path.iterdir()] == ["手册.zip"]
    assert not ESCAPED.exists()
    assert not Path(f"{ESCAPED}.txt").exists()


def test_a_link_in_a_zip_file_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(f"{SECRET}\n" * 3, "utf-8")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("制度.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(secret))
        archive.writestr("好.txt", RULE)
    path = tmp_path / "手册.zip"
    path.write_bytes(out.getvalue())
    assert "七本" in (found := texts(path))
    assert SECRET not in found


def test_zip_files_within_zip_files_and_sizes_that_are_not_true(tmp_path: Path) -> None:
    bomb = zipped({"零.txt": b"0" * 60_000_000})
    cases = {
        "nested": zipped({"好.txt": RULE, "内.zip": zipped({"内.zip": zipped({"内.zip": bomb})})}),
        "many": zipped({"好.txt": RULE, **{f"{n}.zip": bomb for n in range(20)}}),
        "small": zipped({"好.txt": RULE, "零.txt": b"0" * 30_000_000}).replace(
            (30_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little")
        ),
    }
    for kind, data in cases.items():
        path = tmp_path / f"{kind}.zip"
        path.write_bytes(data)
        assert texts(path), kind


# -- XML and HTML --------------------------------------------------------------------------------------------------
def _entities(secret: Path) -> dict[str, str]:
    lol = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    return {
        "a file": f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>',
        "a parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p; <!ENTITY e "x">]>',
        "a DTD from outside": f'<!DOCTYPE x SYSTEM "{secret.as_uri()}">',
        "a DTD from the net": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        "a thousand million": f'<!DOCTYPE x [<!ENTITY e0 "lol">{lol}<!ENTITY e "&e9;">]>',
        "one of ten megabytes": f'<!DOCTYPE x [<!ENTITY big "{"A" * 100_000}"><!ENTITY e "{"&big;" * 100}">]>',
    }


@pytest.mark.parametrize("attack", _entities(Path("/x")))
@pytest.mark.parametrize(
    "name", ["a.docx", *(pytest.param(name, marks=pytest.mark.slow) for name in ("a.xlsx", "a.pptx"))]
)
def test_entities_in_office_files_bring_nothing_in(tmp_path: Path, name: str, attack: str) -> None:
    """In every part of the package, declared and used."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, "utf-8")
    whole = {
        "a.docx": word_file(p(RULE)),
        "a.xlsx": sheet(("过失", "扣款"), ("忘记锁门", 1)),
        "a.pptx": deck(),
    }[name]
    declared = _entities(secret)[attack]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {one: archive.read(one).decode("utf-8", "replace") for one in archive.namelist()}
    for part in parts:
        if part.endswith((".xml", ".rels")):
            body = parts[part].partition("?>")[2] if parts[part].startswith("<?xml") else parts[part]
            changed = {**parts, part: declared + body.replace("忘记", "&e;").replace("借阅", "&e;")}
            path = tmp_path / name
            path.write_bytes(zipped(dict(changed)))
            found = texts(path)
            assert SECRET not in found
            assert "lollol" not in found
            assert len(found) < 100_000


def test_relations_that_point_outside_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, "utf-8")
    whole = word_file(p(RULE), styles="<w:style/>")
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts: dict[str, str | bytes] = {one: archive.read(one) for one in archive.namelist()}
    for target in (secret.as_uri(), f"../../../..{secret}", "http://127.0.0.1:9/x"):
        rels = str(parts["word/_rels/document.xml.rels"], "utf-8").replace("styles.xml", target)
        path = tmp_path / "a.docx"
        path.write_bytes(zipped({**parts, "word/_rels/document.xml.rels": rels}))
        assert SECRET not in texts(path)


def test_an_html_manual_is_text(tmp_path: Path) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text(SECRET, "utf-8")
    page = (
        f"<!DOCTYPE html><html><head><base href='{tmp_path.as_uri()}/'><script>alert(1)</script><style>@import '{secret}'</style></head>"
        f"<body><iframe src='{secret.as_uri()}'></iframe><object data='{secret}'></object><h1>守则</h1><p onclick='alert(2)'>"
        f"每张卡最多借七本书，借期二十一天。</p><img src=x onerror=alert(3)><p>&lt;script&gt;alert(4)&lt;/script&gt;逾期每天收三角钱。</p></body></html>"
    )
    path = tmp_path / "页.html"
    path.write_text(page, "utf-8")
    found = texts(path)
    assert "七本" in found
    assert SECRET not in found
    assert not [one for one in ("alert(1)", "alert(2)", "alert(3)") if one in found]


# -- what is said about manuals, people and questions ----------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_front_matter_sidecars_and_names_of_files(tmp_path: Path, kind: str) -> None:
    from ingest.metadata import recognised
    from ingest.sidecars import OF_FOLDER, stated_beside

    for n, attack in enumerate(KINDS[kind]):
        inside = "".join(c if c >= " " else " " for c in attack)  # with others it is no text, and told so
        path = tmp_path / f"{n}.md"
        path.write_text(f"---\ntitle: {inside}\nowner: {inside}\naudience: {inside}\n---\n{RULE}", "utf-8")
        assert "七本" in texts(path)
        quoted = inside.replace("\\", "\\\\").replace('"', '\\"')
        (tmp_path / OF_FOLDER).write_text(
            f'title = "{quoted}"\nproduct = "{quoted}"\n'.replace("\t", " "), "utf-8"
        )
        with contextlib.suppress(IngestError):  # a sentence of its own
            recognised(stated_beside(path))
        (tmp_path / OF_FOLDER).unlink()
        named = tmp_path / f"{attack.replace('/', '_').replace(chr(0), '')[:60]}.txt"
        named.write_text(RULE, "utf-8")
        assert "七本" in texts(named)


def test_a_title_cannot_write_a_line_of_its_own_into_an_exported_manual() -> None:
    from types import SimpleNamespace

    data = SimpleNamespace(
        product="水\nowner: U_EVIL", audience=(), owner="", effective_at=None, expires_at=None
    )
    edition = SimpleNamespace(title="守则\naudience: role:admin", organisation="甲\n---", metadata=data)
    front = as_markdown(edition, [])  # type: ignore[arg-type]
    head = front.split("\n---\n")[0].splitlines()
    assert [line.partition(":")[0] for line in head] == ["---", "title", "organisation", "product"]


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_people(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "people.toml"
    for attack in KINDS[kind]:
        quoted = "".join(c for c in attack[:100] if c >= " ").replace("\\", "\\\\").replace('"', '\\"')
        path.write_text(f'[[people]]\nid = "U1"\nname = "{quoted}"\nrole = "agent"\n', "utf-8")
        shown = "".join(c for c in attack[:100] if c >= " ").strip()
        assert People.load(path).get("U1").name.strip() == (shown or "U1")


def test_a_report_of_hostile_questions_is_text(tmp_path: Path) -> None:
    import json

    path = tmp_path / "题.jsonl"
    said = [attack for kind in (HTML, SLACK, SQL) for attack in kind]
    path.write_text(
        "".join(json.dumps({"question": one, "id": one}, ensure_ascii=False) + "\n" for one in said), "utf-8"
    )
    cases = read_cases(path)
    made = run(everything(), cases, lambda case: Answer(Outcome.ANSWERED, case.question), AT, 3)
    page = html(made, None, words("zh"), ZoneInfo("Asia/Shanghai"))
    assert "<script" not in page
    assert "<img" not in page
    assert "49" not in page.partition("{{7*7}}")[0][-10:]


# -- the command line ------------------------------------------------------------------------------------------------
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("ask", "{}", "--json"), ("search", "{}", "--json"), ("manuals", "show", "{}"), ("tickets", "show", "{}"), ("audit", "show", "{}"),
)  # fmt: skip
MORE_COMMANDS: tuple[tuple[str, ...], ...] = (
    ("ask", "x", "--organisation", "{}", "--json"), ("ask", "x", "--as-of", "{}"), ("ask", "x", "--history", "{}"), ("ingest", "{}"),
    ("manuals", "history", "{}"), ("manuals", "export", "{}"), ("manuals", "withdraw", "{}"), ("tickets", "list", "--owner", "{}"),
    ("tickets", "log", "{}", "--actor", "U1"), ("escalations", "show", "{}"), ("escalations", "file", "{}", "--actor", "{}"),
    ("procedures", "show", "{}"), ("procedures", "new", "{}"), ("people", "set", "{}", "--role", "agent"), ("people", "remove", "{}"),
    ("gaps", "show", "{}"), ("confirmed", "show", "{}"), ("notices", "add", "{}", "{}", "{}"), ("golden", "add", "{}"), ("usage", "--by", "{}"),
    ("privacy", "erase", "{}"), ("audit", "export", "{}"), ("eval", "{}"), ("restore", "{}"), ("report", "weekly", "--week", "{}"), ("draft", "{}"),
    ("manifest", "--http", "{}"), ("search", "--batch", "{}", "--out", "{}"), ("people", "ladder", "{}"), ("bench", "--out", "{}/x", "--clauses", "0"),
)  # fmt: skip


def told(arguments: tuple[str, ...], attack: str, home: Path) -> None:
    """One command line: it does it, or says in a sentence why not; nothing appears where a path in it would lead."""
    clean = attack.replace("\x00", "")
    done = run_forked(
        tuple(one.format(clean) if "{}" in one else one for one in arguments), {"KEFU_HOME": str(home)}
    )
    shown = f"{arguments} {attack!r}: {done.returncode} {done.stderr[-500:]}"
    assert done.returncode in (0, 1, 2), shown
    assert "Traceback" not in done.stderr + done.stdout, shown
    assert "Something unexpected" not in done.stderr, shown
    assert not ESCAPED.exists(), shown


@pytest.mark.parametrize(
    "arguments",
    [pytest.param(one, marks=() if n % 5 == 0 else pytest.mark.slow) for n, one in enumerate(COMMANDS)],
    ids=" ".join,
)
def test_arguments(arguments: tuple[str, ...], tmp_path: Path) -> None:
    told(arguments, "'; DROP TABLE tickets; -- <script> =1+1 \x1b[31m", tmp_path)


@pytest.mark.endurance
@pytest.mark.parametrize("arguments", MORE_COMMANDS, ids=" ".join)
def test_one_of_each_kind_in_every_argument(arguments: tuple[str, ...], tmp_path: Path) -> None:
    told(arguments, TRIED["one of each"][0], tmp_path)
    told(arguments, "9" * 30, tmp_path)
