"""Staff handles set the author's role before a post is read (C38 to C42)."""

import pytest
from sqlalchemy import select

from casework import register_edit, register_ties
from casework.author_roles import set_author_roles
from casework.register_edit import Details
from models.register_words import RegisterRole, Standing
from models.tables import Post, Revision
from models.vocabulary import AuthorRole, Organisation, Role

CLUB = Organisation("Club", staff_handles=frozenset({"@Office"}))


def register(desk, role, handle, connector=""):
    mo = desk.people.get("Mo") or desk.person("Mo", Role.MONITOR)
    who = register_edit.add_person(
        desk.store, mo, Details("Gwen", "Lark", Standing.ADULT, frozenset({role}))
    )
    register_ties.add_handle(desk.store, mo, who, connector=connector, handle=handle)


def posted(desk, author_id, name, known=AuthorRole.UNKNOWN, read=False):
    post_id = desk.post("hello", author=name)
    with desk.store.write() as session:
        row = session.get_one(Post, post_id)
        row.author_id, row.author_name, row.author_role = author_id, name, known
        session.get_one(Revision, row.revision_id).classified_at = (
            None if not read else row.posted_at
        )
        session.commit()
    return post_id


def role(desk, post_id):
    set_author_roles(desk.store, CLUB)
    with desk.store.read() as session:
        return session.scalar(select(Post.author_role).where(Post.id == post_id))


@pytest.mark.parametrize("standing", [RegisterRole.STAFF, RegisterRole.VOLUNTEER])
def test_a_staff_handle_makes_staff_whatever_the_platform_said(desk, standing):
    register(desk, standing, "@Miss.Lark", "reddit")
    post = posted(desk, "miss.lark", "Miss Lark", AuthorRole.MEMBER)
    assert role(desk, post) is AuthorRole.STAFF


def test_handles_of_the_settings_are_staff_as_well(desk):
    assert role(desk, posted(desk, "office", "The office")) is AuthorRole.STAFF


def test_a_parent_and_a_member_are_set_where_nothing_was_known(desk):
    register(desk, RegisterRole.PARENT, "gwen.l")
    assert role(desk, posted(desk, "gwen.l", "Gwen")) is AuthorRole.PARENT
    assert role(desk, posted(desk, "gwen.l", "Gwen", AuthorRole.MEMBER)) is AuthorRole.MEMBER


def test_what_was_read_already_stays_as_it_was(desk):
    register(desk, RegisterRole.STAFF, "gwen.l")
    assert role(desk, posted(desk, "gwen.l", "Gwen", read=True)) is AuthorRole.UNKNOWN


def test_a_handle_on_another_platform_is_somebody_else(desk):
    register(desk, RegisterRole.STAFF, "gwen.l", "facebook")
    assert role(desk, posted(desk, "gwen.l", "Gwen")) is AuthorRole.UNKNOWN


def test_a_shown_name_that_anybody_can_take_makes_nobody_staff(desk):
    register(desk, RegisterRole.STAFF, "miss.lark")
    desk.source_id = desk.source("page", connector="facebook")
    assert role(desk, posted(desk, "12345", "miss.lark")) is AuthorRole.UNKNOWN
    desk.source_id = desk.source("insta", connector="instagram")
    assert role(desk, posted(desk, "12345", "miss.lark")) is AuthorRole.STAFF
