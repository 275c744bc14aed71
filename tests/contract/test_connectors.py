"""What every connector keeps, shown on its platform's stand-in over a real socket."""

import gc
import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from collector.connector import Batch, Connector, Cursor, PlatformAction
from collector.connectors.registry import connector_names, get
from collector.polling import poll, register_source
from models.errors import ChaperoneError, MendSettings, NeedsOperator, Refused, RetryLater
from models.tables import Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, Capability, Presence, Verb

PRIVATE = "quillfeathers and marzipan"
"""Words of a post, that no log and no error may repeat."""


@pytest.fixture
def source(sqlite_store: Store, harness: Any) -> int:
    return _source(sqlite_store, "watched", harness.connector())


def _source(store: Store, name: str, connector: Connector) -> int:
    with store.write() as session:
        source = register_source(
            session, name=name, connector=connector.name, label=name, audience=Audience.PUBLIC
        )
        session.commit()
        return source.id


def _texts(store: Store) -> dict[str, str]:
    """Native id to the newest text."""
    with store.read() as session:
        joined = select(Post.native_id, Revision.text).join(
            Revision, Revision.id == Post.revision_id
        )
        return {row[0]: row[1] for row in session.execute(joined)}


def _presence(store: Store, native_id: str) -> Presence:
    with store.read() as session:
        return session.scalars(select(Post.presence).where(Post.native_id == native_id)).one()


def _the(store: Store, source_id: int) -> Source:
    with store.read() as session:
        found = session.get(Source, source_id)
        assert found is not None
        return found


def _poll_to_the_end(store: Store, source: int, connector: Connector) -> None:
    while not poll(store, source, connector).finished:
        pass


def test_every_name_leads_to_its_kind() -> None:
    for name in connector_names():
        kind = get(name)
        assert kind.name == name
        assert kind.summary and all(option.help for option in kind.options.values())
    with pytest.raises(MendSettings, match='Did you mean "facebook"'):
        get("facebok")


def test_it_is_a_connector(harness: Any) -> None:
    connector = harness.connector()
    assert isinstance(connector, Connector)
    kind = getattr(harness, "kind", None) or get(connector.name)  # the toy is in no registry
    assert (kind.name, kind.capabilities) == (connector.name, connector.capabilities)
    for verb in Verb:
        steps = connector.by_hand(verb)
        assert steps and all(step.endswith(".") for step in steps)


def test_pages_to_the_end(harness: Any, sqlite_store: Store, source: int) -> None:
    harness.many(260)
    _poll_to_the_end(sqlite_store, source, harness.connector())
    assert len(_texts(sqlite_store)) == 260


def test_replies_are_not_missed(harness: Any, sqlite_store: Store, source: int) -> None:
    post = harness.write("a post")
    comment = harness.write("a comment", post)
    reply = harness.write("a reply", comment)
    _poll_to_the_end(sqlite_store, source, harness.connector())
    assert _texts(sqlite_store) == {post: "a post", comment: "a comment", reply: "a reply"}
    with sqlite_store.read() as session:
        rows = session.execute(select(Post.native_id, Post.parent_id, Post.thread_id))
        hangs = {row[0]: (row[1], row[2]) for row in rows}
    assert hangs == {post: (None, post), comment: (post, post), reply: (comment, post)}


def test_twice_stores_once_and_new_ones_come(
    harness: Any, sqlite_store: Store, source: int
) -> None:
    post = harness.write("a post")
    _poll_to_the_end(sqlite_store, source, harness.connector())
    again = poll(sqlite_store, source, harness.connector())
    assert (again.new, again.edited, again.gone) == (0, 0, 0)
    late = harness.write("late, under an old post", post)
    assert poll(sqlite_store, source, harness.connector()).new == 1
    assert late in _texts(sqlite_store)


class _Crashing:
    """The connector, whose process dies after so many batches."""

    def __init__(self, inner: Connector, batches: int) -> None:
        self.inner, self.batches = inner, batches
        self.name, self.capabilities = inner.name, inner.capabilities

    def fetch(self, after: Cursor | None) -> Iterator[Batch]:
        for number, batch in enumerate(self.inner.fetch(after)):
            if number == self.batches:
                raise KeyboardInterrupt
            yield batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_resumes_after_a_crash_at_any_batch(
    harness: Any, sqlite_store: Store, source: int, batches: int
) -> None:
    harness.many(520)
    for _ in range(3):
        crashing: Any = _Crashing(harness.connector(), batches)
        try:
            poll(sqlite_store, source, crashing)
        except KeyboardInterrupt:
            continue
    _poll_to_the_end(sqlite_store, source, harness.connector())
    assert len(_texts(sqlite_store)) == 520


def test_an_edit_is_a_new_revision(harness: Any, sqlite_store: Store, source: int) -> None:
    post = harness.write("a post")
    comment = harness.write("as it was", post)
    _poll_to_the_end(sqlite_store, source, harness.connector())
    harness.edit(comment, "as it is now")
    seen = poll(sqlite_store, source, harness.connector())
    if getattr(harness, "edits_are_new_posts", False):  # a wiki changes no version of a page
        assert seen.new == 1 and "as it is now" in _texts(sqlite_store).values()
        return
    assert seen.edited == 1
    assert _texts(sqlite_store)[comment] == "as it is now"


@pytest.mark.parametrize("what", ["post", "comment"])
def test_a_deletion_is_noticed(harness: Any, sqlite_store: Store, source: int, what: str) -> None:
    post = harness.write("a post")
    doomed = harness.write("a comment", post) if what == "comment" else harness.write("another")
    _poll_to_the_end(sqlite_store, source, harness.connector())
    harness.delete(doomed)
    assert poll(sqlite_store, source, harness.connector()).gone == 1
    assert _presence(sqlite_store, doomed) is Presence.GONE
    assert _presence(sqlite_store, post) is Presence.PRESENT
    assert poll(sqlite_store, source, harness.connector()).gone == 0


def test_look_up_survives_what_is_missing(harness: Any) -> None:
    ids = [harness.write(f"post {number}") for number in range(5)]
    harness.delete(ids[1])
    harness.delete(ids[4])
    seen = harness.connector().look_up(ids)
    stands = [seen[one].presence is Presence.PRESENT for one in ids]
    assert stands == [True, False, True, True, False]
    assert seen[ids[1]].presence is Presence.GONE
    if not getattr(harness, "shows_no_words", False):  # Telegram shows no message again
        assert seen[ids[0]].text == "post 0"


def test_a_removal_is_done_once_and_is_a_success_twice(harness: Any) -> None:
    connector = harness.connector()
    if Capability.REMOVE not in connector.capabilities:
        pytest.skip("it cannot remove")
    post = harness.write("a post")
    action = PlatformAction("key-1", Verb.REMOVE, harness.write("unkind", post))
    first, second = connector.act(action), connector.act(action)
    assert not first.already
    assert second.already and second.detail
    assert not harness.stands(action.native_id)
    assert connector.look_up([action.native_id])[action.native_id].presence is Presence.GONE
    assert harness.stands(post)


def test_a_missing_permission_is_not_taken_for_gone(harness: Any) -> None:
    if Capability.REMOVE not in harness.connector().capabilities:
        pytest.skip("it cannot remove")
    post = harness.write("a post")
    harness.may_not_moderate()
    with pytest.raises(NeedsOperator) as told:
        harness.connector().act(PlatformAction("key-1", Verb.REMOVE, post))
    assert told.value.cure
    assert harness.stands(post)


def test_a_verb_it_has_not_is_refused_with_steps(harness: Any) -> None:
    connector = harness.connector()
    post = harness.write("a post")
    verbs = {Capability.HIDE: Verb.HIDE, Capability.UNHIDE: Verb.UNHIDE}
    verbs |= {Capability.REMOVE: Verb.REMOVE, Capability.RESTORE: Verb.RESTORE}
    for capability, verb in verbs.items():
        if capability not in connector.capabilities:
            with pytest.raises(Refused) as told:
                connector.act(PlatformAction("key-1", verb, post))
            assert told.value.cure
    assert harness.stands(post)


@pytest.mark.parametrize("native_id", ["", "../me", "1?fields=x", "x" * 5000, "1_2/comments"])
def test_an_id_that_is_none_never_reaches_the_address(harness: Any, native_id: str) -> None:
    connector = harness.connector()
    with pytest.raises(Refused):
        connector.act(PlatformAction("key-1", Verb.REMOVE, native_id))
    assert connector.look_up([native_id])[native_id].presence in (
        Presence.UNKNOWN,
        Presence.GONE,
    )


def test_a_limit_keeps_the_delay_of_the_platform(
    harness: Any, sqlite_store: Store, source: int
) -> None:
    post = harness.write("a post")
    harness.limit()
    with pytest.raises(RetryLater) as told:
        poll(sqlite_store, source, harness.connector())
    assert told.value.after == harness.delay
    if Capability.REMOVE in harness.connector().capabilities:
        with pytest.raises(RetryLater) as told:
            harness.connector().act(PlatformAction("key-1", Verb.REMOVE, post))
        assert told.value.after == harness.delay
    harness.mend()
    assert poll(sqlite_store, source, harness.connector()).new == 1


def test_a_break_down_passes(harness: Any, sqlite_store: Store, source: int) -> None:
    post = harness.write("a post")
    _poll_to_the_end(sqlite_store, source, harness.connector())
    harness.write("more", post)
    harness.break_down()
    with pytest.raises(RetryLater) as told:
        poll(sqlite_store, source, harness.connector())
    assert timedelta(0) < told.value.after <= timedelta(hours=1)
    assert _the(sqlite_store, source).blind_since is not None
    assert not _the(sqlite_store, source).needs_operator
    harness.mend()
    assert poll(sqlite_store, source, harness.connector()).new == 1
    assert _the(sqlite_store, source).blind_since is None


def test_an_expired_token_asks_for_a_person_and_only_for_its_source(
    harness: Any, sqlite_store: Store, source: int
) -> None:
    other = _source(sqlite_store, "other", harness.connector())
    harness.write("a post")
    harness.expire()
    with pytest.raises(NeedsOperator):
        poll(sqlite_store, source, harness.connector())
    blind = _the(sqlite_store, source)
    assert blind.needs_operator and blind.blind_since and blind.problem and blind.cure
    assert _the(sqlite_store, other).problem == ""
    harness.mend()
    assert poll(sqlite_store, other, harness.connector()).new == 1
    assert poll(sqlite_store, source, harness.connector()).new == 1


def test_an_insufficient_token_stops_its_source_only(
    harness: Any, sqlite_store: Store, source: int
) -> None:
    if not hasattr(harness, "may_not_read"):
        pytest.skip("its harness has no token that may not read")
    other = _source(sqlite_store, "other", harness.connector())
    harness.write("a post")
    harness.may_not_read()
    with pytest.raises(NeedsOperator):
        poll(sqlite_store, source, harness.connector())
    blind = _the(sqlite_store, source)
    assert blind.needs_operator and blind.blind_since and blind.problem and blind.cure
    assert _the(sqlite_store, other).problem == ""
    harness.mend()
    assert poll(sqlite_store, other, harness.connector()).new == 1
    assert poll(sqlite_store, source, harness.connector()).new == 1


def test_a_removal_whose_reason_failed_is_tried_until_the_reason_is_there(harness: Any) -> None:
    if not hasattr(harness, "lose_the_reason"):
        pytest.skip("it gives no reason, or gives it with the removal itself")
    assert Capability.REASON in harness.connector().capabilities
    doomed = harness.write("unkind", harness.write("a post"))
    action = PlatformAction("key-1", Verb.REMOVE, doomed, "Be kind")
    for _ in range(3):
        harness.lose_the_reason()
        with pytest.raises(RetryLater):
            harness.connector().act(action)
        assert not harness.stands(doomed) and not harness.reason_of(doomed)
        harness.mend()
    assert harness.connector().act(action).already
    assert harness.reason_of(doomed) == "Be kind"


def _error_of(step: Callable[[], object]) -> ChaperoneError | None:
    """What it left by, None where it went through."""
    try:
        step()
    except (RetryLater, NeedsOperator, Refused) as error:
        return error
    return None


def _hostile_names(harness: Any) -> dict[str, Callable[[], None]]:
    found: dict[str, Callable[[], None]] = harness.hostile()
    return found


@pytest.fixture
def no_collection() -> Iterator[None]:
    """No garbage is collected while the test runs.

    JSON nested without end ends at Python's limit of depth. A collection that starts down there,
    for whatever earlier tests left, cannot close their connections: its own calls are too deep.
    """
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collection")
def test_hostile_payloads_are_clear_errors_and_nothing_is_lost(
    harness: Any, sqlite_store: Store, source: int
) -> None:
    post = harness.write("a post")
    _poll_to_the_end(sqlite_store, source, harness.connector())
    before, cursor = _texts(sqlite_store), _the(sqlite_store, source).cursor
    assert cursor is not None
    for name, serve in _hostile_names(harness).items():
        serve()
        told = _error_of(lambda: poll(sqlite_store, source, harness.connector()))
        assert told is not None, f"{name}: taken for a good answer"
        assert told.what and told.cure, name
        harness.mend()
        kept = _texts(sqlite_store)
        assert {one: kept[one] for one in before} == before, name
        assert _presence(sqlite_store, post) is Presence.PRESENT, name
    harness.write("all is well", post)
    _poll_to_the_end(sqlite_store, source, harness.connector())
    assert "all is well" in _texts(sqlite_store).values()


def test_nobody_answers(harness: Any, sqlite_store: Store, source: int) -> None:
    connector = harness.unreachable()
    with pytest.raises(RetryLater):
        poll(sqlite_store, source, connector)
    if Capability.REMOVE in connector.capabilities:
        with pytest.raises(RetryLater):
            connector.act(PlatformAction("key-1", Verb.REMOVE, harness.write("a post")))


@pytest.mark.usefixtures("no_collection")
def test_no_secret_and_no_words_in_logs_or_errors(
    harness: Any, sqlite_store: Store, source: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post = harness.write(f"a post with {PRIVATE}")
    comment = harness.write(f"a comment with {PRIVATE}", post)
    connector = harness.connector()
    told = [repr(connector), str(connector)]

    def tried(step: Callable[[], object]) -> None:
        try:
            step()
        except ChaperoneError as error:
            told.extend(traceback.format_exception(error))

    remove = PlatformAction("key-1", Verb.REMOVE, comment)
    steps = (lambda: poll(sqlite_store, source, connector), lambda: connector.act(remove))
    storms = [harness.limit, harness.break_down, harness.expire, harness.may_not_moderate]
    for storm in [*storms, *_hostile_names(harness).values(), harness.mend]:
        storm()
        for step in steps:
            tried(step)
        harness.mend()
    told.append(_the(sqlite_store, source).cursor or "")
    everything = "\n".join([*told, caplog.text, *(str(record.args) for record in caplog.records)])
    assert len(everything) > 1000
    for secret in (*harness.secrets, PRIVATE):
        assert secret not in everything
