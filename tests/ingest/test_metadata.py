"""What is said about a manual beside its text: where it is said, what it means, what is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from ingest.errors import IngestError
from ingest.metadata import described
from ingest.pipeline import Intake
from knowledge.clauses import ManualDraft
from knowledge.embedding import load_embedder
from knowledge.library import Library
from knowledge.migrations import upgrade
from knowledge.vectors import Vectors

BODY = "一、值班\n1、值班员须在整点巡查一次。\n2、巡查结果记入巡查簿。\n"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    home = tmp_path_factory.mktemp("metadata")
    engine = create_engine(f"sqlite:///{home / 'kefu.db'}")
    upgrade(engine)
    opened = Library(engine, lambda m: Vectors(home, m), load_embedder, home / "index", lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture
def intake(library: Library) -> Iterator[Intake]:
    yield Intake(library)
    library.discard([e.edition_id for e in (*library.staged(), *library.scheduled())])


def staged(intake: Intake, library: Library, path: Path, **metadata):
    intake.stage([path], "admin", metadata=metadata)
    return library.staged()[-1]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_front_matter_of_markdown_and_of_plain_text(intake: Intake, library: Library, tmp_path: Path) -> None:
    block = (
        "---\n标题：巡查办法\n单位: 云杉家电\n受众:\n  - role:agent\n  - channel:C123\n产品: 空调\n"
        "生效日期: 2026年12月1日\n有效期至: 2026-12-31\n负责人: U77\n---\n"
    )
    for name, body in (("a.md", f"# 巡查\n\n{BODY}"), ("b.txt", BODY)):
        edition = staged(intake, library, write(tmp_path, name, block + body))
        assert (edition.title, edition.organisation) == ("巡查办法", "云杉家电")
        said = edition.metadata
        assert (said.audience, said.product, said.owner) == (("channel:C123", "role:agent"), "空调", "U77")
        assert said.effective_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
        assert said.expires_at == datetime(2026, 12, 31, 16, tzinfo=UTC)
        clauses = library.edition_clauses(edition.edition_id)
        assert not any("受众" in c.text for c in clauses)
        assert any(c.label.endswith("第2条") or "巡查簿" in c.text for c in clauses)


@pytest.mark.parametrize("name", ["编制单位", "发布单位", "所属单位"])
def test_who_made_a_manual_is_whose_it_is(
    intake: Intake, library: Library, tmp_path: Path, name: str
) -> None:
    path = write(tmp_path, "巡查.txt", f"---\n{name}: 南湖物业 夜巡组\n---\n{BODY}")
    assert staged(intake, library, path).organisation == "南湖物业 夜巡组"


def test_options_go_before_sidecars_and_sidecars_before_front_matter(
    intake: Intake, library: Library, tmp_path: Path
) -> None:
    path = write(tmp_path, "巡查.txt", f"---\nowner: U1\nproduct: 一\n组织: 甲\n---\n{BODY}")
    write(tmp_path, "manuals.toml", 'owner = "U2"\nproduct = "二"\n["巡查.txt"]\nproduct = "三"\n')
    edition = staged(intake, library, path)
    assert (edition.metadata.owner, edition.metadata.product, edition.organisation) == ("U2", "三", "甲")
    write(tmp_path, "巡查.meta.toml", 'product = "四"\n')
    assert staged(intake, library, path).metadata.product == "四"
    write(tmp_path, "巡查.txt.meta.toml", 'product = "五"\neffective = 2026-12-01T08:30:00\n')
    edition = staged(intake, library, path)
    assert edition.metadata.product == "五"
    assert edition.metadata.effective_at == datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    edition = staged(intake, library, path, 产品="六", title="值班巡查办法")
    assert (edition.metadata.product, edition.metadata.owner) == ("六", "U2")
    assert edition.title == "值班巡查办法"


def test_a_sidecar_is_no_manual_and_one_without_its_manual_is_reported(
    intake: Intake, library: Library, tmp_path: Path
) -> None:
    path = write(tmp_path, "巡查.txt", BODY)
    sidecar = write(tmp_path, "巡查.meta.toml", 'owner = "U2"\n')
    write(tmp_path, "巡察.meta.toml", 'audience = "role:supervisor"\n')
    write(tmp_path, "manuals.toml", '["巡逻.txt"]\nowner = "U3"\n')
    assert [c.title for c in intake.stage([path, sidecar], "admin").changes] == ["巡查"]
    result = intake.stage([tmp_path], "admin")
    assert [c.title for c in result.changes] == ["巡查"]
    assert {r.source for r in result.refused} == {"巡察.meta.toml", "manuals.toml"}
    assert "巡逻.txt" in next(r.reason for r in result.refused if r.source == "manuals.toml")


def test_a_bad_sidecar_refuses_its_manual_and_no_other(
    intake: Intake, library: Library, tmp_path: Path
) -> None:
    write(tmp_path, "甲.txt", BODY)
    write(tmp_path, "乙.txt", f"---\nexpires: 下周\n---\n{BODY}补充说明。")
    write(tmp_path, "甲.meta.toml", 'audiense = "role:supervisor"\n')
    write(tmp_path, "丙.txt", "一、接待\n1、来客先登记。\n2、登记后领牌。\n")
    result = intake.stage([tmp_path], "admin")
    assert [c.title for c in result.changes] == ["丙"]
    reasons = {r.source: r.reason for r in result.refused}
    assert "audiense" in reasons["甲.txt"]
    assert "下周" in reasons["乙.txt"]
    assert "2026-12-01" in reasons["乙.txt"]


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"effective": "明天"}, "is not a date"),
        ({"effective": "2026-13-01"}, "is not a date"),
        ({"effective": "2026-02-30"}, "is not a date"),
        ({"effective": "01/02/2026"}, "is not a date"),
        ({"effective": "2026-12-01", "expires": "2026-11-30"}, "before it takes effect"),
        ({"expires": "2026-10-30"}, "expired on 2026-10-30"),
        ({"audience": "agents"}, "role:agent or channel:"),
        ({"audience": "channel:general"}, "role:agent or channel:"),
        ({"audience": "role:Agent"}, "role:agent or channel:"),
        ({"owner": 7}, "must be a text"),
        ({"product": "长" * 501}, "longer than 500"),
    ],
)
def test_bad_values_are_one_sentence(said, says: str) -> None:
    with pytest.raises(IngestError, match=says) as caught:
        described(ManualDraft("标题", "", (), "a.txt"), said, "a.txt", UTC, NOW)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01", "2026-12-01T00:00+08:00"),
        ("2026/12/1", "2026-12-01T00:00+08:00"),
        ("2026年12月1日", "2026-12-01T00:00+08:00"),
        ("2026年12月1日 8点", "2026-12-01T08:00+08:00"),
        ("2026年12月1日8时30分", "2026-12-01T08:30+08:00"),
        ("2026-12-01 08:30", "2026-12-01T08:30+08:00"),
        ("2026-12-01T08:30:15Z", "2026-12-01T08:30:15+00:00"),
        ("2026-12-01 08：30", "2026-12-01T08:30+08:00"),
    ],
)
def test_dates_are_read_in_the_zone_of_the_site(text: str, moment: str) -> None:
    zone = Intake.__init__.__kwdefaults__["zone"]
    draft = described(ManualDraft("标题", "", (), "a.txt"), {"effective": text}, "a.txt", zone, NOW)
    assert draft.metadata.effective_at == datetime.fromisoformat(moment)


def test_an_unknown_option_is_refused_before_anything_is_read(intake: Intake, tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="“ownner”"):
        intake.stage([write(tmp_path, "a.txt", BODY)], "admin", metadata={"ownner": "U1"})


def test_one_title_is_not_given_to_many_manuals(intake: Intake, tmp_path: Path) -> None:
    two = "# 巡查制度\n\n一、整点巡查。\n\n# 接待制度\n\n一、来客登记。\n"
    with pytest.raises(IngestError, match="holds 2 manuals"):
        intake.stage([write(tmp_path, "a.md", two)], "admin", metadata={"title": "一个标题"})


def test_what_is_not_said_again_stays_as_it_was(intake: Intake, library: Library, tmp_path: Path) -> None:
    """A restricted manual does not become everybody's because its next edition comes without its sidecar."""
    path = write(tmp_path, "钥匙.txt", "一、钥匙\n1、钥匙由班长保管。\n2、领用须登记。\n")
    first = intake.stage([path], "admin", metadata={"audience": "role:leader", "owner": "U1"})
    library.publish(first.edition_ids, "admin")
    assert intake.stage([path], "admin").changes[0].is_empty
    path.write_text(path.read_text(encoding="utf-8") + "3、下班前归还。\n", encoding="utf-8")
    (change,) = intake.stage([path], "admin").changes
    assert change.changed_metadata == ()
    assert library.staged()[-1].metadata.audience == ("role:leader",)
    (opened,) = intake.stage([path], "admin", metadata={"audience": ""}).changes
    assert opened.changed_metadata == ("audience",)
    assert library.staged()[-1].metadata.audience == ()
    assert library.staged()[-1].metadata.owner == "U1"


def test_a_role_that_there_is_not_would_hide_the_manual_from_everybody(
    library: Library, tmp_path: Path
) -> None:
    file = write(tmp_path, "c.txt", BODY)
    with pytest.raises(IngestError, match=r"no role “supervisior”.*agent, supervisor"):
        Intake(library, roles=["agent", "supervisor"]).stage(
            [file], "admin", metadata={"audience": "role:supervisior"}
        )


def test_an_expiry_that_nobody_states_again_stays(intake: Intake, library: Library, tmp_path: Path) -> None:
    file = write(tmp_path, "d.txt", BODY)
    first = staged(intake, library, file, expires="2099-12-31")
    library.publish([first.edition_id], "admin")
    file.write_text(BODY + "\n第九条 巡查记录保存一年。\n", encoding="utf-8")
    again = staged(intake, library, file)
    assert again.number == first.number + 1
    assert again.metadata.expires_at == first.metadata.expires_at
    freed = staged(intake, library, file, expires="")
    assert freed.metadata.expires_at is None
    library.withdraw(first.manual_id, "admin")


@pytest.mark.parametrize(
    ("first", "said", "then", "whose"),
    [
        ("", "云杉家电", "客服不得与买家争吵。\n\n四、拍下后提醒发货。\n", "云杉家电"),
        ("客服不得与买家争吵。", "", "客户问宝贝尺寸时先看店铺说明,业主和客户同样接待。\n", None),
        ("", "云杉家电", "客服制度由云杉家电有限公司客服部解释。\n", "云杉家电"),
        ("", "云杉家电", "客服制度由白桦电器有限公司客服部解释。\n", "白桦电器有限公司(网店)"),
    ],
    ids=["stated before", "guessed before", "the same by a longer name", "somebody else"],
)
def test_whose_rules_they_are_stays_when_nobody_says_otherwise(
    intake: Intake, library: Library, tmp_path: Path, first: str, said: str, then: str, whose: str | None
) -> None:
    """People's choices and settlements go by the name; a guess from a changed text must not rename it."""
    title = f"店铺客服办法之{len(first)}{len(said)}{len(then)}"
    body = f"{title}\n\n一、客服每天九点到岗。\n\n二、客服离开前告诉店长。\n\n三、客户的电话当天回。{{}}\n"
    file = write(tmp_path, "whose.txt", body.format(first))
    one = staged(intake, library, file, **({"organisation": said} if said else {}))
    library.publish([one.edition_id], "admin")
    file = write(tmp_path, "whose.txt", body.format(then))
    change = intake.stage([file], "admin").changes[0]
    assert (change.manual_id, change.organisation) == (one.manual_id, whose or one.organisation)
    assert ("organisation" in change.changed_metadata) is (change.organisation != one.organisation)
    library.publish([change.edition_id], "admin")
    assert any(hit.clause.manual == title for hit in library.search("客服离开前告诉谁?"))
