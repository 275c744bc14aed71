"""The program links whom it is sure of; a close call is a person's, and stays as decided."""

import pytest
from sqlalchemy import select

from casework.member_matching import decide_match, links, offered_members
from models.errors import LookAgain, NotYours
from models.group_words import MatchState
from models.register_words import Standing
from models.tables import Audit, MemberCheck, MemberRow
from models.vocabulary import Audience


def _states(town):
    with town.store.read() as session:
        return sorted(row.state for row in session.scalars(select(MemberCheck)))


def test_a_handle_links_by_itself_and_a_nickname_is_offered(town, monitor) -> None:
    place = town.source("adults")
    sure = town.person("Ash", "Brightwell", standing=Standing.ADULT, handle="ash")
    close = town.person("Katherine", "Oyelaran", born=town.years_ago(15))
    one = town.member(place, "ash", "somebody")
    two = town.member(place, "k8", "Katie Oyelaran")
    town.check()
    with town.store.read() as session:
        assert links(session, place) == {one: sure}
    (offered,) = offered_members(town.store, monitor)
    assert (offered.member_id, offered.shown_name) == (two, "Katie Oyelaran")
    (offer,) = offered.offers
    assert (offer.person_id, offer.name, offer.child) == (close, "Katherine O.", True)
    assert town.tasks("match_offered") == [f"source:{place}"]


def test_nothing_follows_from_a_close_call_until_a_person_decides(town, monitor) -> None:
    from casework.membership_reviews import reviews

    place = town.source("adults")
    close = town.person("Katherine", "Oyelaran", born=town.years_ago(15))
    two = town.member(place, "k8", "Katie Oyelaran")
    town.check()
    assert reviews(town.store, monitor) == ()
    decide_match(town.store, monitor, two, close)
    town.check()
    assert [view.registered for view in reviews(town.store, monitor)] == ["Katherine O."]
    assert town.tasks("match_offered") == []
    with pytest.raises(LookAgain):
        decide_match(town.store, monitor, two, None)


def test_whom_a_person_rejects_is_never_offered_again(town, monitor) -> None:
    place = town.source("adults")
    town.person("Katherine", "Oyelaran", born=town.years_ago(15))
    two = town.member(place, "k8", "Katie Oyelaran")
    town.check()
    decide_match(town.store, monitor, two, None)
    town.member(place, "other", "Other")  # something changed: everybody is matched again
    town.check()
    assert offered_members(town.store, monitor) == ()
    assert _states(town) == [MatchState.REJECTED]
    with town.store.read() as session:
        line = session.scalars(select(Audit).where(Audit.what == "match.rejected")).one()
        assert line.details == {"registered": None}


def test_an_offer_goes_when_the_name_changes_or_the_member_leaves(town, monitor) -> None:
    place = town.source("adults")
    town.person("Katherine", "Oyelaran", born=town.years_ago(15))
    two = town.member(place, "k8", "Katie Oyelaran")
    town.check()
    assert len(town.tasks("match_offered")) == 1
    with town.store.write() as session:
        row = session.get_one(MemberRow, two)
        row.display_name, row.changed_at = "Sunny Side", row.last_seen_at
        session.commit()
    town.check()
    assert town.tasks("match_offered") == []
    assert _states(town) == []


def test_followers_of_a_public_page_are_not_matched(town, monitor) -> None:
    place = town.source("page", Audience.PUBLIC)
    town.person("Katherine", "Oyelaran", born=town.years_ago(15))
    town.member(place, "k8", "Katie Oyelaran", "follower")
    town.check()
    assert _states(town) == []


def test_others_see_nothing(town, outsiders) -> None:
    for one in outsiders:
        with pytest.raises(NotYours):
            offered_members(town.store, one)
        with pytest.raises(NotYours):
            decide_match(town.store, one, 1, None)
