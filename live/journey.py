"""The product's own way from a post to its confirmed removal, against one connector.

Nothing is shortened: the post is polled, read by every detector, filed in the queue, decided
about by a person, frozen as evidence, removed, and looked at again.

    def run() -> LiveResult:
        result = LiveResult("WordPress")
        with _server(result) as site:
            journey(result, site.connector(), site.unkind_post_id)
        return result
"""

import tempfile
from pathlib import Path

from sqlalchemy import select

from casework import decisions, removals
from casework.filing import file_posts
from classifier.policy import load_policy
from classifier.registry import detectors
from classifier.service import classify_new
from collector.connector import Connector
from collector.polling import poll, register_source
from live.result import LiveResult
from models.errors import ChaperoneError
from models.schema import upgrade
from models.tables import FindingRow, Item, Person, Post, Revision
from models.unit_of_work import Store
from models.vocabulary import (
    ActionState,
    Audience,
    Capability,
    DecisionKind,
    Organisation,
    Role,
    Viewer,
    now,
)

UNKIND = (
    "You are a fat ugly cow and everybody in the group hates you. Nobody wants you here. "
    "Ring me on 07700 900123."
)
"""What the author of the post writes. Every server is given these words; they must be flagged.

The number (of those kept for drama) is found by a rule: what is shown here is the connectors, and
must not hang on where the learnt reading of the day draws its line.
"""

KIND = "Thank you all for a lovely evening. See you at the next class."
"""A post that stays."""

_HOUSE = Organisation(name="Brackwater School of Dance")


class StepFailed(Exception):
    """A step went otherwise than it should. Its text says how."""


def journey(result: LiveResult, connector: Connector, native_id: str) -> None:
    """Collect, flag, remove, confirm; `result.done` says what was seen at each step.

    native_id: the post with UNKIND in it. Where the connector can only hide, it is hidden. Where
    it can do neither, a person's guided steps stand instead: `remove` says so and `confirm` looks
    only that the post still stands.
    A step that goes wrong, or an error of the connector's, is left in `result.failed`.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'live.sqlite'}")
        upgrade(store)
        step = "collect"
        try:
            source_id = _collect(result, store, connector)
            step = "flag"
            item_id, lead = _flag(result, store, native_id)
            step = "remove"
            action_id = _remove(result, store, connector, item_id, lead)
            step = "confirm"
            _confirm(result, store, connector, (action_id, source_id, native_id))
        except (StepFailed, ChaperoneError) as error:
            result.failed = f"{step}: {error}"
        finally:
            store.close()


def _collect(result: LiveResult, store: Store, connector: Connector) -> int:
    with store.write() as session:
        source = register_source(
            session,
            name="live",
            connector=connector.name,
            label="A real server",
            audience=Audience.PUBLIC,
        )
        session.commit()
        source_id = source.id
    first = poll(store, source_id, connector)
    again = poll(store, source_id, connector)
    if first.new < 1 or again.new or again.gone:
        raise StepFailed(f"{first.new} posts came, then {again.new} more and {again.gone} went.")
    result.done["collect"] = f"{first.new} posts, none twice"
    return source_id


def _flag(result: LiveResult, store: Store, native_id: str) -> tuple[int, Viewer]:
    """The item of the unkind post, and the lead who decides."""
    every, policy = detectors(_HOUSE), load_policy(None)
    while read := classify_new(store, every):
        file_posts(store, policy, read, _HOUSE)
    with store.write() as session:
        post = session.scalar(select(Post).where(Post.native_id == native_id))
        if post is None:
            raise StepFailed("The unkind post was not collected.")
        person = Person(username="lead", name="Lee Example", roles=["lead"], created_at=now())
        session.add(person)
        found = session.scalars(
            select(FindingRow.category).where(FindingRow.revision_id == post.revision_id)
        ).all()
        item_id = session.scalar(select(Item.id).where(Item.post_id == post.id))
        session.commit()
        lead = Viewer(person.id, person.name, frozenset({Role.LEAD}))
    if item_id is None:
        raise StepFailed("The unkind post was not flagged.")
    result.done["flag"] = ", ".join(sorted({str(one) for one in found}))
    return item_id, lead


def _remove(
    result: LiveResult, store: Store, connector: Connector, item_id: int, lead: Viewer
) -> int | None:
    kinds = {Capability.REMOVE: DecisionKind.REMOVE, Capability.HIDE: DecisionKind.HIDE}
    kind = next((kinds[one] for one in kinds if one in connector.capabilities), None)
    if kind is None:
        result.done["remove"] = "by a person, with steps"
        return None
    with store.read() as session:
        item = session.get_one(Item, item_id)
        revision = session.get_one(Revision, item.revision_id)
    choice = decisions.Choice(
        item_id,
        revision.id,
        revision.text_hash,
        item.version,
        kind,
        "off_topic",
        "Unkind.",
    )
    action_id = decisions.decide(store, lead, choice).action_id
    if action_id is None:
        raise StepFailed("The decision led to no action.")
    removals.freeze(store, action_id)
    state = removals.act(store, action_id, connector)
    if state is not ActionState.SENT:
        raise StepFailed(f"The action is {state}.")
    result.done["remove"] = "removed" if kind is DecisionKind.REMOVE else "hidden"
    return action_id


def _confirm(
    result: LiveResult, store: Store, connector: Connector, ids: tuple[int | None, int, str]
) -> None:
    action_id, source_id, native_id = ids
    seen = connector.look_up([native_id])[native_id].presence
    if action_id is None:
        result.done["confirm"] = f"seen as {seen}"
        return
    state = removals.confirm(store, action_id, connector)
    if state is not ActionState.CONFIRMED:
        raise StepFailed(f"The action is {state}; the post is {seen}.")
    again = poll(store, source_id, connector)
    result.done["confirm"] = f"seen as {seen}, {again.new} new after it"
