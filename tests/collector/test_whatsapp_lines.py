"""Reading exported chats: layouts, notices, media, dates, and every line accounted for."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.connectors.whatsapp_lines import Parsed, Row, RowKind, parse
from models.errors import MendInput

LRM, NNBSP = "\u200e", "\u202f"

ANDROID = """31/12/2022, 11:40 - Messages and calls are end-to-end encrypted. No one outside of \
this chat, not even WhatsApp, can read or listen to them. Tap to learn more.
31/12/2022, 11:41 - Jo Smith created group "Tap Class Parents"
31/12/2022, 11:41 - Jo Smith added you
31/12/2022, 11:42 - +44 7700 900123: Is class on?
second line of the same message
31/12/2022, 11:43 - Amy: IMG-20221231-WA0010.jpg (file attached)
caption text
31/12/2022, 11:44 - Amy: <Media omitted>
31/12/2022, 11:45 - Amy: This message was deleted
31/12/2022, 11:46 - Amy: see you at 5 <This message was edited>
31/12/2022, 11:47 - +44 7700 900456 joined using this group's invite link
31/12/2022, 11:48 - Jo Smith removed +44 7700 900456
31/12/2022, 11:49 - Jo Smith changed the subject to "Week 3: tap"
31/12/2022, 11:50 - Amy: This message was deleted by admin Jo Smith
31/12/2022, 11:50 - Jo Smith: ok
"""

IPHONE = f"""[31/12/2022, 11:40:26] Tap Class Parents: {LRM}Messages and calls are end-to-end \
encrypted. No one outside of this chat, not even WhatsApp, can read or listen to them.
[31/12/2022, 11:40:26] John Doe: {LRM}<attached: 00000001-AUDIO-2022-12-31-11-40-26.opus>
{LRM}[31/12/2022, 11:41:02] Amy: {LRM}image omitted
[31/12/2022, 11:42:10] Amy: {LRM}This message was deleted.
[31/12/2022, 11:42:40] Amy: see you at 5 {LRM}<This message was edited>
[31/12/2022, 19:29:20] {LRM}+44 7700 900123 left
[31/12/2022, 19:30:00] Tap Class Parents: {LRM}John Doe added Amy
{LRM}[31/12/2022 19:31:00] ~{NNBSP}Amy: plan.pdf • {LRM}14 pages {LRM}document omitted
"""


def local(*numbers: int) -> datetime:
    """A phone's local time: WhatsApp writes no zone."""
    return datetime(*numbers)  # noqa: DTZ001


def read(text: str) -> Parsed:
    parsed = parse(text, "chat.txt")
    assert parsed.leading + sum(row.lines for row in parsed.rows) == parsed.lines
    return parsed


def said(parsed: Parsed) -> list[tuple[str, str]]:
    return [(row.sender, row.text) for row in parsed.rows if row.kind is RowKind.MESSAGE]


def test_the_android_layout() -> None:
    parsed = read(ANDROID)
    assert said(parsed) == [
        ("+44 7700 900123", "Is class on?\nsecond line of the same message"),
        ("Amy", "caption text"),
        ("Amy", ""),
        ("Amy", "see you at 5"),
        ("Jo Smith", "ok"),
    ]
    rows = {row.line: row for row in parsed.rows}
    assert rows[6].media == 1 and rows[8].media == 1 and rows[10].edited
    assert (rows[9].kind, rows[9].by) == (RowKind.DELETED, "author")
    assert (rows[14].kind, rows[14].by) == (RowKind.DELETED, "moderator")
    assert parsed.count(RowKind.SYSTEM) == 4


def test_words_that_a_notice_quotes_reach_a_person() -> None:
    named = [row for row in read(ANDROID).rows if row.kind is RowKind.NAMED]
    assert [(row.sender, row.text) for row in named] == [
        ("Jo Smith", 'Jo Smith created group "Tap Class Parents"'),
        ("Jo Smith", 'Jo Smith changed the subject to "Week 3: tap"'),
    ]


def test_the_iphone_layout() -> None:
    parsed = read(IPHONE)
    assert said(parsed) == [
        ("John Doe", ""),
        ("Amy", ""),
        ("Amy", "see you at 5"),
        ("Amy", "plan.pdf • \u200e14 pages"),
    ]
    assert sum(row.media for row in parsed.rows) == 3
    assert parsed.count(RowKind.DELETED) == 1 and parsed.count(RowKind.SYSTEM) == 3


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("31/12/2022, 2:04 pm - A: hi", local(2022, 12, 31, 14, 4)),
        ("31/12/2022, 2:04\u202fpm - A: hi", local(2022, 12, 31, 14, 4)),
        ("31/12/2022, 12:04 am - A: hi", local(2022, 12, 31, 0, 4)),
        ("[14/10/2021, 3:34:09\u202fPM] A: hi", local(2021, 10, 14, 15, 34, 9)),
        ("[14/10/2021 15:34:09] A: hi", local(2021, 10, 14, 15, 34, 9)),
        ("8/13/19, 1:25 PM - A: hi", local(2019, 8, 13, 13, 25)),
        ("03.08.21, 12:30 - A: hi", local(2021, 8, 3, 12, 30)),
        ("2019-10-20, 10:16 - A: hi", local(2019, 10, 20, 10, 16)),
        ("31/12/2022, 2:04 p.\u00a0m. - A: hi", local(2022, 12, 31, 14, 4)),
        ("\u200e[31/12/2022, 11:41:02] A: hi", local(2022, 12, 31, 11, 41, 2)),
        ("\ufeff31/12/2022, 11:41 - A: hi", local(2022, 12, 31, 11, 41)),
    ],
)
def test_known_layouts_of_the_stamp(line: str, stamp: datetime) -> None:
    parsed = read(line)
    assert [(row.stamp, row.sender, row.text) for row in parsed.rows] == [(stamp, "A", "hi")]


def test_the_order_of_day_and_month_is_decided_over_the_whole_file() -> None:
    us = "8/9/19, 1:25 PM - A: one\n8/10/19, 1:25 PM - A: two\n8/13/19, 1:25 PM - A: three\n"
    assert [row.stamp.month for row in read(us).rows] == [8, 8, 8]
    uk = "09/08/2019, 13:25 - A: one\n10/08/2019, 13:25 - A: two\n"
    parsed = read(uk)
    assert [row.stamp.month for row in parsed.rows] == [8, 8] and parsed.guessed_order
    runs = "01/02/2022, 10:00 - A: one\n02/02/2022, 10:00 - A: two\n01/03/2022, 10:00 - A: three\n"
    parsed = read(runs)
    assert [row.stamp.month for row in parsed.rows] == [2, 2, 3] and not parsed.guessed_order


def test_a_message_cannot_pass_for_a_notice() -> None:
    chat = (
        "31/12/2022, 11:40 - Bob left: horrid words\n"
        "31/12/2022, 11:41 - Amy: Jo Smith added you, you idiot\n"
        "31/12/2022, 11:42 - Amy: This message was deleted by admin you are all idiots\n"
        "31/12/2022, 11:43 - Amy: horrid words image omitted\n"
        "31/12/2022, 11:44 - Amy: \u200eMessages and calls are end-to-end encrypted. Idiot\n"
        "31/12/2022, 11:45 - no name at all\nhorrid words\n"
    )
    shown = [row.text for row in read(chat).rows if row.kind in {RowKind.MESSAGE, RowKind.NAMED}]
    assert len(shown) == 6
    assert all("horrid words" in text or "diot" in text for text in shown)


def test_a_quoted_chat_is_marked_as_out_of_order() -> None:
    chat = (
        "30/12/2022, 11:40 - Amy: hi\n31/12/2022, 11:40 - Amy: look:\n"
        "01/05/2021, 09:00 - Bea: old words\n31/12/2022, 11:41 - Amy: see\n"
    )
    assert [row.jumped for row in read(chat).rows] == [False, False, True, False]
    ahead = (
        "30/12/2022, 11:40 - Amy: look:\n30/11/2023, 09:00 - Bea: pasted\n"
        "31/12/2022, 11:41 - Amy: see\n01/01/2023, 11:41 - Amy: see\n"
    )
    parsed = read(ahead)
    assert [row.jumped for row in parsed.rows] == [False, True, False, False]
    assert parsed.newest == local(2023, 1, 1, 11, 41)


def test_a_stamp_of_the_future_is_words_of_the_message_above() -> None:
    chat = "31/12/2022, 11:40 - Amy: hi\n31/12/2099, 09:00 - Bea: boo\n"
    assert said(read(chat)) == [("Amy", "hi\n31/12/2099, 09:00 - Bea: boo")]


def test_impossible_dates_are_words_of_the_message_above() -> None:
    chat = "31/12/2022, 11:40 - Amy: look:\n45/45/2021, 09:00 - Bea: x\n"
    assert said(read(chat)) == [("Amy", "look:\n45/45/2021, 09:00 - Bea: x")]


def test_joiners_inside_emoji_stay() -> None:
    chat = "31/12/2022, 11:40 - Amy: \U0001f469\u200d\U0001f467 hi"
    assert read(chat).rows[0].text == "\U0001f469\u200d\U0001f467 hi"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Dear all, class is on.\n",
        "junk\n" * 5 + "31/12/2022, 11:40 - A: hi\n" * 20,
        "31/12/2022, 11:40 - nothing but notices\n" * 9,
    ],
)
def test_what_is_no_export_is_refused_with_a_cure(text: str) -> None:
    with pytest.raises(MendInput) as caught:
        parse(text, "chat.txt")
    assert caught.value.cure and caught.value.subject == "chat.txt"


PIECES = st.sampled_from(
    [
        "31/12/2022, 11:40 - Amy: hi",
        "[31/12/2022, 11:40:01] Amy: hi",
        "\u200e[31/12/2022, 11:40:01] ~\u202fBea: \u200eimage omitted",
        "12/31/22, 1:04\u202fPM - Cat: : : ",
        "99/99/9999, 99:99 - x: y",
        'Amy changed the subject to "a: b"',
        "<Media omitted>",
        "This message was deleted",
        "\r",
        "\u2028",
        "",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=60)), max_size=30).map("\n".join))
def test_any_text_is_read_or_refused_and_every_line_is_accounted_for(text: str) -> None:
    try:
        parsed = parse(text, "chat.txt")
    except MendInput:
        return
    assert parsed.leading + sum(row.lines for row in parsed.rows) == parsed.lines
    assert all(isinstance(row, Row) and row.lines > 0 for row in parsed.rows)


NAMES = st.sampled_from(["Amy", "Bea B", "+44 7700 900123", "~ Cat"])
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u200e\u200f\ufeff"),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() == text)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, st.lists(WORDS, min_size=1, max_size=3)), min_size=1, max_size=9))
def test_every_word_of_a_message_comes_through(chat: list[tuple[str, list[str]]]) -> None:
    text = "".join(f"31/12/2022, 11:40 - {name}: {chr(10).join(body)}\n" for name, body in chat)
    shown = "\n".join(row.text for row in read(text).rows)
    deleted = {"This message was deleted", "You deleted this message"}
    for _, body in chat:
        for line in body:
            known = line in deleted or "omitted" in line or "<This" in line or "attached" in line
            assert known or line in shown
