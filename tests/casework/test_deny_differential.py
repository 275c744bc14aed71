"""For whoever it is kept from, a house with a matter and a house without it read the same.

Two databases are filled by the same random story. In the second what concerns the subject never
happened: what they wrote themselves stands there unflagged, what others wrote about them is not
there. Then every reading function of casework is asked on both, and must answer alike but for
numbers of rows and moments in time.
"""

import dataclasses
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from casework import (
    account_view,
    alerts,
    audit,
    cases,
    consents,
    contacts,
    digest,
    group_checks,
    group_coverage,
    group_numbers,
    items,
    membership_reviews,
    nobody_left,
    posts,
    queue,
    receipts,
    register_view,
    subject_access,
    subjects_by_hand,
    tasks,
    watch,
)
from casework.decisions import decide
from casework.platform_ages import load_platform_ages
from casework.posts import PostFilters, PostState
from casework.queue import Filters
from casework.register_names import handle_key
from classifier.policy import load_policy
from models.errors import ChaperoneError, NotYours
from models.register_words import ConsentItem, LinkKind, Standing
from models.tables import (
    Action,
    Consent,
    Item,
    Post,
    RegisterHandle,
    RegisterLink,
    RegisterPerson,
    Revision,
    SafeguardingCase,
    Task,
)
from models.unit_of_work import Store
from models.vocabulary import (
    Category,
    DecisionKind,
    EntryKind,
    Level,
    Organisation,
    ReferralBody,
    Role,
    Viewer,
    now,
)

OURS = Organisation(name="Riverside", outside_contact="Pat Moor")
SUBJECTS = {
    "Lena Daggerwing": (Role.LEAD,),
    "Mona Ash": (Role.MONITOR,),
    "Tara Ford": (Role.TRUSTEE,),
    "Ada Inkpen": (Role.ADMIN,),
    "Nell Both": (Role.ADMIN, Role.LEAD, Role.MONITOR, Role.TRUSTEE),
}
CATEGORIES = (
    Category.INAPPROPRIATE_STAFF_CONTACT,
    Category.GROOMING,
    Category.DISCLOSURE,
    Category.PROFANITY,
    Category.BULLYING,
    Category.PII_PHONE,
)
KINDS = (
    "ordinary",
    "wrote",
    "named",
    "family",
    "said_by_lead",
    "contact",
    "withdrawn",
    "young",
    "young_names",
)
AGES = load_platform_ages()

ROWS = "item|case|action|notice|post|task|contact|membership|member_removal"
"""Kinds of rows whose numbers may differ."""

Step = tuple[str, Category, str, bool]


@dataclasses.dataclass
class Side:
    """One of the two houses. whole: with what is kept from the subject."""

    store: Store
    desk: Any
    subject: Viewer
    whole: bool
    hidden: list[int]
    mine: int = 0
    child: int = 0


@st.composite
def stories(draw: Callable[..., Any]) -> tuple[str, list[Step]]:
    """Who it is about, and what happens: (kind, category, what is done about it, looked at)."""
    step = st.tuples(
        st.sampled_from(KINDS),
        st.sampled_from(CATEGORIES),
        st.sampled_from(("", "keep", "remove", "escalate", "note", "claim", "case", "refer")),
        st.booleans(),
    )
    return draw(st.sampled_from(sorted(SUBJECTS))), draw(st.lists(step, min_size=1, max_size=7))


def _side(path: Path, template: Path, desk_class: Any, name: str, whole: bool) -> Side:
    shutil.copy(template, path)
    store = Store(f"sqlite:///{path}")
    event.listen(store.engine, "connect", _carelessly)
    desk = desk_class(store, load_policy())
    desk.source_id = desk.source("Adult ballet group")
    desk.person("Max", Role.MONITOR)
    desk.person("Lou", Role.LEAD)
    subject = desk.person(name, *SUBJECTS[name])
    first, last = name.split()
    with store.write() as session:
        mine = _person(session, first, last, subject.user_id)
        child = _person(session, "Pip", "Ravenscroft", None)
        session.add(RegisterLink(person_id=mine, to_id=child, kind=LinkKind.PARENT))
        session.add(
            RegisterHandle(
                person_id=mine,
                connector="reddit",
                handle="quiet.otter",
                handle_key=handle_key("quiet.otter"),
                added_at=now(),
            )
        )
        session.commit()
    return Side(store, desk, subject, whole, [], mine, child)


def _carelessly(connection: Any, _entry: Any) -> None:
    """These databases are thrown away: nothing waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")


def _person(session: Any, first: str, last: str, account: int | None) -> int:
    row = RegisterPerson(
        first_name=first,
        surname=last,
        standing=Standing.ADULT,
        roles=["staff"] if account else ["member"],
        account_id=account,
        created_at=now(),
        updated_at=now(),
    )
    session.add(row)
    session.flush()
    return int(row.id)


def _play(side: Side, number: int, step: Step) -> None:
    kind, category, done, looked = step
    name, desk = side.subject.name, side.desk
    thread = f"t{number % 2}"
    if kind in ("contact", "withdrawn"):
        _about_people(side, kind, number)
        return
    if kind == "ordinary":
        item_id = desk.item(f"Darn you all number{number}", category, thread=thread)
    elif kind == "wrote":
        text = f"See you soon number{number}"
        if not side.whole:
            desk.file(desk.post(text, author="quiet.otter", thread=thread))
            return
        item_id = desk.item(text, category, author="quiet.otter", thread=thread)
    elif kind == "young":
        said = f"Thirteen now number{number}"
        item_id = desk.item(said, Category.UNDERAGE, author="kit.young", thread=thread)
    elif not side.whole:
        return
    elif kind == "young_names":
        said = f"Thirteen and {name} writes number{number}"
        found = (Category.UNDERAGE, Category.INAPPROPRIATE_STAFF_CONTACT)
        item_id = desk.item(said, *found, author="kit.young", thread=thread)
    else:
        whose = {"named": name, "family": "Pip Ravenscroft", "said_by_lead": "A teacher"}[kind]
        item_id = desk.item(f"{whose} is so number{number}", category, thread=thread)
    hidden = kind not in ("ordinary", "young")
    if hidden:
        side.hidden.append(item_id)
    if kind == "said_by_lead":
        _escalate(side, item_id)
        _name(side, item_id)
    _act(side, item_id, done)
    if looked:
        desk.open(desk.people["Lou"], item_id)


def _about_people(side: Side, kind: str, number: int) -> None:
    """A contact of the subject's that keeps to no rule; or a consent that ends, in both houses."""
    lou = side.desk.people["Lou"]
    if kind == "contact":
        if side.whole:
            told = contacts.NewContact(side.mine, side.child, now(), "chat", "staff")
            contacts.log_contact(side.store, lou, told, OURS)
        return
    with side.store.write() as session:
        row = Consent(
            person_id=side.child,
            item=ConsentItem.PHOTO,
            given=True,
            given_by="A parent",
            authority="parent",
            purpose=f"number{number}",
            from_day=now().date(),
            recorded_at=now(),
        )
        session.add(row)
        session.commit()
        consent_id = row.id
    consents.withdraw(side.store, lou, consent_id)


def _escalate(side: Side, item_id: int) -> None:
    """Into a case, if it is in none yet."""
    if _case_id(side, item_id) is None:
        max_ = side.desk.people["Max"]
        choice = side.desk.choice(max_, item_id, DecisionKind.ESCALATE, _reason("escalate"))
        decide(side.store, max_, choice)


def _reason(kind: str) -> str:
    from casework.decisions import reasons

    return reasons(DecisionKind(kind))[0].code


def _case_id(side: Side, item_id: int) -> int | None:
    with side.store.read() as session:
        query = select(SafeguardingCase.id).where(SafeguardingCase.item_id == item_id)
        return session.scalar(query)


def _name(side: Side, item_id: int) -> None:
    lou, number = side.desk.people["Lou"], _case_id(side, item_id)
    assert number is not None
    version = cases.open_case(side.store, lou, number).version
    about = subjects_by_hand.Somebody("", side.subject.user_id, None)
    subjects_by_hand.name_subject(side.store, lou, number, version, about, "A parent said so.")


def _act(side: Side, item_id: int, done: str) -> None:
    """What the others do about it; what cannot be done now is left."""
    lou, max_, desk = side.desk.people["Lou"], side.desk.people["Max"], side.desk
    try:
        if done in ("keep", "remove"):
            choice = desk.choice(lou, item_id, DecisionKind(done), _reason(done))
            decide(side.store, lou, choice)
        elif done == "escalate":
            _escalate(side, item_id)
        elif done == "note":
            items.ask_help(side.store, max_, item_id, "Is this one of ours?")
        elif done == "claim":
            items.claim(side.store, max_, item_id)
        elif done in ("case", "refer"):
            _work(side, item_id, refer=done == "refer")
    except ChaperoneError:
        return


def _work(side: Side, item_id: int, *, refer: bool) -> None:
    lou, number = side.desk.people["Lou"], _case_id(side, item_id)
    if number is None:
        return
    cases.acknowledge(side.store, lou, number, cases.open_case(side.store, lou, number).version)
    cases.add_entry(side.store, lou, number, EntryKind.ACCOUNT, "What a parent saw.")
    if refer:
        told = cases.NewReferral(ReferralBody.LADO, "The duty desk", "telephone", now())
        cases.refer(side.store, lou, number, told)


def _plain(value: Any) -> Any:
    """A value without ids, row numbers in text and moments."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if not (field.name in ("id", "permalink") or field.name.endswith(("_id", "reference")))
        }
    if isinstance(value, datetime):
        return "a moment"
    if type(value) is str:
        return re.sub(rf"\b({ROWS}):\d+", r"\1:N", value)
    if isinstance(value, dict):
        return {
            key: len(one) if key == "posts" and isinstance(one, list) else _plain(one)
            for key, one in value.items()
            if not isinstance(one, int)
        }
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


def _answer(ask: Callable[[], Any]) -> Any:
    try:
        return _plain(ask())
    except NotYours as error:
        return ("absent", error.what, error.cure)


def _readings(side: Side) -> Iterator[tuple[str, Any]]:
    """Every reading function of the room, as the subject."""
    store, viewer = side.store, side.subject
    filters = [
        Filters(),
        Filters(mine=True),
        Filters(overdue=True),
        Filters(help_wanted=True),
        Filters(source_id=side.desk.source_id),
        Filters(category=CATEGORIES[0]),
        Filters(level=Level.L3),
    ]
    states: list[PostFilters | None] = [None, *(PostFilters(state=each) for each in PostState)]
    with store.read() as session:
        for each in filters:
            yield f"queue {each}", _answer(lambda f=each: queue.page(session, viewer, f))
        yield "next", _answer(lambda: _next_text(side, session, Filters()))
        yield "counts", _answer(lambda: queue.counts(session, viewer))
        yield "places", _answer(lambda: queue.places(session, viewer))
        for state in states:
            yield f"posts {state}", _answer(lambda s=state: posts.browse(session, viewer, s))
        mine = PostFilters(author="quiet.otter")
        yield "posts of an author", _answer(lambda: posts.browse(session, viewer, mine))
        yield "unread", _answer(lambda: posts.unread(session, viewer))
        for unfinished in (True, False):
            yield (
                "actions",
                _answer(lambda u=unfinished: receipts.actions(session, viewer, unfinished=u)),
            )
        yield "sources", _answer(lambda: watch.sources(session, viewer))
        yield "coverage", _answer(lambda: watch.coverage(session, viewer))
        yield "digests", _answer(lambda: digest.states(session, viewer))
        yield "nobody left", _answer(lambda: nobody_left.stuck(session, viewer, OURS))
        yield "no lead", alerts.no_lead_notice(session, OURS, viewer.user_id)
        yield "record", _answer(lambda: audit.lines(session, viewer))
        yield "checked", _answer(lambda: audit.verify_for(session, viewer))
    for closed in (True, False):
        yield "cases", _answer(lambda c=closed: cases.cases(store, viewer, closed=c))
    for role in digest.ROLES:
        yield f"digest {role}", _answer(lambda r=role: digest.preview(store, viewer, r, OURS).text)
    yield from _of_people(side)
    yield from _by_address(side)


def _of_people(side: Side) -> Iterator[tuple[str, Any]]:
    """What is about people: tasks, the register, members, contacts, groups, the export."""
    store, viewer = side.store, side.subject
    with store.read() as session:
        yield "tasks", _answer(lambda: tasks.open_tasks(session, viewer))
        for person_id in (side.mine, side.child):
            about = _answer(lambda p=person_id: tasks.tasks_about(session, viewer, p))
            yield "tasks about", about
        yield "reviews waiting", _answer(lambda: membership_reviews.waiting(session, viewer))
        yield "contacts", _answer(lambda: contacts.contacts(session, viewer))
        yield "faults", _answer(lambda: contacts.contacts(session, viewer, faulty=True))
        yield "register", _answer(lambda: register_view.people(session, viewer))
        for everything in (True, False):
            reader = viewer.user_id
            yield (
                "numbers",
                group_numbers.numbers(session, now(), everything=everything, reader=reader),
            )
        every_task = dict(session.execute(select(Task.id, Task.kind)).all())
        shown = {
            one: _answer(lambda t=one: tasks.task_for(session, viewer, t)) for one in every_task
        }
        yield "tasks by address", [one for one in shown.values() if not isinstance(one, tuple)]
    for answered in (True, False):
        told = _answer(lambda a=answered: membership_reviews.reviews(store, viewer, answered=a))
        yield "reviews", told
    yield "not admitted", _answer(lambda: membership_reviews.not_admitted(store, viewer))
    yield "groups", _answer(lambda: group_coverage.groups(store, viewer, AGES))
    yield "accounts", _answer(lambda: account_view.accounts(store, viewer))
    for person_id in (side.mine, side.child):
        yield "entry", _answer(lambda p=person_id: register_view.open_person(store, viewer, p))
        yield "export", _answer(lambda p=person_id: subject_access.export(store, viewer, p))
    for task_id, kind in sorted(every_task.items()):
        if kind == "consent_withdrawn":
            again = _answer(lambda t=task_id: consents.look_again_for_posts(store, viewer, t))
            yield "posts again", again


def _next_text(side: Side, session: Any, filters: Filters) -> list[str]:
    """The way through the queue with "Next", as the words of each item."""
    found, here = [], None
    while len(found) < 20:
        here = queue.next_item(session, side.subject, filters, here)
        if here is None:
            return found
        found.append(_text(session, here))
    return found


def _text(session: Any, item_id: int) -> str:
    post = session.get_one(Post, session.get_one(Item, item_id).post_id)
    return str(session.get_one(Revision, post.revision_id).text)


def _by_address(side: Side) -> Iterator[tuple[str, Any]]:
    """What opens by its number: items, cases and actions, by the words they are about."""
    store, viewer, policy = side.store, side.subject, side.desk.policy
    with store.read() as session:
        all_items = {one: _text(session, one) for one in session.scalars(select(Item.id))}
        all_cases = dict(
            session.execute(select(SafeguardingCase.id, SafeguardingCase.item_id)).all()
        )
        actions = session.scalars(select(Action.id)).all()
    opened = []
    for item_id, text in sorted(all_items.items(), key=lambda pair: pair[1]):
        answer = _answer(lambda i=item_id: items.open_item(store, viewer, i, policy))
        if item_id in side.hidden:
            assert answer[0] == "absent", text
        elif answer[0:1] != ("absent",) if isinstance(answer, tuple) else True:
            opened.append((text, answer))
    yield "items by address", opened
    shown = []
    for case_id, item_id in all_cases.items():
        answer = _answer(lambda c=case_id: cases.open_case(store, viewer, c))
        if item_id in side.hidden:
            assert answer[0] == "absent"
        elif not isinstance(answer, tuple):
            shown.append((all_items[item_id], answer))
    yield "cases by address", shown
    with store.read() as session:
        views = [_answer(lambda a=one: receipts.action_view(session, viewer, a)) for one in actions]
    yield "actions by address", [one for one in views if not isinstance(one, tuple)]


@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making it smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
def test_with_and_without_what_is_kept_from_them_they_read_the_same(
    story: tuple[str, list[Step]], migrated_sqlite: Path, tmp_path: Path, desk_class: Any
) -> None:
    name, steps = story
    told = []
    for whole in (True, False):
        side = _side(tmp_path / f"{whole}.sqlite", migrated_sqlite, desk_class, name, whole)
        for number, step in enumerate(steps):
            _play(side, number, step)
        group_checks.run(side.store, AGES)
        told.append(dict(_numbered(side)))
        side.store.close()
        for path in tmp_path.iterdir():
            path.unlink()
    with_it, without = told
    for what, answer in with_it.items():
        assert answer == without[what], what


def _numbered(side: Side) -> Iterator[tuple[str, Any]]:
    for place, (what, answer) in enumerate(_readings(side)):
        yield f"{place} {what}", answer
