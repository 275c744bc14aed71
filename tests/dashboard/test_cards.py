"""What others wrote is shown exactly, and does nothing."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import cards

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<style>*{display:none}</style>",
    "</blockquote></div><iframe src=//evil.example.org>",
    "[a link](https://evil.example.org) **bold** `code` :red[red] $x^2$",
    "&lt;script&gt; &amp; &#60;",
    "javascript:alert(1)",
    "<!-- --!> <svg/onload=alert(1)>",
    "\u202egnikcah\u202c left",
    "zero\u200bwidth\u2060joined\ufeff",
    "tag\U000e0041\U000e0042 characters",
    "half \ud83d a pair",
    "bell \x07 null \x00 escape \x1b[31m",
    "line\u2028and\u2029paragraph",
    "\n\n   indented\n\ttabbed\r\nwindows",
    "👨‍👩‍👧 👩🏽‍🚒 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
]
OURS = {
    "span",
    "br",
    "mark",
    "p",
    "blockquote",
    "div",
    "strong",
    "dl",
    "dt",
    "dd",
    "ol",
    "ul",
    "li",
}


class Seen(HTMLParser):
    """The tags, attributes and text that a browser would make of it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attributes)
        self.text += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


def harmless(html: str) -> Seen:
    seen = Seen(html)
    assert set(seen.tags) <= OURS, seen.tags
    assert {name for name, _ in seen.attributes} <= {"class", "title", "dir", "role"}
    assert not any(0xD800 <= ord(each) <= 0xDFFF for each in html)
    return seen


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text: str) -> None:
    for html in (
        cards.plain(text),
        cards.marked(text, [(0, 5)]),
        cards.quote(text),
        cards.snippet(text),
        cards.line(text, text),
        cards.note(text, text),
        cards.steps(text, [text]),
        cards.points(text, [text]),
        cards.facts([(text, text)]),
        cards.Badge(text).html(),
    ):
        harmless(html)


@given(st.text(), st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6))
def test_any_text_with_any_spans_is_only_text(text: str, spans: list[tuple[int, int]]) -> None:
    seen = harmless(cards.marked(text, spans))
    visible = {c for c in text if c.isalnum()}
    assert visible <= set(seen.text)


@given(st.text(alphabet="ab <>&\"'*_[]()#\n", max_size=60))
def test_plain_text_reads_the_same(text: str) -> None:
    assert Seen(cards.plain(text)).text == text


def test_characters_that_mislead_are_named() -> None:
    shown = cards.plain("safe\u202eevil\u200bword")
    assert "[right-to-left override]" in shown
    assert "[zero-width space]" in shown
    assert "\u202e" not in shown and "\u200b" not in shown


def test_families_of_emoji_stay_whole() -> None:
    assert "👨‍👩‍👧" in cards.plain("👨‍👩‍👧")


def test_spans_are_marked_where_they_stand() -> None:
    text = "ring 07700 900123 <now>"
    assert cards.marked(text, [(5, 17)]) == "ring <mark>07700 900123</mark> &lt;now&gt;"
    assert cards.marked("abc", [(2, 1), (3, 9), (-4, 0)]) == "abc"


def test_overlapping_spans_are_one_mark() -> None:
    assert cards.merged([(0, 4), (2, 6), (6, 8), (10, 99)], 12) == ((0, 8), (10, 12))


def test_a_very_long_post_says_how_much_is_left_out() -> None:
    assert "5 more characters are not shown" in cards.marked("x" * 20_005)


def test_a_snippet_is_about_the_first_span() -> None:
    text = "a" * 500 + "NEEDLE" + "b" * 500
    short = cards.snippet(text, [(500, 506)])
    assert "<mark>NEEDLE</mark>" in short
    assert len(short) < 250


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_holds_no_live_markdown(text: str) -> None:
    label = cards.markdown_free(text)
    for sign in "[]*`<>$":
        at = label.find(sign)
        while at != -1:
            assert label[at - 1] == "\\", label
            at = label.find(sign, at + 1)


@pytest.mark.parametrize(
    ("text", "shown"), [("07700 900123", "07••• ••••23"), ("a b", "a •"), ("", "")]
)
def test_a_masked_span_shows_its_ends_only(text: str, shown: str) -> None:
    assert cards.masked(text) == shown


def test_a_table_escapes_heads_and_cells() -> None:
    html = cards.table(('<b>"',), [("<i>",)])
    assert "<b>" not in html and "<i>" not in html
    assert 'data-label="&lt;b&gt;&quot;"' in html
