"""The commands that others rely on: outputs, exit status, one clear sentence for bad input."""

import json
import sqlite3
from pathlib import Path

import pytest

from knowledge.vectors import Vectors


def test_ask_prints_the_clause_with_its_source(stocked) -> None:
    done = stocked("ask", "一个月能换几次班?")
    assert done.returncode == 0
    assert "每月换班不得多于三次" in done.stdout
    assert "《考勤办法》一、第2条" in done.stdout


@pytest.mark.slow
def test_started_anew_as_at_a_terminal(kefu_started, stocked_home: Path) -> None:
    """The tests of this folder run in forks that have imported everything; these have not."""
    shown = kefu_started(stocked_home, "--help")
    assert shown.returncode == 0
    assert "ingest" in shown.stdout
    asked = kefu_started(stocked_home, "ask", "一个月能换几次班?")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "每月换班不得多于三次" in asked.stdout
    wrong = kefu_started(stocked_home, "up")
    assert wrong.returncode == 1
    assert wrong.stderr.count("\n") == 1


def test_ask_json_is_one_object_like_a_line_of_a_batch(stocked, tmp_path: Path) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text(
        '{"id": "a", "question": "迟到一次扣多少钱?", "gold": "ignored"}\n'
        '{"id": "b", "question": "那第三次呢?", "history": [{"role": "user", "text": "迟到一次扣多少钱?"}]}\n',
        encoding="utf-8",
    )
    assert stocked("ask", "--batch", str(questions), "--out", str(answers)).returncode == 0
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    single = json.loads(stocked("ask", "--json", "迟到一次扣多少钱?").stdout)
    assert [row["id"] for row in rows] == ["a", "b"]
    assert set(single) == set(rows[0])
    assert single["outcome"] == rows[0]["outcome"] == "answered"
    assert "二十元" in single["text"]
    assert "五十元" in rows[1]["text"]
    (citation, *_) = single["citations"]
    assert citation["quote"] in "迟到一次扣二十元,当月第三次起每次扣五十元。"
    assert citation["manual"] == "考勤办法"


def test_what_no_manual_says_is_said_to_be_so(stocked) -> None:
    answer = json.loads(stocked("ask", "--json", "打印机坏了找谁修?").stdout)
    assert answer["outcome"] == "not_found"
    assert answer["citations"] == []


def test_without_any_manual_the_answer_says_what_to_do(kefu) -> None:
    done = kefu("ask", "早班几点上班?")
    assert done.returncode == 0
    assert "kefu ingest" in done.stdout


def test_history_file(stocked, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    history.write_text('[{"role": "user", "text": "早班几点开始?"}]', encoding="utf-8")
    assert "十六点" in stocked("ask", "--history", str(history), "晚班呢").stdout


def test_search_shows_hits_best_first_with_their_file(stocked, tmp_path: Path) -> None:
    row = json.loads(stocked("search", "--json", "-k", "2", "旷工怎么罚").stdout)
    assert len(row["hits"]) == 2
    assert "旷工一天扣三天工资" in row["hits"][0]["text"]  # short neighbours stand in it too
    assert row["hits"][0]["text"] != row["hits"][1]["text"]
    assert row["hits"][0]["source"] == "rules.txt"
    assert row["hits"][0]["score"] >= row["hits"][1]["score"]


def test_manuals_list(stocked) -> None:
    (manual,) = json.loads(stocked("manuals", "list", "--json").stdout)
    assert (manual["title"], manual["edition"], manual["truncated"], manual["source"]) == (
        "考勤办法",
        1,
        False,
        "rules.txt",
    )
    assert manual["clauses"] == 4


def test_draft_masks_what_is_private(stocked) -> None:
    draft = json.loads(
        stocked("draft", "--json", "客户电话13712345678要求退三个月的费用,我答不了,请领导处理").stdout
    )
    assert "13712345678" not in json.dumps(draft)
    assert draft["route"] == "ladder"
    assert draft["next_approver"] == "班长"


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["ask", ""], 2, "请用文字"),
        (["ask", "问" * 10_000], 2, "太长"),
        (["ask", "😀😀"], 2, "请用文字"),
        (["ask"], 2, "either a question"),
        (["ask", "--batch", "missing.jsonl", "--out", "x"], 2, "missing.jsonl"),
        (["ask", "--batch", "missing.jsonl"], 2, "--out"),
        (["ask", "--history", "missing.json", "早班"], 2, "missing.json"),
        (["ingest", "/no/such/path"], 1, "/no/such/path"),
        (["search", "-k", "0", "早班"], 2, "-k"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_bad_input_is_one_sentence_and_the_right_status(stocked, arguments, status: int, says: str) -> None:
    done = stocked(*arguments)
    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_binary_file_is_refused_beside_good_ones_that_are_taken(kefu, tmp_path: Path) -> None:
    folder = tmp_path / "manuals"
    folder.mkdir()
    (folder / "good.txt").write_text(
        "值班办法\n\n一、夜班须有两人在岗。\n二、交班时清点钥匙。\n", encoding="utf-8"
    )
    (folder / "photo.txt").write_bytes(bytes(range(256)) * 40)
    done = kefu("ingest", str(folder), "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert [m["title"] for m in summary["manuals"]] == ["值班办法"]
    assert [r["source"] for r in summary["refused"]] == ["photo.txt"]
    alone = kefu("ingest", str(folder / "photo.txt"))
    assert alone.returncode == 1
    assert len(alone.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_data_folder_in_use_is_one_sentence(kefu, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("值班办法\n\n一、夜班须有两人在岗。\n", encoding="utf-8")
    vectors = Vectors(tmp_path / "home", "anything")
    vectors.keys()
    done = kefu("ingest", str(tmp_path / "a.txt"), KEFU_HANDOVER_SECONDS="1")
    vectors.close()
    assert done.returncode == 1
    assert "in use by another Kefu Desk process" in done.stderr
    assert kefu("ingest", str(tmp_path / "a.txt")).returncode == 0


@pytest.mark.parametrize("damage", ["garbage", "newer", "half"])
def test_a_database_of_another_version_is_one_sentence_and_stays_as_it_was(
    kefu, tmp_path: Path, damage: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database = home / "kefu.db"
    if damage == "garbage":
        database.write_bytes(b"this is not a database" * 100)
    else:
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE knowledge_version (version_num VARCHAR(32))")
            if damage == "newer":
                connection.execute("INSERT INTO knowledge_version VALUES ('9999')")
            else:
                connection.execute("CREATE TABLE manual (id INTEGER)")
                connection.execute("INSERT INTO manual VALUES (7)")
        connection.close()
    done = kefu("ask", "早班几点")
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "backup" in done.stderr
    if damage == "half":
        with sqlite3.connect(database) as connection:
            assert connection.execute("SELECT id FROM manual").fetchall() == [(7,)]


def test_up_without_or_with_wrong_tokens_is_one_sentence(kefu) -> None:
    for tokens in ({}, {"SLACK_BOT_TOKEN": "nonsense", "SLACK_APP_TOKEN": "nonsense"}):
        done = kefu("up", **tokens)
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert "SLACK_" in done.stderr


@pytest.mark.slow
def test_ask_as_of_a_day_and_as_of_no_day(kefu, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一、会议室\n1、会议室每次最多借用两小时。\n2、借用须登记。\n", encoding="utf-8")
    assert kefu("ingest", str(path)).returncode == 0
    now = kefu("ask", "会议室每次最多借用多久?", "--as-of", "2999-01-01")
    assert "预定到2999年1月1日" in now.stdout
    before = json.loads(kefu("ask", "会议室每次最多借用多久?", "--as-of", "2001-02-03", "--json").stdout)
    assert before["outcome"] == "not_found"
    assert "截至2001年2月3日" in before["text"]
    wrong = kefu("ask", "会议室每次最多借用多久?", "--as-of", "someday")
    assert wrong.returncode == 2
    assert "not a date" in wrong.stderr


def test_the_first_score_compares_across_questions(stocked) -> None:
    held = json.loads(stocked("search", "--json", "-k", "3", "旷工怎么罚").stdout)["hits"]
    absent = json.loads(stocked("search", "--json", "-k", "3", "打印机坏了找谁修?").stdout)["hits"]
    assert [hit["score"] for hit in held] == sorted((hit["score"] for hit in held), reverse=True)
    assert 0 < absent[0]["score"] < held[0]["score"] < 1
    assert {"mixed", "meaning", "words"} <= set(held[0])


def test_ask_takes_what_is_known_of_the_asker(stocked) -> None:
    done = stocked("ask", "--json", "--organisation", "某单位", "--staff-number", "0042", "旷工怎么罚")
    answer = json.loads(done.stdout)
    assert answer["outcome"] == "answered"
    assert answer["options"] == []
