"""Categories of escalations that an organisation renames or adds in its own procedure file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.assistant.draft_categories import Category, of_catalogue, personal
from bot.assistant.drafting import Drafter
from knowledge.embedding import load_embedder
from tickets import procedure_files

BUILT_IN = Path(procedure_files.__file__).parent / "procedures" / "escalation.toml"
OWN = """    { value = "cold_chain", label = { zh = "冷链异常", en = "Cold chain fault" }, names = ["化冻", "断冷"] },
    { value = "pets", label = { zh = "宠物相关", en = "Pets" }, names = ["遛狗", "猫咪", "宠物"] },
"""


@pytest.fixture
def own(tmp_path: Path) -> tuple[Category, ...]:
    """The categories of a file that renames one of ours and adds two."""
    text = BUILT_IN.read_text(encoding="utf-8")
    text = text.replace("设备报修", "设施报障").replace(
        '    { value = "other"', f'{OWN}    {{ value = "other"'
    )
    (tmp_path / "escalation.toml").write_text(text, encoding="utf-8")
    catalogue = procedure_files.load(tmp_path)
    assert not catalogue.problems
    return of_catalogue(catalogue)


def category(own: Sequence[Category], text: str, *, nearness: bool = False) -> str:
    def near(one: str, others: Sequence[str]) -> list[float]:
        return [float(value) for value in load_embedder().nearnesses([one], others)[0]]

    return (
        Drafter(lambda _: [], categories=lambda: own, nearness=near if nearness else None)
        .draft(text)
        .category
    )


def test_own_hint_words_choose_an_own_category(own: tuple[Category, ...]) -> None:
    assert category(own, "客户收到的虾都化冻了,要求全额退款,我没有权限") == "冷链异常"
    assert category(own, "客户要求退20块钱运费,我没有权限") == "超出本职范围的客户要求"


def test_a_renamed_category_is_shown_by_its_new_name(own: tuple[Category, ...]) -> None:
    text = "我的耳麦坏了两天,请领导批一个新的"
    assert category(own, text) == "设施报障"
    assert Drafter(lambda _: [], categories=lambda: own).draft(text).report.count("设施报障") == 1


def test_danger_stays_danger_whatever_the_hints_say(own: tuple[Category, ...]) -> None:
    assert category(own, "冷库断冷,电线着火了,有人受伤") == "危及人身或设备安全"


def test_likeness_finds_an_own_category_that_no_word_names(own: tuple[Category, ...]) -> None:
    text = "客户养的小狗在店里咬坏了沙发,客户要求我们赔他的小狗看病钱"
    assert category(own, text) != "宠物相关"
    assert category(own, text, nearness=True) == "宠物相关"


def test_without_a_file_of_its_own_the_names_are_ours() -> None:
    built_in = of_catalogue(procedure_files.load())
    text = "客户要求退20块钱运费,我没有权限"
    assert category(built_in, text) == Drafter(lambda _: []).draft(text).category


def test_what_is_about_a_colleague_stays_so_under_another_name() -> None:
    renamed = [Category("misconduct", "廉洁问题", "Integrity")]
    assert personal("廉洁问题", renamed)
    assert personal("违反纪律", renamed)
    assert not personal("客户投诉", renamed)
