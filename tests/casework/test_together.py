"""Filing, deciding, reporting and carrying out at the same time: nobody waits in a circle."""

import random
import threading

from casework import audit, items, queue, removals
from casework.decisions import decide
from models.errors import ChaperoneError, LookAgain, NotYours, Refused
from models.tables import Action, Decision, Item
from models.vocabulary import ActionState, Category, DecisionKind, ItemState

POSTS = 12
ROUNDS = 15


def test_everything_at_once(desk, platform) -> None:
    ids = [desk.post("Fool you are", Category.BULLYING) for _ in range(POSTS)]
    desk.file(*ids)
    broken: list[ChaperoneError] = []

    def _guarded(work, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ROUNDS):
            try:
                work(chance)
            except (LookAgain, NotYours, Refused):
                continue
            except ChaperoneError as error:
                broken.append(error)
                return

    def _file(chance) -> None:
        post_id = chance.choice(ids)
        desk.edit(post_id, f"Fool {chance.random()}", Category.BULLYING)
        desk.file(*ids)

    def _decide(chance) -> None:
        name, kind, code = chance.choice(
            [
                ("Mona", DecisionKind.REMOVE, "bullying"),
                ("Max", DecisionKind.KEEP, "nothing_wrong"),
                ("Mona", DecisionKind.ESCALATE, "not_sure"),
            ]
        )
        item_id = desk.item_of(chance.choice(ids))
        items.claim(desk.store, desk.people[name], item_id)
        choice = desk.choice(desk.people[name], item_id, kind, code)
        decide(desk.store, desk.people[name], choice)

    def _report(chance) -> None:
        queue.report_post(desk.store, desk.people["Max"], chance.choice(ids), "I worry.")

    def _carry(chance) -> None:
        with desk.store.read() as session:
            wanted = removals.wanted_actions(session)
        for action_id in wanted:
            removals.freeze(desk.store, action_id)
            removals.act(desk.store, action_id, platform)
            removals.confirm(desk.store, action_id, platform)
            removals.tell(desk.store, action_id)
        removals.confirm_from_poll(desk.store, desk.source_id)

    work = [_file, _file, _decide, _decide, _decide, _report, _carry, _carry]
    threads = [
        threading.Thread(target=_guarded, args=(each, seed)) for seed, each in enumerate(work)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    _carry(None)
    with desk.store.read() as session:
        assert audit.verify(session).broken_at is None
        assert session.query(Decision).count() > 0
        over = {ActionState.CONFIRMED, ActionState.HELD}
        assert {action.state for action in session.query(Action)} <= over
        for item in session.query(Item).filter_by(state=ItemState.DECIDED):
            assert item.decided_at is not None
