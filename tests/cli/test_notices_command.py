"""`kefu notices`: announced, listed, taken back; a wrong date gets one sentence."""

import json


def test_a_notice_is_announced_listed_and_taken_back(kefu) -> None:
    assert kefu("notices", "add", "春节", "--from", "2026-02-15", "--until", "2026年2月24日").returncode == 0
    (listed,) = json.loads(kefu("notices", "list", "--json").stdout)["notices"]
    assert (listed["wording"], listed["from"], listed["until"]) == ("春节", "2026-02-15", "2026-02-24")
    assert "春节" in kefu("notices", "list").stdout
    assert kefu("notices", "remove", str(listed["id"])).returncode == 0
    assert "None yet" in kefu("notices", "list").stdout


def test_wrong_input_gets_one_sentence(kefu) -> None:
    wrong = kefu("notices", "add", "春节", "--from", "someday", "--until", "2026-02-24")
    assert wrong.returncode == 2
    assert "not a date" in wrong.stderr
    turned = kefu("notices", "add", "春节", "--from", "2026-02-24", "--until", "2026-02-15")
    assert turned.returncode == 1
    assert "before it begins" in turned.stderr
    assert "Traceback" not in turned.stderr
    assert kefu("notices", "remove", "9").returncode == 1
