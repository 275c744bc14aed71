"""The Reddit connector against the stand-in, over real HTTP."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from casework.filing import file_posts, unfiled
from classifier.policy import load_policy
from collector.connector import Batch, MemberAction, PlatformAction
from collector.connectors import reddit_things as things
from collector.connectors.reddit import LEFT_OUT, RedditConnector, connect
from collector.connectors.reddit_client import Account
from collector.polling import poll, register_source
from collector.sandbox.loopback import Reply, as_json
from collector.sandbox.reddit import STORMS, RedditServer, RedditSite
from collector.sandbox.reddit_board import Board
from models.errors import MendSettings, NeedsOperator, Refused, RetryLater
from models.tables import Item, Post, Revision
from models.unit_of_work import Store
from models.vocabulary import Audience, Presence, Verb, now

SECRETS = ("s3cr3t-of-app", "pass-w0rd-of-mod")


@dataclass
class Town:
    """A stand-in with one public and one private subreddit, and how to connect to it."""

    board: Board
    site: RedditSite
    url: str

    def connector(self, subreddit: str = "tapschool", user: str = "mod", **more: str):
        account = Account(
            "app", SECRETS[0], user, SECRETS[1], oauth_url=self.url, reddit_url=self.url, **more
        )
        return RedditConnector(subreddit, account)


@pytest.fixture
def town() -> Iterator[Town]:
    board = Board()
    public = board.open("tapschool", "mod")
    public.reasons = {"r1": "Be kind", "r2": "Personal details"}
    board.open("tapparents", "mod", private=True).members.add("guest")
    site = RedditSite(board, apps={"app": SECRETS[0]})
    site.passwords = dict.fromkeys(("mod", "guest", "stranger"), SECRETS[1])
    with RedditServer(site) as server:
        yield Town(board, site, server.url)


def everything(batches: Iterator[Batch]) -> tuple[dict[str, str], dict[str, str], str]:
    """Texts by id, deletions by id, and the last cursor."""
    posts: dict[str, str] = {}
    gone: dict[str, str] = {}
    cursor = ""
    for batch in batches:
        posts |= {post.native_id: post.text for post in batch.posts}
        gone |= {one.native_id: one.by for one in batch.gone}
        cursor = batch.cursor
    return posts, gone, cursor


def test_posts_comments_and_replies_are_read_to_the_end(town: Town) -> None:
    names = [town.board.submit("tapschool", "amy", f"Show {n}", "words") for n in range(230)]
    comment = town.board.reply(names[0], "ben", "first")
    reply = town.board.reply(comment, "cat", "second")
    posts, gone, _ = everything(town.connector().fetch(None))
    assert set(posts) == {*names, comment, reply}
    assert posts[names[3]] == "Show 3\n\nwords" and not gone
    batch = next(iter(town.connector().fetch(None)))
    assert batch.posts[0].permalink == f"{town.url}/r/tapschool/comments/{names[-1][3:]}/x/"


def test_thread_and_author_are_kept(town: Town) -> None:
    post = town.board.submit("tapschool", "amy", "Show")
    comment = town.board.reply(post, "ben", "first")
    reply = town.board.reply(comment, "cat", "second")
    found = {p.native_id: p for b in town.connector().fetch(None) for p in b.posts}
    assert (found[reply].parent_id, found[reply].thread_id) == (comment, post)
    assert (found[post].thread_id, found[post].author_id) == (post, "amy")


def test_polling_again_finds_only_what_is_new_and_asks_little(town: Town) -> None:
    for n in range(300):
        town.board.submit("tapschool", "amy", f"Show {n}")
    _, _, cursor = everything(town.connector().fetch(None))
    new = town.board.submit("tapschool", "amy", "Newest")
    town.site.served.clear()
    posts, _, _ = everything(town.connector().fetch(cursor))
    assert new in posts
    listed = [line for line in town.site.served if line.endswith("/new")]
    assert len(listed) == 2, "the second page holds nothing unknown"


def test_edits_and_deletions_of_old_things_are_noticed(town: Town) -> None:
    old = [town.board.submit("tapschool", "amy", f"Old {n}", "a") for n in range(150)]
    _, _, cursor = everything(town.connector("tapschool").fetch(None))
    for n in range(120):
        town.board.submit("tapschool", "ben", f"New {n}")
    town.board.edit(old[0], "changed words")
    town.board.delete(old[1])
    town.board.vanish(old[2])
    town.board.remove(old[3], by="other_mod")
    posts, gone, cursor = everything(town.connector().fetch(cursor))
    assert posts[old[0]].endswith("changed words")
    assert gone == {old[1]: "author", old[2]: "unknown", old[3]: "moderator"}
    town.board.approve(old[3], "other_mod")
    posts, gone, _ = everything(town.connector().fetch(cursor))
    assert old[3] in posts and not gone, "what is approved again stands again"


def test_a_member_who_does_not_moderate_notices_edits_by_looking_again(town: Town) -> None:
    old = [town.board.submit("tapparents", "amy", f"Old {n}", "a") for n in range(120)]
    connector = town.connector("tapparents", "guest")
    _, _, cursor = everything(connector.fetch(None))
    town.board.edit(old[0], "changed words")
    town.board.remove(old[1], by="mod")
    batches = list(connector.fetch(cursor))
    posts, gone, _ = everything(iter(batches))
    assert posts[old[0]].endswith("changed words") and gone == {old[1]: "moderator"}
    assert any("does not moderate" in note for batch in batches for note in batch.notes)


def test_what_a_filter_holds_is_collected_as_hidden(town: Town) -> None:
    held = town.board.submit("tapschool", "amy", "Held", state="held")
    named = town.board.submit("tapschool", "amy", "Held too", state="held", by="AutoModerator")
    found = {p.native_id: p for b in town.connector().fetch(None) for p in b.posts}
    assert found[held].hidden and found[named].hidden and found[held].note


def test_pictures_are_counted_and_never_fetched(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Pictures", gallery=3, url="http://x.example/g")
    found = {p.native_id: p for b in town.connector().fetch(None) for p in b.posts}
    assert found[name].media_count == 3 and found[name].text == "Pictures"


def test_a_crash_half_way_loses_nothing(town: Town) -> None:
    names = {town.board.submit("tapschool", "amy", f"Show {n}") for n in range(250)}
    batches = town.connector().fetch(None)
    cursor = next(batches).cursor
    posts, _, _ = everything(town.connector().fetch(cursor))
    assert set(posts) == names


def test_what_a_moderator_removed_before_we_looked_is_stored_as_gone(
    town: Town, store: Store
) -> None:
    name = town.board.submit("tapschool", "amy", "Removed early")
    town.board.remove(name, by="other_mod")
    with store.write() as session:
        source = register_source(
            session, name="r", connector="reddit", label="r", audience=Audience.PUBLIC
        )
        session.commit()
        source_id = source.id
    assert poll(store, source_id, town.connector()).new == 1
    assert poll(store, source_id, town.connector()).new == 0
    with store.write() as session:
        post = session.query(Post).one()
        assert (post.presence, post.gone_by) == (Presence.GONE, "moderator")
        assert session.query(Revision).one().text == "Removed early"


def remove(name: str, title: str = "Be kind", message: str = "Please read our rules.", key="k1"):
    return PlatformAction(key, Verb.REMOVE, name, title, message)


def test_remove_gives_the_reason_and_tells_the_author_once(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    receipt = town.connector().act(remove(name))
    entry = town.board.entries[name]
    assert not receipt.already and (entry.state, entry.reason_title) == ("removed", "Be kind")
    assert [(m.item, m.text, m.kind) for m in town.board.messages] == [
        (name, "Please read our rules.", "private")
    ]
    assert town.connector().act(remove(name)).already
    assert len(town.board.messages) == 1, "asking again tells nobody twice"
    assert town.connector().look_up([name])[name].presence is Presence.GONE


def test_a_reason_that_the_subreddit_does_not_have_becomes_a_note(town: Town) -> None:
    comment = town.board.reply(town.board.submit("tapschool", "amy", "Ok"), "ben", "Bad")
    town.connector().act(remove(comment, title="Photograph without consent " * 4, message="m"))
    assert town.board.entries[comment].mod_note.startswith("Photograph without consent")
    assert len(town.board.messages[0].title) <= 50
    town.connector().act(remove(comment, title="Photograph without consent " * 4, message="m"))
    assert len(town.board.messages) == 1


@pytest.mark.parametrize("failing", ["actions/removal_reasons", "removal_link_message"])
def test_a_removal_whose_second_call_failed_is_taken_up_again(town: Town, failing: str) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.site.storm("unavailable", 1, only=failing)
    with pytest.raises(RetryLater):
        town.connector().act(remove(name))
    assert town.board.entries[name].state == "removed"
    receipt = town.connector().act(remove(name))
    assert receipt.already and town.board.entries[name].reason_title == "Be kind"
    assert len(town.board.messages) == 1
    removals = [line for line in town.site.served if line == "POST /api/remove"]
    assert len(removals) == 1


def test_removing_what_is_gone_succeeds(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.board.delete(name)
    assert town.connector().act(remove(name)).already
    town.board.vanish(name)
    assert town.connector().act(remove(name)).already
    assert not town.board.messages


def test_restore_approves_and_cannot_bring_back_the_authors_own_deletion(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Fine")
    restore = PlatformAction("k2", Verb.RESTORE, name)
    assert town.connector().act(restore).already
    town.board.remove(name, "mod")
    assert not town.connector().act(restore).already
    assert town.board.entries[name].approved_by == "mod"
    told = PlatformAction("k2", Verb.RESTORE, name, reason_message="It is back.")
    assert town.connector().act(told).told is False and not town.board.messages
    town.board.delete(name)
    with pytest.raises(Refused):
        town.connector().act(restore)
    with pytest.raises(Refused):
        town.connector().act(PlatformAction("k3", Verb.HIDE, name))


def test_members_are_moderators_and_approved_users(town: Town) -> None:
    people = [(m.handle, m.role) for m in town.connector("tapparents").members()]
    assert people == [("mod", "moderator"), ("guest", "approved user")]


def test_who_asks_to_join_is_listed_to_the_end_until_they_are_approved(town: Town) -> None:
    place = town.board.subreddits["tapparents"]
    place.asks = [f"asker{n}" for n in range(230)]
    place.members.add("asker7")

    def asking() -> set[str]:
        people = town.connector("tapparents").members()
        return {one.handle for one in people if one.role == "asks to join"}

    assert asking() == {f"asker{n}" for n in range(230) if n != 7}
    place.moderators = {"mod", "guest"}
    town.site.storm("scope", only="conversations")
    with pytest.raises(NeedsOperator, match="permission"):
        asking()


def test_a_moderator_who_may_not_read_messages_still_lists_the_rest(town: Town) -> None:
    town.site.storm("forbidden", only="conversations")
    people = [one.handle for one in town.connector("tapparents").members()]
    assert people == ["mod", "guest"]


@pytest.mark.parametrize("listing", ["about/contributors", "conversations"])
def test_a_list_of_people_that_is_none_takes_nobody_away(town: Town, listing: str) -> None:
    town.site.storm("null", only=listing)
    with pytest.raises(RetryLater):
        list(town.connector("tapparents").members())


def test_reports_come_as_notes_and_before_a_person(town: Town, store: Store) -> None:
    old = [town.board.submit("tapschool", "amy", f"Fine {n}") for n in range(250)]
    with store.write() as session:
        source = register_source(
            session, name="r", connector="reddit", label="r", audience=Audience.PUBLIC
        )
        session.commit()
        source_id = source.id
    poll(store, source_id, town.connector())
    with store.write() as session:
        for revision in session.query(Revision):
            revision.classified_at = revision.filed_at = now()
        session.commit()
    for n in range(120):
        town.board.report(old[n], "It's rude", 2)
    town.board.report(old[0], "Spam <b>", 1)
    poll(store, source_id, town.connector())
    with store.read() as session:
        post = session.query(Post).filter_by(native_id=old[0]).one()
        assert post.reports == 3
        assert post.note == "Reported on Reddit 3 times. Reasons there: It's rude; Spam <b>."
        assert session.query(Post).filter(Post.reports > 0).count() == 120, "beyond one page"
        again = unfiled(session, 500)
        assert len(again) == 120 and post.id in again
    file_posts(store, load_policy(), again)
    with store.read() as session:
        item = session.query(Item).filter_by(post_id=post.id).one()
        assert any("reported it" in str(part[0]) for part in item.priority_parts)
        assert unfiled(session, 1) == ()
    assert poll(store, source_id, town.connector()).edited == 0
    with store.read() as session:
        assert unfiled(session, 1) == (), "the same reports are not filed again"


@pytest.mark.parametrize(
    "reports", [None, 7, ["x"], [[]], [[None, None]], [[{"a": 1}, "many"]], [["r", -5]]]
)
def test_reports_of_any_kind_lose_nothing(reports: object) -> None:
    thing = {"name": "t3_a", "title": "Show", "selftext": "", "created_utc": 1.0}
    read = things.post({**thing, "user_reports": reports, "mod_reports": reports}, "https://x")
    assert read.text == "Show" and 0 <= read.reports <= 2


def test_a_removal_leaves_one_note_about_its_author(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.connector().act(remove(name))
    town.connector().act(remove(name))
    ((user, note),) = town.board.subreddits["tapschool"].notes
    assert user == "amy"
    assert note["user_note_data"]["note"] == "Removed: Be kind (k1)"
    assert note["user_note_data"]["reddit_id"] == name


def test_an_account_that_may_not_leave_notes_removes_all_the_same(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.site.storm("scope", only="mod/notes")
    receipt = town.connector().act(remove(name))
    assert receipt.told is True and town.board.entries[name].reason_title == "Be kind"


def test_a_note_that_failed_is_left_at_the_next_try_and_nobody_is_told_twice(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.site.storm("unavailable", 1, only="POST /api/mod/notes")
    with pytest.raises(RetryLater):
        town.connector().act(remove(name))
    town.connector().act(remove(name))
    assert len(town.board.subreddits["tapschool"].notes) == 1
    assert len(town.board.messages) == 1


def test_what_its_author_deleted_tells_nobody_and_says_so(town: Town) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.board.delete(name)
    receipt = town.connector().act(remove(name))
    assert receipt.already and receipt.told is False


def out(name: str, *, keep_out: bool = False) -> MemberAction:
    return MemberAction("member-1", name, keep_out, "Our code of conduct")


def test_an_approved_user_is_taken_out_of_a_private_subreddit(town: Town) -> None:
    connector, place = town.connector("tapparents"), town.board.subreddits["tapparents"]
    assert connector.is_member("guest")
    receipt = connector.remove_member(out("guest"))
    assert not receipt.already and "approved" in receipt.detail
    assert not place.members and not place.banned and not connector.is_member("guest")
    assert connector.remove_member(out("guest")).already


def test_keeping_out_is_a_ban_too_and_each_is_made_up_for(town: Town) -> None:
    connector, place = town.connector("tapparents"), town.board.subreddits["tapparents"]
    town.site.storm("unavailable", 1, only="unfriend")
    with pytest.raises(RetryLater):
        connector.remove_member(out("guest", keep_out=True))
    assert place.banned == {"guest": "Our code of conduct"} and place.members == {"guest"}
    assert not connector.remove_member(out("guest", keep_out=True)).already
    assert not place.members
    bans = [line for line in town.site.served if line.endswith("/api/friend")]
    assert len(bans) == 1 and connector.remove_member(out("guest", keep_out=True)).already


def test_a_moderator_is_never_taken_out(town: Town) -> None:
    with pytest.raises(Refused, match="moderate"):
        town.connector().remove_member(out("mod", keep_out=True))
    assert not town.board.subreddits["tapschool"].banned


@pytest.mark.parametrize("name", ["", "../mod", "a b", "x" * 40, "a?b"])
def test_what_is_no_name_is_never_banned(town: Town, name: str) -> None:
    with pytest.raises(Refused):
        town.connector().remove_member(out(name, keep_out=True))


def test_an_expired_token_is_renewed_by_itself(town: Town) -> None:
    town.board.submit("tapschool", "amy", "Show")
    connector = town.connector()
    list(connector.fetch(None))
    town.site.withdraw_tokens()
    posts, _, _ = everything(connector.fetch(None))
    assert len(posts) == 1


@pytest.mark.parametrize(
    ("storm", "error", "seconds"),
    [
        ("server_error", RetryLater, 60),
        ("unavailable", RetryLater, 60),
        ("too_many_html", RetryLater, 4),
        ("too_many_json", RetryLater, 240),
        ("not_json", RetryLater, 60),
        ("expired", NeedsOperator, None),
        ("scope", NeedsOperator, None),
        ("legal", Refused, None),
        ("moved", Refused, None),
        ("bad_request", Refused, None),
    ],
)
def test_every_error_answer_is_named_by_its_remedy(town, storm, error, seconds) -> None:
    town.site.storm(storm, only="/new")
    with pytest.raises(error) as caught:
        list(town.connector().fetch(None))
    assert caught.value.cure and caught.value.subject == "r/tapschool"
    if seconds is not None:
        assert caught.value.after.total_seconds() == seconds


@pytest.mark.parametrize(
    ("storm", "error", "seconds"),
    [("errors_in_200", Refused, None), ("break_in_200", RetryLater, 301)],
)
def test_errors_that_come_with_http_200_are_errors(town, storm, error, seconds) -> None:
    name = town.board.submit("tapschool", "amy", "Bad")
    town.site.storm(storm, only="/api/remove")
    with pytest.raises(error) as caught:
        town.connector().act(remove(name))
    if seconds is not None:
        assert caught.value.after.total_seconds() == seconds


def test_a_used_up_allowance_goes_back_to_the_caller(town: Town) -> None:
    town.site.storm("used_up", 1, only="/new")
    with pytest.raises(RetryLater) as caught:
        list(town.connector().fetch(None))
    assert 230 < caught.value.after.total_seconds() <= 240


def test_private_closed_and_unknown_subreddits_say_what_to_do(town: Town) -> None:
    with pytest.raises(NeedsOperator, match="private"):
        list(town.connector("tapparents", "stranger").fetch(None))
    with pytest.raises(Refused, match="no such subreddit"):
        list(town.connector("tapscool").fetch(None))
    town.board.open("shut").closed = True
    with pytest.raises(Refused, match="closed"):
        list(town.connector("shut").fetch(None))


def test_wrong_credentials_need_a_person(town: Town) -> None:
    for account in (
        Account("app", "qwertz", "mod", SECRETS[1], oauth_url=town.url, reddit_url=town.url),
        Account("app", SECRETS[0], "mod", "qwertz", oauth_url=town.url, reddit_url=town.url),
        Account("app", SECRETS[0], refresh_token="qwertz", oauth_url=town.url, reddit_url=town.url),
    ):
        with pytest.raises(NeedsOperator) as caught:
            list(RedditConnector("tapschool", account).fetch(None))
        assert "qwertz" not in repr(caught.value) and "qwertz" not in repr(account)


def test_a_server_that_is_not_there_is_tried_again(town: Town) -> None:
    account = Account(
        "app", "s", "mod", "p", oauth_url="http://127.0.0.1:9", reddit_url="http://127.0.0.1:9"
    )
    with pytest.raises(RetryLater):
        list(RedditConnector("tapschool", account).fetch(None))


def test_no_praw_ini_and_no_variable_of_the_machine_changes_where_it_goes(
    town: Town, tmp_path, monkeypatch
) -> None:
    ini = "[DEFAULT]\noauth_url=http://127.0.0.1:9\nreddit_url=http://127.0.0.1:9\n[x]\nbroken\n"
    (tmp_path / "praw.ini").write_text(ini)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("praw_site", "absent")
    monkeypatch.setenv("praw_username", "somebody")
    town.board.submit("tapschool", "amy", "Show")
    posts, _, _ = everything(town.connector().fetch(None))
    assert len(posts) == 1


def test_no_secret_and_no_word_of_a_post_is_logged(town: Town, caplog) -> None:
    name = town.board.submit("tapschool", "amy", "Zanzibar")
    with caplog.at_level(logging.DEBUG):
        connector = town.connector()
        list(connector.fetch(None))
        connector.act(remove(name, message="Quokka"))
    shown = caplog.text
    for secret in (*SECRETS, "token-", "Zanzibar", "Quokka", "amy"):
        assert secret not in shown


def test_settings_that_cannot_work_are_refused() -> None:
    good = {"subreddit": "r/TapSchool", "client_id": "a", "username": "mod"}
    secrets = {"client_secret": "s", "password": "p", "refresh_token": ""}
    assert connect(good, secrets.__getitem__).name == "reddit"
    for bad in (
        {"subreddit": "tap school"},
        {"recheck": 5},
        {"oauth_url": "http://reddit.example"},
        {"username": ""},
    ):
        with pytest.raises(MendSettings):
            connect({**good, **bad}, secrets.__getitem__)


def odd(name: str | None, **more: object) -> Reply:
    """A listing with one thing that cannot be read."""
    data = {"name": name, "title": "x", "created_utc": None, **more}
    return as_json({"kind": "Listing", "data": {"children": [{"kind": "t3", "data": data}]}})


def test_what_cannot_be_read_is_neither_gone_nor_removed_already(town: Town, monkeypatch) -> None:
    names = [town.board.submit("tapschool", "amy", f"Show {n}") for n in range(101)]
    name = names[0]
    _, _, cursor = everything(town.connector().fetch(None))
    monkeypatch.setitem(STORMS, "legal", lambda: odd(name))
    town.site.storm("legal", only="api/info")
    assert town.connector().look_up([name])[name].presence is Presence.UNKNOWN
    with pytest.raises(RetryLater):
        town.connector().act(remove(name))
    batches = list(town.connector().fetch(cursor))
    assert not [one for batch in batches for one in batch.gone]
    assert LEFT_OUT in {note for batch in batches for note in batch.notes}
    monkeypatch.setitem(STORMS, "legal", lambda: odd(None))
    with pytest.raises(RetryLater):
        list(town.connector().fetch(cursor))


def test_what_cannot_be_read_in_a_listing_is_said_and_the_rest_is_kept(
    town: Town, monkeypatch
) -> None:
    comment = town.board.reply(town.board.submit("tapschool", "amy", "Show"), "ben", "first")
    monkeypatch.setitem(STORMS, "legal", lambda: odd("t3_zz", created_utc="yesterday"))
    town.site.storm("legal", only="/new")
    batches = list(town.connector().fetch(None))
    assert comment in {post.native_id for batch in batches for post in batch.posts}
    assert LEFT_OUT in {note for batch in batches for note in batch.notes}


@pytest.mark.parametrize("listing", ["/new", "/comments", "about/edited", "about/modqueue"])
def test_pages_without_end_come_to_an_end(town: Town, monkeypatch, listing: str) -> None:
    stays = town.board.submit("tapschool", "amy", "Show")
    served = iter(range(100_000))

    def another() -> Reply:
        name = f"t3_e{next(served):05}"
        data = {"name": name, "title": "again", "created_utc": 1.0}
        children = [{"kind": "t3", "data": data}]
        return as_json({"kind": "Listing", "data": {"children": children, "after": name}})

    monkeypatch.setitem(STORMS, "legal", another)
    town.site.storm("legal", only=listing)
    seen, _, _ = everything(town.connector().fetch(None))
    asked = [line for line in town.site.served if line.endswith(listing)]
    assert 1 <= len(asked) <= 11
    assert stays in seen or listing == "/new"


def test_seen_from_outside_what_was_deleted_and_what_was_removed_are_told_apart(
    town: Town,
) -> None:
    names = [town.board.submit("tapschool", "amy", f"Show {n}", "words") for n in range(3)]
    _, _, cursor = everything(town.connector(user="stranger").fetch(None))
    town.board.delete(names[0])
    town.board.remove(names[1], by="other_mod")
    _, gone, _ = everything(town.connector(user="stranger").fetch(cursor))
    assert gone == {names[0]: "author", names[1]: "moderator"}
