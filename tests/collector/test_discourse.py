"""Discourse: what the contract suite cannot know."""

from collections.abc import Iterator

import pytest

from collector.connector import Member, MemberAction, PlatformAction
from collector.connectors.discourse import Discourse
from collector.connectors.registry import get
from collector.sandbox.discourse import DiscourseSite
from collector.sandbox.loopback import LoopbackServer
from models.errors import MendSettings, NeedsOperator, Refused
from models.vocabulary import Presence, Verb

KEY = "keyoftheforum"


@pytest.fixture
def site() -> DiscourseSite:
    return DiscourseSite({KEY: ("safeguarding", True)})


@pytest.fixture
def forum(site: DiscourseSite) -> Iterator[Discourse]:
    with LoopbackServer(site.answer) as server:
        options = {"forum_url": server.url, "username": "safeguarding", "group": "dancers"}
        made = get("discourse").connect(options, lambda _: KEY)
        assert isinstance(made, Discourse)
        yield made


def _do(forum: Discourse, verb: Verb, native_id: str) -> tuple[bool, Presence]:
    already = forum.act(PlatformAction("k", verb, native_id)).already
    return already, forum.look_up([native_id])[native_id].presence


def _one_reply(site: DiscourseSite) -> str:
    reply = site.write("a reply", topic=site.write("a topic").topic)
    return f"{reply.topic}.{reply.number}"


def test_a_reply_is_hidden_shown_deleted_and_brought_back(
    site: DiscourseSite, forum: Discourse
) -> None:
    reply = _one_reply(site)
    assert _do(forum, Verb.HIDE, reply) == (False, Presence.HIDDEN)
    assert _do(forum, Verb.HIDE, reply) == (True, Presence.HIDDEN)
    assert _do(forum, Verb.UNHIDE, reply) == (False, Presence.PRESENT)
    assert _do(forum, Verb.REMOVE, reply) == (False, Presence.GONE)
    assert _do(forum, Verb.RESTORE, reply) == (False, Presence.PRESENT)
    assert _do(forum, Verb.RESTORE, reply) == (True, Presence.PRESENT)


def test_an_opening_post_goes_and_comes_with_its_topic(
    site: DiscourseSite, forum: Discourse
) -> None:
    topic = f"{site.write('a topic').topic}.1"
    assert _do(forum, Verb.REMOVE, topic) == (False, Presence.GONE)
    assert _do(forum, Verb.RESTORE, topic) == (False, Presence.PRESENT)
    assert "DELETE /t/1.json" in site.weather.served


def test_what_its_author_deleted_stays_so(site: DiscourseSite, forum: Discourse) -> None:
    reply = _one_reply(site)
    list(forum.fetch(None))
    site.posts[2].user_deleted = True
    gone = [one for batch in forum.fetch(None) for one in batch.gone]
    assert [(one.native_id, one.by) for one in gone] == [(reply, "author")]
    assert _do(forum, Verb.REMOVE, reply) == (True, Presence.GONE)
    with pytest.raises(Refused, match="author deleted it"):
        forum.act(PlatformAction("k", Verb.RESTORE, reply))


def test_an_account_that_would_not_see_what_is_gone_is_told_at_once(
    site: DiscourseSite, forum: Discourse
) -> None:
    site.keys[KEY] = ("safeguarding", False)
    for step in (lambda: next(forum.fetch(None)), lambda: forum.look_up(["1.1"])):
        with pytest.raises(NeedsOperator, match="no moderator"):
            step()


def test_members_owners_and_requests_are_listed(site: DiscourseSite, forum: Discourse) -> None:
    site.members = [f"dancer{number}" for number in range(70)]
    site.owners, site.requests = ["dancer3"], ["newcomer"]
    people: dict[str, Member] = {one.handle: one for one in forum.members()}
    assert len(people) == 71
    assert people["dancer3"].role == "owner" and people["dancer4"].role == "member"
    assert people["newcomer"].role == "asks to join" and people["newcomer"].since is not None


def test_what_waits_in_the_forums_own_queue_is_told(site: DiscourseSite, forum: Discourse) -> None:
    site.pending = 3
    notes = [note for batch in forum.fetch(None) for note in batch.notes]
    assert notes == ["3 things wait in the forum's own review queue."]


def test_an_edit_of_an_old_post_is_noticed_in_its_turn(
    site: DiscourseSite, forum: Discourse
) -> None:
    first = site.write("as it was")
    for number in range(60):
        site.write(f"{number}", topic=first.topic)
    cursor = list(forum.fetch(None))[-1].cursor
    first.text = "as it is now"
    texts: list[str] = []
    for _ in range(4):
        for batch in forum.fetch(cursor):
            texts += [post.text for post in batch.posts]
            cursor = batch.cursor
    assert "as it is now" in texts


@pytest.mark.parametrize(
    "options", [{"forum_url": "http://forum.example.org"}, {"username": "system"}]
)
def test_settings_that_cannot_work_are_told(options: dict[str, str]) -> None:
    given = {"forum_url": "https://forum.example.org", "username": "safeguarding", **options}
    with pytest.raises(MendSettings):
        get("discourse").connect(given, lambda _: KEY)


def test_out_of_the_group_or_off_the_forum(site: DiscourseSite, forum: Discourse) -> None:
    site.members += ["wren", "tamsin"]
    out = forum.remove_member(MemberAction("m-1", "wren", reason="Our membership rules"))
    assert out.detail == "The account is taken out of the group."
    assert site.members == ["tamsin"] and not site.suspended
    site.automatic = True  # a group that the forum itself fills cannot be left
    out = forum.remove_member(MemberAction("m-2", "tamsin", reason="Our code of conduct"))
    assert out.detail == "The account is suspended."
    assert site.suspended == {"tamsin": "Our code of conduct"}
    assert not forum.is_member("tamsin")
    assert forum.remove_member(MemberAction("m-3", "nobody")).already
