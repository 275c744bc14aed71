"""Words that nobody has weighed yet may be a disclosure: a list does not show them to a monitor."""

from typing import Any

import pytest

from casework import posts
from casework.visibility import NOT_READ_YET
from models.tables import Post, Revision
from models.vocabulary import Role, now


@pytest.mark.parametrize(("role", "shown"), [(Role.MONITOR, NOT_READ_YET), (Role.LEAD, "hello")])
def test_words_wait_until_they_are_weighed(desk: Any, role: Role, shown: str) -> None:
    viewer = desk.person("Somebody", role)
    post_id = desk.post("hello")
    with desk.store.write() as session:
        revision = session.get_one(Revision, session.get_one(Post, post_id).revision_id)
        revision.filed_at = None
        session.commit()
    assert [row.text for row in _rows(desk, viewer)] == [shown]
    with desk.store.write() as session:
        session.get_one(Revision, revision.id).filed_at = now()
        session.commit()
    assert [row.text for row in _rows(desk, viewer)] == ["hello"]


def _rows(desk: Any, viewer: Any) -> tuple[posts.PostRow, ...]:
    with desk.store.read() as session:
        return posts.browse(session, viewer).posts
