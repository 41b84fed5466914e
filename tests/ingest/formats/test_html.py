"""Web pages: the manual without the site around it."""

from __future__ import annotations

import pytest

from ingest.blocks import Block, BlockKind
from ingest.documents import printed
from ingest.errors import IngestError
from ingest.readers import read_bytes
from ingest.structure import split_manuals


def lines(markup: str | bytes) -> list[str]:
    data = markup if isinstance(markup, bytes) else markup.encode()
    return [printed(b.marker, b.text) for b in read_bytes(data, "页.html").blocks]


PAGE = """<!DOCTYPE html><html><head><title>喂鸟须知 - 鸟友之家</title><style>p{}</style></head><body>
<header><a href="/">鸟友之家</a></header><nav><ul><li>首页</li><li>论坛</li></ul></nav>
<div class="page-breadcrumb">首页 &gt; 须知</div>
<div id="content"><h1>喂鸟须知</h1><p>本须知<b>每年</b>修订
一次。</p><h2>一、喂食</h2><ol start="3"><li>每天早上七点喂一次谷子<li><p>水换成凉开水</p><p>两次以上更好</p></li></ol>
<ul><li>谷子<ul><li>小米</li></ul></li></ul>
<pre>您好,
  鸟舍。</pre><p hidden>暗</p><p style="display: none">暗</p><p>时限<del>十</del>五天<!-- 注释 --></p></div>
<div class="related-posts"><a>更多文章</a></div><script>var p = "脚本";</script><footer>备案号</footer></body></html>"""


def test_headings_lists_and_text_without_the_site() -> None:
    assert lines(PAGE) == [
        "喂鸟须知", "本须知每年修订 一次。", "一、喂食", "3. 每天早上七点喂一次谷子", "4. 水换成凉开水\n两次以上更好",
        "• 谷子", "• 小米", "您好,\n  鸟舍。", "时限五天",
    ]  # fmt: skip
    kinds = [b.kind for b in read_bytes(PAGE.encode(), "页.html").blocks]
    assert kinds[-2] is BlockKind.VERBATIM
    (draft,) = split_manuals(read_bytes(PAGE.encode(), "页.html"))
    assert draft.title == "喂鸟须知"
    assert {c.heading_path[0] for c in draft.clauses[1:]} == {"一、喂食"}


def test_tables_with_spans_and_captions() -> None:
    markup = (
        "<html><table><caption>用量</caption><tr><th rowspan=2>品种<th colspan=2>每天<tr><th>谷子<th>水"
        "<tr><td>文鸟<td>一勺<br>小勺<td>半杯<tr><td rowspan=2>鹦鹉<td>两勺<td>一杯<tr><td>三勺<td>两杯</table>"
    )
    blocks = read_bytes(markup.encode(), "a.html").blocks
    assert blocks[0] == Block(BlockKind.PARAGRAPH, "用量")
    assert blocks[1].rows == (
        ("品种", "每天/谷子", "每天/水"),
        ("文鸟", "一勺\n小勺", "半杯"),
        ("鹦鹉", "两勺", "一杯"),
        ("鹦鹉", "三勺", "两杯"),
    )


def test_tables_that_lay_out_a_page_are_no_tables() -> None:
    markup = "<html><table><tr><td><p>第一段。</p><table><tr><td>品种</td><td>食量</td></tr><tr><td>文鸟</td><td>3勺</td></tr></table></td><td>右栏</td></tr></table></html>"
    found = read_bytes(markup.encode(), "a.html").blocks
    assert [b.kind for b in found] == [BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PARAGRAPH]


def test_questions_and_answers_in_a_definition_list() -> None:
    assert lines("<html><dl><dt>鸟飞走了?<dd>先关窗。<dt>谷子没了?<dd>去领。</dl><p>完。") == [
        "• 鸟飞走了?\n先关窗。", "• 谷子没了?\n去领。", "完。",
    ]  # fmt: skip


CHINESE = "<html><head>{}</head><body><h1>喂鸟须知</h1><p>每天早上七点喂一次谷子,并把水换成凉开水。</p></body></html>"


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ('<meta charset="gb2312">', "gbk"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gbk"),
        ('<meta charset="utf-8">', "gb18030"),
        ('<meta charset="gbk">', "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "gb18030"),
        ('<meta charset="x-unknown">', "gb18030"),
    ],
)
def test_encodings(meta: str, encoding: str) -> None:
    assert "每天早上七点" in lines(CHINESE.format(meta).encode(encoding))[1]


def test_traditional_big5() -> None:
    markup = '<html><meta charset="big5"><p>每天早上七點餵一次穀子,並把水換成涼開水。</p></html>'
    assert lines(markup.encode("big5")) == ["每天早上七點餵一次穀子,並把水換成涼開水。"]


def test_a_page_of_navigation_only_holds_no_text() -> None:
    with pytest.raises(IngestError, match="holds no text"):
        lines("<html><nav>首页</nav></html>")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("unit", ["<div>", "<table><tr><td>", "<ul><li>", "<b>", "<"])
def test_deep_nesting_is_borne_or_refused(unit: str) -> None:
    markup = "<html><body><p>头</p>" + unit * 100_000 + "尾"
    if unit == "<":
        assert lines(markup)[0] == "头"
    else:
        with pytest.raises(IngestError, match="nested too deeply"):
            lines(markup)
