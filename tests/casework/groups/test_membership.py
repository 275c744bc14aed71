"""Who may be too young for a place is asked about, with the words; adults are not accused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import member_removals
from casework.membership_outcomes import Answer, answer
from casework.membership_reviews import not_admitted, reviews, waiting
from models.errors import LookAgain, NotYours, Refused
from models.group_words import EvidenceStrength, ReviewOutcome, ReviewWhy
from models.register_words import RegisterRole, Standing
from models.tables import (
    Audit,
    Item,
    MemberRemoval,
    MemberRow,
    MembershipReview,
    Post,
    RegisterPerson,
)
from models.vocabulary import ActionState, Audience, AuthorRole, ItemState, Level, Route, now

STRONG = "I'm 15 and I love this group, see you all on Friday"
MEDIUM_ONE = "my mum won't let me come on Fridays"
MEDIUM_TWO = "missing school for the matinee, cannot wait"
PARENT = "My daughter Maya is 12 and starts next week. She is in year 7 and so excited!"


def _all(store):
    with store.read() as session:
        return session.scalars(select(MembershipReview)).all()


def test_a_known_child_in_a_group_for_adults(town, monitor) -> None:
    place = town.source("adults")
    town.person("Wren", "Hallett", born=town.years_ago(15), handle="wren.h")
    town.person("Ash", "Brightwell", born=town.years_ago(40), handle="ash")
    town.member(place, "wren.h", "✨W✨")
    town.member(place, "ash", "Ash B")
    assert town.check() > 0
    (view,) = reviews(town.store, monitor)
    assert (view.why, view.registered, view.handle) == (
        ReviewWhy.KNOWN_CHILD,
        "Wren H.",
        "wren.h",
    )
    assert view.can_remove
    assert view.words == ()
    with town.store.read() as session:
        seen = session.scalars(select(Audit).where(Audit.what == "membership.viewed")).all()
    assert [line.subject for line in seen] == [f"membership:{view.id}"]


def test_on_the_18th_birthday_nothing_is_asked(town, monitor) -> None:
    place = town.source("adults")
    today = now().date()
    town.person("Wren", "Hallett", born=today.replace(year=today.year - 18, day=1), handle="w")
    town.person(
        "Lee", "Marlowe", born=today.replace(year=today.year - 18) + timedelta(days=2), handle="l"
    )
    town.member(place, "w", "W")
    town.member(place, "l", "L")
    town.check()
    assert [view.handle for view in reviews(town.store, monitor)] == ["l"]


def test_an_age_that_nobody_knows_counts_as_a_childs(town, monitor) -> None:
    place = town.source("adults")
    person = town.person("Lee", "Marlowe", handle="lee")
    town.member(place, "lee", "Lee")
    town.check()
    (view,) = reviews(town.store, monitor)
    answer(
        town.store,
        monitor,
        view.id,
        Answer(ReviewOutcome.VERIFIED_ADULT, "Showed me a driving licence.", view.version),
    )
    with town.store.read() as session:
        row = session.get_one(RegisterPerson, person)
        assert row.adult_confirmed_by == monitor.user_id
    town.check()
    assert reviews(town.store, monitor) == ()


def test_one_strong_sign_is_asked_about_with_its_words(town, monitor) -> None:
    place = town.source("adults")
    town.says(place, "stranger", STRONG)
    town.check()
    (view,) = reviews(town.store, monitor)
    assert view.why is ReviewWhy.WRITES_SO
    (words,) = view.words
    assert words.text[words.start : words.end] == "I'm 15"
    assert words.strength is EvidenceStrength.STRONG


def test_two_mediums_make_a_strong_and_one_does_not(town, monitor) -> None:
    place = town.source("adults")
    town.says(place, "kit", MEDIUM_ONE)
    town.check()
    assert reviews(town.store, monitor) == ()
    town.says(place, "kit", MEDIUM_ONE)  # said again it is no second sign
    town.check()
    assert reviews(town.store, monitor) == ()
    town.says(place, "kit", MEDIUM_TWO)
    town.check()
    (view,) = reviews(town.store, monitor)
    assert all(words.strength is EvidenceStrength.MEDIUM for words in view.words)
    assert len(view.words) == 2


@pytest.mark.parametrize("role", [AuthorRole.UNKNOWN, AuthorRole.PARENT])
def test_a_parents_post_about_a_twelve_year_old_does_not_accuse_the_parent(
    town, monitor, role
) -> None:
    place = town.source("adults")
    child = town.person("Maya", "Fielding", born=town.years_ago(12))
    parent = town.person(
        "Sam", "Fielding", standing=Standing.ADULT, roles=(RegisterRole.PARENT,), handle="sam.f"
    )
    town.parent_of(parent, child)
    town.member(place, "sam.f", "Sam Fielding")
    town.says(place, "sam.f", PARENT, role)
    town.says(place, "unknown-parent", PARENT, role)  # nobody on the register
    town.check()
    assert _all(town.store) == []


def test_a_known_adult_is_not_asked_about_for_words_at_all(town, monitor) -> None:
    place = town.source("adults")
    town.person("Sam", "Fielding", standing=Standing.ADULT, handle="sam.f")
    town.member(place, "sam.f", "Sam Fielding")
    town.says(place, "sam.f", STRONG)
    town.says(place, "sam.f", MEDIUM_ONE)
    town.check()
    assert _all(town.store) == []


def test_in_other_places_words_ask_nothing(town, monitor) -> None:
    town.says(town.source("mixed", Audience.MIXED), "stranger", STRONG)
    town.check()
    assert _all(town.store) == []


def test_checking_again_changes_nothing(town, monitor) -> None:
    place = town.source("adults")
    town.person("Wren", "Hallett", born=town.years_ago(15), handle="wren.h")
    town.member(place, "wren.h", "W")
    town.says(place, "stranger", STRONG)
    assert town.check() > 0
    before = [(row.id, row.version, row.opened_at) for row in _all(town.store)]
    assert town.check() == 0
    assert [(row.id, row.version, row.opened_at) for row in _all(town.store)] == before


def test_a_child_below_the_platforms_age_is_asked_about_in_any_group(town, monitor) -> None:
    place = town.source("juniors", Audience.CHILDREN)
    young = town.person("Wren", "Hallett", born=town.years_ago(12), handle="wren")
    older = town.person("Lee", "Marlowe", born=town.years_ago(14), handle="lee")
    for one, name in ((young, "wren"), (older, "lee")):
        town.consent(one)
        town.member(place, name, name.title())
    town.check()
    (view,) = reviews(town.store, monitor)
    assert (view.handle, view.why) == ("wren", ReviewWhy.BELOW_PLATFORM_AGE)


def test_without_a_consent_do_not_admit_and_a_task_for_who_is_in(town, monitor) -> None:
    place = town.source("juniors", Audience.CHILDREN)
    consented, refused, silent = (
        town.person(first, "Marlowe", born=town.years_ago(14), handle=first.lower())
        for first in ("Ann", "Ben", "Cat")
    )
    town.consent(consented, "juniors")
    town.consent(refused)
    town.consent(refused, given=False)  # the other parent says no
    ids = {
        name: town.member(place, name, name.title(), role)
        for name, role in (("ann", "member"), ("ben", "member"), ("cat", "asks to join"))
    }
    town.member(place, "stranger", "Nobody We Know", "asks to join")
    town.check()
    shown = {(one.handle, one.asks) for one in not_admitted(town.store, monitor)}
    assert shown == {("ben", False), ("cat", True), ("stranger", True)}
    kind = "member_without_consent"
    assert town.tasks(kind) == [
        f"source:{place}/member:{ids['ben']}",
        f"source:{place}/member:{ids['cat']}",
    ]
    town.consent(silent, "juniors")
    town.check()
    assert town.tasks(kind) == [f"source:{place}/member:{ids['ben']}"]


def test_removed_goes_to_the_platform_with_words_and_is_not_asked_again(town, monitor) -> None:
    place = town.source("adults")
    town.person("Wren", "Hallett", born=town.years_ago(15), handle="wren.h")
    town.member(place, "wren.h", "W")
    town.check()
    (view,) = reviews(town.store, monitor)
    with pytest.raises(Refused):
        answer(town.store, monitor, view.id, Answer(ReviewOutcome.REMOVED, " ", view.version))
    given = Answer(ReviewOutcome.REMOVED, "Her mother asked me to.", view.version)
    answer(town.store, monitor, view.id, given)
    with pytest.raises(LookAgain):
        answer(town.store, monitor, view.id, given)
    with town.store.read() as session:
        removal = session.scalars(select(MemberRemoval)).one()
        assert (removal.handle, removal.state) == ("wren.h", ActionState.WANTED)
    town.check()
    assert reviews(town.store, monitor) == ()
    (done,) = reviews(town.store, monitor, answered=True)
    assert done.removal is not None
    assert done.removal.state is ActionState.WANTED


def test_who_was_removed_and_is_there_again_is_asked_about_again(town, monitor) -> None:
    place = town.source("adults")
    town.person("Wren", "Hallett", born=town.years_ago(15), handle="wren.h")
    member = town.member(place, "wren.h", "W")
    town.check()
    (view,) = reviews(town.store, monitor)
    given = Answer(ReviewOutcome.REMOVED, "Under 18.", view.version)
    answer(town.store, monitor, view.id, given)
    with town.store.write() as session:
        session.scalars(select(MemberRemoval)).one().state = ActionState.CONFIRMED
        row = session.get_one(MemberRow, member)
        row.left_at = now()
        session.commit()
    town.check()
    assert reviews(town.store, monitor) == ()
    with town.store.write() as session:
        session.get_one(MemberRow, member).left_at = None
        session.commit()
    town.check()
    assert [one.handle for one in reviews(town.store, monitor)] == ["wren.h"]


def test_the_register_is_not_overruled(town, monitor) -> None:
    place = town.source("adults")
    town.person("Wren", "Hallett", born=town.years_ago(15), handle="wren.h")
    town.member(place, "wren.h", "W")
    town.check()
    (view,) = reviews(town.store, monitor)
    for outcome in (ReviewOutcome.VERIFIED_ADULT, ReviewOutcome.CONSENT_RECORDED):
        with pytest.raises(Refused):
            answer(town.store, monitor, view.id, Answer(outcome, "She says so.", view.version))
    assert [one.id for one in reviews(town.store, monitor)] == [view.id]


def test_parent_asked_stays_open_for_a_week(town, monitor) -> None:
    place = town.source("adults")
    town.says(place, "stranger", STRONG)
    town.check()
    (view,) = reviews(town.store, monitor)
    given = Answer(ReviewOutcome.PARENT_ASKED, "I rang her mother.", view.version)
    answer(town.store, monitor, view.id, given)
    (again,) = reviews(town.store, monitor)
    assert again.outcome is ReviewOutcome.PARENT_ASKED
    assert again.due_at - now() > timedelta(days=6)
    given = Answer(ReviewOutcome.VERIFIED_ADULT, "She is 19, her mother says.", again.version)
    answer(town.store, monitor, view.id, given)
    town.says(place, "stranger", "im in year 9")
    town.check()
    assert reviews(town.store, monitor) == ()  # words never undo what a person has verified


def test_words_that_are_the_leads_stay_the_leads(town, monitor, lead) -> None:
    place = town.source("adults")
    post = town.says(place, "stranger", f"{STRONG}. my stepdad hurts me")
    with town.store.write() as session:
        row = session.get_one(Post, post)
        session.add(
            Item(
                post_id=post,
                source_id=place,
                revision_id=row.revision_id,
                state=ItemState.WAITING,
                level=Level.L3,
                route=Route.LEAD,
                categories=[],
                priority=1,
                priority_parts=[],
                policy_version="1",
                due_at=now(),
                opened_at=now(),
            )
        )
        session.commit()
    town.check()
    assert reviews(town.store, monitor) == ()
    (view,) = reviews(town.store, lead)
    assert len(view.words) == 1
    with town.store.read() as session:
        assert (waiting(session, monitor), waiting(session, lead)) == (0, 1)
    with pytest.raises(NotYours):
        answer(
            town.store,
            monitor,
            view.id,
            Answer(ReviewOutcome.PARENT_ASKED, "I ask.", view.version),
        )


def test_nobody_sees_a_review_about_themselves(town, monitor, lead) -> None:
    place = town.source("adults")
    town.person("Robin", "Ash", born=town.years_ago(17), handle="robin", account=monitor)
    town.member(place, "robin", "Robin")
    town.check()
    assert reviews(town.store, monitor) == ()
    (view,) = reviews(town.store, lead)
    assert view.handle == "robin"
    with pytest.raises(NotYours):
        answer(
            town.store,
            monitor,
            view.id,
            Answer(ReviewOutcome.VERIFIED_ADULT, "I am.", view.version),
        )


def test_others_see_nothing(town, outsiders) -> None:
    for one in outsiders:
        for look in (reviews, not_admitted):
            with pytest.raises(NotYours):
                look(town.store, one)


def test_who_writes_and_is_on_no_list_is_matched_too(town, monitor) -> None:
    """An exported chat lists no members: who writes there is there."""
    place = town.source("chat", connector="whatsapp")
    town.person("Wren", "Hallett-Quigley", born=town.years_ago(15))
    town.says(place, "wren hallett-quigley", "see you on Friday")
    town.check()
    (view,) = reviews(town.store, monitor)
    assert view.why is ReviewWhy.KNOWN_CHILD
    assert view.listed is None
    assert not view.can_remove
    given = Answer(ReviewOutcome.REMOVED, "Under 18.", view.version)
    answer(town.store, monitor, view.id, given)
    with town.store.read() as session:
        assert len(member_removals.wanted(session)) == 1
