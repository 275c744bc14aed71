"""Nothing is promised about a post that its platform would refuse to do."""

import pytest

from casework.ground import able_to
from collector.connector import IncomingPost
from collector.connectors import registry
from collector.connectors.kind import ACTS, Ground
from collector.polling import register_source, store_posts
from models.tables import Post
from models.unit_of_work import Store
from models.vocabulary import Audience, AuthorRole, Capability, PostKind, now

HIDES = {Capability.HIDE, Capability.UNHIDE}
OURS, THEIRS = "at://did:plc:us/app.bsky.feed.post/1", "at://did:plc:them/app.bsky.feed.post/1"


def _post(native_id: str, thread: str = "", **more: object) -> IncomingPost:
    """An answer to `thread`, or a top post."""
    kind = PostKind.COMMENT if thread else PostKind.POST
    hangs = {"parent_id": thread or None, "thread_id": thread or native_id}
    return IncomingPost(native_id, kind, "words", now(), **{**hangs, **more})  # type: ignore[arg-type]


STAFF = {"author_role": AuthorRole.STAFF}
CASES = {
    "x": (
        [_post("1", **STAFF), _post("2"), _post("3", "1"), _post("4", "2"), _post("5", "99")],
        {"1": set(), "2": set(), "3": HIDES, "4": set(), "5": set()},
    ),
    "bluesky": (
        [_post(OURS, **STAFF), _post(THEIRS), _post("a", OURS), _post("b", THEIRS)],
        {OURS: set(), THEIRS: set(), "a": HIDES, "b": set()},
    ),
    "facebook": (
        [
            _post("9_1", author_id="9", **STAFF),
            _post("1_2", "9_1", author_id="77"),
            _post("1_3", "9_1", author_id="9"),
            _post("m_1"),
        ],
        {
            "9_1": HIDES | {Capability.REMOVE},
            "1_2": HIDES | {Capability.REMOVE},
            "1_3": {Capability.REMOVE},
            "m_1": set(),
        },
    ),
    "instagram": (
        [_post("17", **STAFF), _post("17_5", "17"), _post("tag-18"), _post("tag-18_3", "tag-18")],
        {
            "17": {Capability.REMOVE},
            "17_5": HIDES | {Capability.REMOVE},
            "tag-18": set(),
            "tag-18_3": set(),
        },
    ),
}
"""By platform: what was collected, and what each can be promised."""


@pytest.mark.parametrize("platform", CASES)
def test_only_what_the_platform_does_is_promised(sqlite_store: Store, platform: str) -> None:
    posts, wanted = CASES[platform]
    with sqlite_store.write() as session:
        source = register_source(
            session, name="s", connector=platform, label="s", audience=Audience.PUBLIC
        )
        store_posts(session, source, posts, [], now)
        acts = {*HIDES, Capability.REMOVE}
        rows = session.query(Post).all()
        found = {one.native_id: able_to(session, source, one) & acts for one in rows}
        session.commit()
    assert found == wanted


def test_reading_is_never_beyond_any() -> None:
    for name in registry.connector_names():
        kind = registry.get(name)
        able = kind.capabilities_for(Ground("1"))
        assert kind.capabilities - able <= ACTS
