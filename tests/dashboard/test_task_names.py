"""A task says which group or account it is about, and leads to where it is dealt with."""

from casework import accounts, task_places
from models.tables import GroupProfile
from models.vocabulary import Audience, Role, Viewer, now


def test_a_matter_is_called_by_its_name(desk) -> None:
    store = desk.house.store
    lead = desk.member("Lark Ames", Role.LEAD)
    viewer = Viewer(lead.id, "Lark Ames", frozenset({Role.LEAD}))
    with store.write() as session:
        group = GroupProfile(
            name="Juniors chat",
            platform="signal",
            audience=Audience.CHILDREN,
            privacy="unknown",
            created_at=now(),
            checked_mark="",
        )
        session.add(group)
        session.commit()
        group_id = group.id
    account = accounts.create(store, viewer, accounts.NewAccount("facebook", "Larkspur Dance"))
    matters = (f"group:{group_id}", f"account:{account}", "consent:5", "group:999", "group:x")
    with store.read() as session:
        assert task_places.names_of_matters(session, matters, {"facebook": "Facebook"}) == {
            f"group:{group_id}": "Juniors chat",
            f"account:{account}": "Larkspur Dance (Facebook)",
        }
