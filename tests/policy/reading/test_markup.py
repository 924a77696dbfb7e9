"""HTML to lines of text."""

from __future__ import annotations

import pytest

from jiedui.policy.reading.markup import plain


def lines(page: str) -> list[str]:
    """The lines of a page that are not blank."""
    return [line for line in plain(page).text.split("\n") if line]


def test_text_passes_unchanged() -> None:
    """What is no HTML stays as it is, also with < and > in it."""
    text = "收入<4000元的户 > 3人\n北京市帮扶内蒙古。"
    assert plain(text).text == text


def test_blocks_are_lines_and_inline_elements_are_not() -> None:
    """Paragraphs and breaks end a line; bold, links and spans do not."""
    assert lines("<p>北京市<b>帮扶</b><a href=x>内蒙古</a></p><div>甲<br>乙</div>") == ["北京市帮扶内蒙古", "甲", "乙"]


@pytest.mark.duty("reading.1")
def test_what_is_not_seen_is_left_out_and_listed() -> None:
    """Scripts, styles and ruby vanish; titles, navigation and hidden text are listed."""
    page = plain(
        "<html><head><title>广告</title><style>p{}</style></head><body><nav>首页</nav>"
        "<p>内<ruby>蒙<rt>méng</rt></ruby>古<script>x</script></p><p style='display: none'>暗</p></body></html>"
    )
    assert page.text.strip() == "内蒙古"
    assert [(d.text, d.reason) for d in page.dropped] == [
        ("广告", "页面标题"),
        ("首页", "导航"),
        ("暗", "页面不显示的文字"),
    ]


def test_spans_of_a_table_are_filled_in() -> None:
    """A cell over two rows or columns stands in each of them."""
    page = "<table><tr><th colspan=2>A<th>B</tr><tr><td rowspan=2>1<td>2<td rowspan=2>3</tr><tr><td>4</tr></table>"
    assert lines(page) == ["A\tA\tB", "1\t2\t3", "1\t4\t3"]


def test_lines_in_a_cell_are_a_list() -> None:
    """Several lines in one cell are joined by 、."""
    page = "<table><tr><td>a<td>b</tr><tr><td>中山市<br>东莞市<td><p>昭通市、</p><p>怒江州</p></tr></table>"
    assert lines(page)[1] == "中山市、东莞市\t昭通市、怒江州"


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    """A table around a table, or with long cells, gives lines."""
    assert "\t" not in plain(f"<table><tr><td>导航<td>{'正文' * 300}</tr></table>").text
    assert lines("<table><tr><td>左<td><table><tr><td>a<td>b</tr></table></tr></table>") == ["左", "a\tb"]


def test_lines_of_links_are_known() -> None:
    """A line that is all links is marked; one with other words is not."""
    page = plain("<div><a>首页</a> <a>政策</a></div><p>见<a>附件</a>。</p>")
    assert page.links == frozenset({0})


@pytest.mark.parametrize(("page", "closed"), [("<p>甲</p>", True), ("<p>甲", False), ("<p>甲</p>乙", False)])
def test_a_page_that_ends_with_a_closing_tag_is_whole(page: str, closed: bool) -> None:
    """HTML that breaks off has no closing tag at its end."""
    assert plain(page).closed == closed


def test_broken_spans_do_no_harm() -> None:
    """Absurd or unreadable spans count as one, or are bounded."""
    assert lines("<table><tr><td rowspan=x>1<td colspan=0>2</tr></table>") == ["1\t2"]
