"""The steps of an answer: what was read, and links to where it can be opened."""

from __future__ import annotations

import pytest
from block_samples import HOSTILE, citation

from bot.blocks import steps
from bot.blocks.wording import words
from bot.settings import Settings

ADDRESS = "https://wiki.example.test/open?file={source}&at={label}&page={page}"


def test_sources_are_links_where_manuals_can_be_opened() -> None:
    cited = [
        citation(source="借阅 守则.pdf", page=3),
        citation(source="借阅 守则.pdf", page=3),
        citation(clause_id=9),
    ]
    _, read, check = steps.done(cited, words("zh"), ADDRESS)
    assert [one["url"] for one in (source.to_dict() for source in read.sources)] == [
        "https://wiki.example.test/open?file=%E5%80%9F%E9%98%85%20%E5%AE%88%E5%88%99.pdf&at=%E4%BA%8C%E3%80%81%E7%AC%AC1%E6%9D%A1&page=3",
        "https://wiki.example.test/open?file=a.md&at=%E4%BA%8C%E3%80%81%E7%AC%AC1%E6%9D%A1&page=",
    ]
    assert "3" in str(check.output)


def test_without_an_address_they_are_named() -> None:
    _, read, check = steps.done([citation()], words("en"))
    assert read.sources is None
    assert "借阅室守则" in str(read.output)
    assert steps.done([], words("en"))[2].output == "No clause to quote"
    assert check.status == "complete"


def test_a_title_cannot_leave_its_place_in_the_address() -> None:
    link = steps.link(citation(manual=HOSTILE, source="../../?x=1&y=#"), "https://w.test/{title}/{source}")
    assert link.startswith("https://w.test/%3C%21channel%3E")
    assert len(link) <= 3000


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "wiki/{title}", "https://a b"])
def test_an_address_must_be_one(bad: str) -> None:
    with pytest.raises(ValueError, match="source_url"):
        Settings(source_url=bad)
