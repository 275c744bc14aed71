"""Reviews, tags, the inbox, private replies and blocks, against the stand-in over real HTTP."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from collector.connector import Batch, IncomingPost, MemberAction, PlatformAction, RemovesMembers
from collector.connectors.facebook import Facebook, connect
from collector.connectors.facebook_beside import EMPTY, LISTED_EVERY, NOT_SEEN
from collector.sandbox.graph import ALL, Graph, Request
from collector.sandbox.graph_beside import MESSAGES, METADATA
from collector.sandbox.graph_storms import error
from collector.sandbox.loopback import Reply, as_json
from collector.sandbox.page import Author, Page
from collector.sandbox.page_beside import Beside
from collector.sandbox.server import GraphServer
from models.errors import NeedsOperator, Refused, RetryLater
from models.vocabulary import AuthorRole, PostKind, Presence, Verb, now

TOKEN = "EAABtoken"
VISITOR = Author("880000000000777", "Ottoline Vane")
OTHER = Author("880000000000778", "Amos Field")


@dataclass
class Place:
    """A Page and what stands beside its feed. ahead: how far the connector's clock is ahead."""

    graph: Graph
    url: str = ""
    ahead: timedelta = timedelta()
    cursor: str | None = None
    secrets: dict[str, str] = field(default_factory=lambda: {"token": TOKEN})

    @property
    def page(self) -> Page:
        return self.graph.page

    @property
    def beside(self) -> Beside:
        return self.graph.more.beside

    def clock(self) -> datetime:
        return now() + self.ahead

    def connector(self, *, inbox: bool = True) -> Facebook:
        options: dict[str, Any] = {"page_id": self.page.id, "base_url": self.url, "inbox": inbox}
        made = connect(options, lambda name: self.secrets.get(name, ""))
        return Facebook(made.page_id, made.secrets, made.base_url, inbox=inbox, clock=self.clock)

    def fetch(self, **more: bool) -> tuple[dict[str, IncomingPost], set[str], set[str]]:
        """Posts by id, what is gone, notes; the cursor moves on."""
        posts: dict[str, IncomingPost] = {}
        gone: set[str] = set()
        notes: set[str] = set()
        batch: Batch
        for batch in self.connector(**more).fetch(self.cursor):
            posts |= {post.native_id: post for post in batch.posts}
            gone |= {one.native_id for one in batch.gone}
            notes |= set(batch.notes)
            self.cursor = batch.cursor
        return posts, gone, notes

    def later(self) -> None:
        self.ahead += LISTED_EVERY


@pytest.fixture
def place() -> Iterator[Place]:
    graph = Graph(Page("900100200300400", "Brackwater School of Dance"))
    graph.grant(TOKEN)
    with GraphServer(graph) as server:
        yield Place(graph, server.url)


def _ago(hours: float) -> datetime:
    return now() - timedelta(hours=hours)


def test_reviews_tags_and_messages_keep_every_field(place: Place) -> None:
    tag = place.beside.tag("Ring my daughter", VISITOR, _ago(3))
    review = place.beside.review("Never again", OTHER, _ago(2), recommends=False)
    message = place.beside.write("t_1", "hello", VISITOR, _ago(1), photos=2)
    answer = place.beside.write("t_1", "hello back", place.page.author, _ago(0.5))
    posts, gone, notes = place.fetch()
    assert not gone and not notes
    assert set(posts) == {f"tag-{tag}", f"review-{review}", message, answer}
    tagged, reviewed, said = posts[f"tag-{tag}"], posts[f"review-{review}"], posts[message]
    assert (tagged.text, tagged.author_id, tagged.kind) == (
        "Ring my daughter",
        VISITOR.id,
        PostKind.POST,
    )
    assert tagged.permalink and VISITOR.id in tagged.permalink
    assert (reviewed.text, reviewed.author_name) == ("Never again", "Amos Field")
    assert "does not recommend" in reviewed.note and reviewed.permalink
    assert (said.kind, said.thread_id, said.media_count) == (PostKind.MESSAGE, "t_1", 2)
    assert posts[answer].author_role is AuthorRole.STAFF
    assert abs(said.posted_at - _ago(1)) < timedelta(minutes=1)


def test_the_inbox_is_read_only_where_it_is_asked_for(place: Place) -> None:
    place.beside.write("t_1", "hello", VISITOR)
    assert place.fetch(inbox=False)[0] == {}
    assert not any("conversations" in line for line in place.graph.served)


def test_a_long_inbox_is_read_to_its_end_and_then_only_what_is_new(place: Place) -> None:
    ids = {
        place.beside.write(f"t_{n % 130}", f"message {n}", VISITOR, _ago(10 + n / 100))
        for n in range(400)
    }
    ids |= {
        place.beside.write("t_long", f"long {n}", OTHER, _ago(5 + n / 1000)) for n in range(250)
    }
    assert set(place.fetch()[0]) == ids
    place.graph.served.clear()
    fresh = place.beside.write("t_7", "fresh", VISITOR)
    again = set(place.fetch()[0])
    assert fresh in again and len(again) < 10, "one page of one conversation"
    assert len([line for line in place.graph.served if line.endswith("/messages")]) == 1


def test_an_inbox_that_was_broken_off_goes_on_where_it_stood(place: Place) -> None:
    ids = {place.beside.write(f"t_{n}", f"message {n}", VISITOR, _ago(1 + n)) for n in range(12)}
    seen: set[str] = set()
    for _ in range(40):
        for batch in place.connector().fetch(place.cursor):
            seen |= {post.native_id for post in batch.posts}
            place.cursor = batch.cursor
            if batch.posts:
                break  # the process dies after each batch
        else:
            break
    assert seen == ids
    asked = [line for line in place.graph.served if line.endswith("/messages")]
    assert len(asked) < 30, "each conversation about once"


def test_what_was_deleted_is_noticed_and_what_fell_off_the_list_is_not(place: Place) -> None:
    tags = [place.beside.tag(f"tag {n}", VISITOR, _ago(300 - n)) for n in range(260)]
    review = place.beside.review("Never again", OTHER)
    assert len(place.fetch()[0]) == 261
    place.beside.tags.pop(-3)
    place.beside.reviews.clear()
    place.beside.review("Kind", VISITOR)
    assert place.fetch()[1] == set(), "it is listed every ten minutes"
    place.later()
    posts, gone, _ = place.fetch()
    assert gone == {f"tag-{tags[-3]}", f"review-{review}"}
    assert len(posts) < 220
    place.later()
    assert place.fetch()[1] == set()


def test_an_empty_list_is_not_taken_for_deletions(place: Place) -> None:
    place.beside.review("Kind", VISITOR)
    place.fetch()
    place.later()
    place.graph.interject(
        lambda request: as_json({"data": []}) if request.path.endswith("/ratings") else None
    )
    _, gone, notes = place.fetch()
    assert gone == set() and EMPTY["ratings"] in notes


def test_what_the_token_may_not_see_is_a_note_and_the_rest_goes_on(place: Place) -> None:
    post = place.page.add("Show tonight", None)
    place.graph.interject(
        lambda request: error(10, "(#10) no") if request.path.endswith("/ratings") else None
    )
    tag = place.beside.tag("Ring my daughter", VISITOR)
    posts, _, notes = place.fetch(inbox=False)
    assert set(posts) == {post, f"tag-{tag}"}
    assert notes == {NOT_SEEN["ratings"]}


@pytest.mark.parametrize(
    "raw",
    [None, 7, {}, {"id": None}, {"id": "../me"}, {"id": "m_1", "message": 7, "from": "x"}],
)
def test_messages_of_any_kind_lose_nothing_else(place: Place, raw: object) -> None:
    good = place.beside.write("t_1", "good", VISITOR)

    def serve(request: Request) -> Reply | None:
        if not request.path.endswith("t_1/messages"):
            return None
        return as_json({"data": [raw, {"id": good, "message": "good", "attachments": 7}]})

    place.graph.interject(serve)
    posts = place.fetch()[0]
    assert posts[good].text == "good"
    assert all(post.note for post in posts.values())


@pytest.mark.parametrize("edge", ["tagged", "ratings", "conversations", "messages"])
@pytest.mark.parametrize(
    "body",
    [
        {"data": None},
        {"data": [], "paging": {"next": "https://x.example.org", "cursors": {"after": "same"}}},
    ],
)
def test_pages_that_lead_nowhere_are_an_error_and_not_an_end(
    place: Place, edge: str, body: dict[str, object]
) -> None:
    post = place.page.add("Show tonight", None)
    place.beside.write("t_1", "hello", VISITOR)
    place.graph.interject(
        lambda request: as_json(body) if request.path.endswith(f"/{edge}") else None
    )
    seen: set[str] = set()
    with pytest.raises(RetryLater):
        for batch in place.connector().fetch(None):
            seen |= {one.native_id for one in batch.posts}
    assert post in seen, "what came before is kept"


def test_looking_up_what_stands_beside(place: Place) -> None:
    tag = place.beside.tag("words", VISITOR)
    message = place.beside.write("t_1", "hello", VISITOR)
    ids = [f"tag-{tag}", message, "tag-1_2", "m_gone", "review-1"]
    seen = place.connector().look_up(ids)
    assert seen[f"tag-{tag}"].text == "words" and seen[message].text == "hello"
    assert seen["tag-1_2"].presence is Presence.GONE and seen["m_gone"].presence is Presence.GONE
    assert seen["review-1"].presence is Presence.UNKNOWN


@pytest.mark.parametrize(
    ("native_id", "says"),
    [("review-1", "review"), ("tag-1_2", "tags the Page"), ("m_abc", "private message")],
)
def test_what_no_page_may_remove_becomes_steps(place: Place, native_id: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as told:
        place.connector().act(PlatformAction("key-1", Verb.REMOVE, native_id))
    assert "Spam" in told.value.cure


def _told(place: Place, native_id: str, words: str = "It broke our rules."):
    action = PlatformAction("key-1", Verb.REMOVE, native_id, reason_message=words)
    return place.connector().act(action)


def test_the_author_is_told_before_it_is_deleted_and_only_where_a_person_wished(
    place: Place,
) -> None:
    post = place.page.add("post", None)
    first = place.page.add("unkind", VISITOR, under=post)
    receipt = _told(place, first)
    assert receipt.told is True and "told" in receipt.detail
    assert place.beside.replies == {first: "It broke our rules."}
    assert place.page.find(first) is None
    second = place.page.add("unkind again", VISITOR, under=post)
    place.connector().act(PlatformAction("key-2", Verb.REMOVE, second))
    assert second not in place.beside.replies


def test_whose_comment_is_hidden_is_told_too_and_a_visible_one_tells_nobody(place: Place) -> None:
    comment = place.page.add("unkind", VISITOR, under=place.page.add("post", None))
    hide = PlatformAction("key-1", Verb.HIDE, comment, reason_message="It is hidden for now.")
    assert place.connector().act(hide).told is True
    assert place.beside.replies == {comment: "It is hidden for now."}
    again = place.connector().act(hide)
    assert again.already and again.told is None
    show = PlatformAction("key-2", Verb.UNHIDE, comment, reason_message="It is back.")
    assert place.connector().act(show).told is False
    assert len(place.beside.replies) == 1


def test_a_visitors_post_can_be_answered_too(place: Place) -> None:
    post = place.page.add("unkind", VISITOR)
    assert _told(place, post).told is True
    assert post in place.beside.replies


def test_a_reply_that_cannot_be_sent_never_holds_up_the_removal(place: Place) -> None:
    own = place.page.add("ours", None, under=place.page.add("post", None))
    assert _told(place, own).told is False, "the Page cannot write to itself"
    place.graph.grant(TOKEN, ALL - {MESSAGES})
    theirs = place.page.add("unkind", VISITOR, under=place.page.add("post", None))
    receipt = _told(place, theirs)
    assert receipt.told is False and not receipt.already
    assert place.page.find(theirs) is None


def test_after_a_crash_it_is_not_certain_that_they_were_told(place: Place) -> None:
    comment = place.page.add("unkind", VISITOR, under=place.page.add("post", None))
    place.graph.storm("server_error", only="DELETE")
    with pytest.raises(RetryLater):
        _told(place, comment)
    place.graph.calm()
    receipt = _told(place, comment)
    assert receipt.told is None and place.page.find(comment) is None
    assert len([line for line in place.graph.served if line.endswith("/messages")]) == 1


def test_a_person_is_blocked_once(place: Place) -> None:
    connector = place.connector()
    assert isinstance(connector, RemovesMembers)
    action = MemberAction("member-1", VISITOR.id, keep_out=True, reason="Our code of conduct")
    assert connector.is_member(VISITOR.id)
    assert not connector.remove_member(action).already
    assert connector.remove_member(action).already
    assert place.beside.blocked == {VISITOR.id} and not connector.is_member(VISITOR.id)


@pytest.mark.parametrize("handle", ["", "me", "900100200300400", "1?x=2", "../1", "9" * 50])
def test_what_is_no_person_is_never_blocked(place: Place, handle: str) -> None:
    with pytest.raises(Refused) as told:
        place.connector().remove_member(MemberAction("member-1", handle))
    assert "Block" in told.value.cure and not place.beside.blocked


def test_blocking_wants_its_permission_and_waits_for_the_platform(place: Place) -> None:
    action = MemberAction("member-1", VISITOR.id)
    place.graph.grant(TOKEN, ALL - {METADATA})
    with pytest.raises(NeedsOperator, match="permission"):
        place.connector().remove_member(action)
    place.graph.grant(TOKEN)
    place.graph.storm("limit")
    with pytest.raises(RetryLater) as told:
        place.connector().remove_member(action)
    assert told.value.after == timedelta(minutes=19)


def test_no_words_and_no_token_in_a_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.secrets["app_secret"] = "app-secret-of-ours"
    comment = place.page.add("unkind marzipan", VISITOR, under=place.page.add("post", None))
    place.beside.write("t_1", "private marzipan", VISITOR)
    place.fetch()
    _told(place, comment, "no marzipan here")
    for secret in (TOKEN, "marzipan", "app-secret-of-ours"):
        assert secret not in caplog.text
