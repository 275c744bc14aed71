"""The real connector on real recorded answers of Reddit, replayed over HTTP."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from classifier.registry import detectors
from classifier.service import classify_new
from collector.connector import PlatformAction
from collector.connectors.reddit import RedditConnector
from collector.connectors.reddit_client import Account, RedditClient
from collector.connectors.reddit_moderation import notes_left
from collector.polling import poll, register_source
from collector.sandbox.replay import Replay, load
from models.errors import NeedsOperator, Refused, RetryLater
from models.tables import FindingRow, Post, Revision
from models.unit_of_work import Store
from models.vocabulary import Audience, Category, Organisation, Presence, Verb

SIGN_IN = "grant_type=password&password=p&username=mod"


def pair(method: str, path: str, answer: Any, sent: str = "") -> dict[str, Any]:
    return {
        "request": {"method": method, "uri": f"https://oauth.reddit.com{path}", "body": sent},
        "response": {
            "status": {"code": 200},
            "headers": {"Content-Type": ["application/json"]},
            "body": {"string": json.dumps(answer)},
        },
    }


TOKEN = {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
EMPTY = {"kind": "Listing", "data": {"children": [], "after": None}}
FILL = {"<TEST_SUBREDDIT>": "askreddit", "<PASSWORD>": "p", "<USERNAME>": "mod"}


def connector(replay: Replay, subreddit: str = "askreddit") -> RedditConnector:
    account = Account("app", "s", "mod", "p", oauth_url=replay.url, reddit_url=replay.url)
    return RedditConnector(subreddit, account)


def recorded(shared: Path, *names: str) -> list[Any]:
    folder = shared / "recordings" / "reddit"
    return [one for name in names for one in load(folder / f"{name}.json")]


def after(pairs: Sequence[Any]) -> list[dict[str, Any]]:
    """The end of each recorded listing, which nobody recorded."""
    ends = []
    for one in pairs:
        uri, said = one["request"]["uri"], one["response"]["body"]["string"]
        mark = json.loads(said).get("data", {}).get("after") if '"Listing"' in said[:30] else None
        if mark:
            path = uri.removeprefix("https://oauth.reddit.com").partition("?")[0]
            ends.append(pair("GET", f"{path}?limit=100&raw_json=1&after={mark}", EMPTY))
    return ends


def listings(shared: Path) -> list[Any]:
    """Recorded listings, and a list of reports, which nobody recorded."""
    found = recorded(
        shared,
        "TestSubredditListings.test_new",
        "TestSubredditListings.test_comments",
        "TestSubredditModeration.test_edited",
        "TestSubredditModeration.test_modqueue",
    )
    return [*found, pair("GET", "/r/askreddit/about/reports?limit=100&raw_json=1", EMPTY)]


def registered(store: Store) -> int:
    with store.write() as session:
        source = register_source(
            session, name="r", connector="reddit", label="r", audience=Audience.PUBLIC
        )
        session.commit()
        return source.id


def test_recorded_listings_are_collected_and_stored_once(shared: Path, store: Store) -> None:
    pairs, source_id = listings(shared), registered(store)
    sign_in = pair("POST", "/api/v1/access_token", TOKEN, SIGN_IN)
    with Replay([sign_in, *pairs, *after(pairs)], FILL) as replay:
        first = poll(store, source_id, connector(replay))
        assert not replay.unmatched
        assert poll(store, source_id, connector(replay)).new == 0
    listed = {
        child["data"]["name"]
        for one in pairs
        if '"Listing"' in one["response"]["body"]["string"][:30]
        for child in json.loads(one["response"]["body"]["string"])["data"]["children"]
    }
    with store.read() as session:
        posts = session.query(Post).all()
        assert {post.native_id for post in posts} == listed and first.new == len(listed) > 300
        assert session.query(Revision).filter(Revision.text == "").count() == 0
        hidden = [post for post in posts if post.presence is Presence.HIDDEN]
        assert hidden, "what a filter held in the recorded mod queue"
        assert all(post.author_name for post in posts if post.presence is Presence.PRESENT)


def test_recorded_posts_are_read_by_the_classifier(shared: Path, sqlite_store: Store) -> None:
    pairs, source_id = listings(shared), registered(sqlite_store)
    sign_in = pair("POST", "/api/v1/access_token", TOKEN, SIGN_IN)
    with Replay([sign_in, *pairs, *after(pairs)], FILL) as replay:
        new = poll(sqlite_store, source_id, connector(replay)).new
    read = classify_new(sqlite_store, detectors(Organisation("Dance")), limit=1000)
    assert len(read) == new
    with sqlite_store.read() as session:
        assert session.query(Revision).filter(Revision.classified_at.is_(None)).count() == 0
        assert session.query(Revision).filter(Revision.unchecked != "").count() == 0
        texts = {row.id: row.text for row in session.query(Revision)}
        found = session.query(FindingRow).all()
        assert Category.PROFANITY in {row.category for row in found}
        assert all(0 <= row.start < row.end <= len(texts[row.revision_id]) for row in found)


def test_a_recorded_comment_stream_is_deduplicated(shared: Path) -> None:
    pairs = recorded(shared, "TestSubredditStreams.test_comments")
    listings = [one for one in pairs if "limit=100&raw_json" in one["request"]["uri"]]
    sign_in = pair("POST", "/api/v1/access_token", TOKEN, SIGN_IN)
    empty = [
        pair("GET", f"/r/all/{path}?limit=100&raw_json=1", EMPTY)
        for path in ("new", "about/edited", "about/modqueue", "about/reports")
    ]
    with Replay([sign_in, *empty, *listings, *after(listings)], FILL) as replay:
        once = [p.native_id for b in connector(replay, "all").fetch(None) for p in b.posts]
        assert not replay.unmatched
    assert len(once) == len(set(once)) == 100


def test_the_recorded_removal_with_a_reason_is_what_we_send(shared: Path) -> None:
    name = "t1_f3dm3b7"
    pairs = recorded(
        shared,
        "TestCommentModeration.test_remove_with_reason_id",
        "TestSubredditRemovalReasons.test__iter",
    )
    thing = {"name": name, "body": "words", "author": "a", "created_utc": 1.0, "banned_by": None}
    seen = {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": thing}]}}
    look = pair("GET", f"/api/info/?id={name}&raw_json=1", seen)
    note = next(one for one in pairs if "modactions" in one["request"]["uri"])
    title = _title_of(pairs, note)
    about = {"subreddit": "askreddit", "user": "a"}
    left = {"note": f"Removed: {title} (k)", "reddit_id": name}
    notes = [
        pair("GET", f"/api/mod/notes?{urlencode({**about, 'filter': 'NOTE', 'raw_json': 1})}", {}),
        pair("POST", "/api/mod/notes?raw_json=1", {"created": {}}, urlencode({**about, **left})),
    ]
    sign_in = pair("POST", "/api/v1/access_token", TOKEN, SIGN_IN)
    with Replay([sign_in, look, *notes, *pairs], FILL) as r:
        receipt = connector(r).act(PlatformAction("k", Verb.REMOVE, name, title))
        assert not r.unmatched and not receipt.already
        asked = [line[1] for line in r.served]
    assert asked.index("/api/remove") < asked.index("/api/v1/modactions/removal_reasons")


def _title_of(pairs: Sequence[Any], note: Any) -> str:
    reasons = next(
        json.loads(one["response"]["body"]["string"])["data"]
        for one in pairs
        if one["request"]["uri"].partition("?")[0].endswith("/removal_reasons")
        and one["request"]["method"] == "GET"
    )
    sent = str(note["request"]["body"])
    return next(reason["title"] for key, reason in reasons.items() if key in sent)


def test_recorded_contributors_and_moderators_are_members(shared: Path) -> None:
    pairs = recorded(
        shared,
        "TestSubredditRelationships.test_contributor",
        "TestSubredditRelationships.test_moderator",
    )
    sign_in = pair("POST", "/api/v1/access_token", TOKEN, SIGN_IN)
    talks = recorded(shared, "TestSubredditModmail.test_conversations__other_subreddits")
    said = next(one for one in talks if "after=" not in one["request"]["uri"] and _get(one))
    body = json.loads(said["response"]["body"]["string"])
    whom = urlencode({"entity": "askreddit", "limit": 100, "raw_json": 1, "state": "join_requests"})
    asking = pair("GET", f"/api/mod/conversations?{whom}", body)
    with Replay([sign_in, asking, *pairs], FILL) as replay:
        people = list(connector(replay).members())
        assert not [line for line in replay.unmatched if "after=" not in line]
    assert {one.role for one in people} >= {"moderator", "approved user"}
    assert all(one.since is not None for one in people)
    asks = {one.handle for one in people if one.role == "asks to join"}
    wrote = [talk["participant"] for talk in body["conversations"].values()]
    others = {
        one["name"]
        for one in wrote
        if one and not (one["isMod"] or one["isAdmin"] or one["isApproved"] or one["isDeleted"])
    }
    assert asks == others


def _get(one: Any) -> bool:
    return one["request"]["method"] == "GET"


def test_the_recorded_note_about_an_account_is_what_we_send(shared: Path) -> None:
    sent = recorded(shared, "TestModNotes.test_create_note__submission")
    note = next(one for one in sent if "mod/notes" in one["request"]["uri"])
    fields = set(dict(parse_qsl(note["request"]["body"])))
    assert {"subreddit", "user", "note", "reddit_id"} <= fields
    made = json.loads(note["response"]["body"]["string"])["created"]
    assert notes_left({"mod_notes": [made, None, 7]}).startswith("test note")


def test_the_recorded_ban_is_what_we_send(shared: Path) -> None:
    pairs = recorded(shared, "TestSubredditRelationships.test_banned")
    ban = next(one for one in pairs if "api/friend" in one["request"]["uri"])
    assert {"name", "type"} <= set(dict(parse_qsl(ban["request"]["body"])))
    listing = next(one for one in pairs if "about/banned" in one["request"]["uri"])
    rows = json.loads(listing["response"]["body"]["string"])["data"]["children"]
    assert [row["name"] for row in rows] == ["PyAPITestUser3"]


ERRORS = {
    "TestSession.test_request__bad_gateway": (RetryLater, "/"),
    "TestSession.test_request__service_unavailable": (RetryLater, "/"),
    "TestSession.test_request__unavailable_for_legal_reasons": (Refused, "/"),
    "TestSession.test_request__forbidden": (NeedsOperator, "/user/spez/gilded/given"),
    "TestSession.test_request__not_found": (Refused, "/r/reddit_api_test/wiki/invalid"),
    "TestSession.test_request__with_insufficient_scope": (NeedsOperator, "/api/v1/me"),
    "TestSession.test_request__with_invalid_access_token": (NeedsOperator, "/"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_recorded_errors_are_named_by_their_remedy(shared: Path, name: str) -> None:
    error, path = ERRORS[name]
    pairs = load(shared / "recordings" / "reddit_errors" / f"{name}.json")
    sign_in = pair("POST", "/api/v1/access_token", TOKEN, SIGN_IN)
    with Replay([sign_in, *pairs], FILL) as replay:
        account = Account("app", "s", "mod", "p", oauth_url=replay.url, reddit_url=replay.url)
        with pytest.raises(error) as caught:
            RedditClient(account, "r/x").get(path)
        assert caught.value.cure and not replay.unmatched


@pytest.mark.parametrize(
    "name",
    [
        "TestAuthorizer.test_refresh__with_invalid_token",
        "TestScriptAuthorizer.test_refresh__with_invalid_username_or_password",
    ],
)
def test_recorded_sign_in_errors_need_a_person(shared: Path, name: str) -> None:
    pairs = load(shared / "recordings" / "reddit_errors" / f"{name}.json")
    with Replay(pairs, FILL) as replay:
        at = {"oauth_url": replay.url, "reddit_url": replay.url}
        account = (
            Account("app", "s", refresh_token="INVALID_TOKEN", **at)
            if "Authorizer.test_refresh__with_invalid_token" in name
            else Account("app", "s", "mod", "invalidpassword", **at)
        )
        with pytest.raises(NeedsOperator):
            RedditClient(account, "r/x").get("api/v1/me")
        assert not replay.unmatched
