"""Members of a WhatsApp group, by the lines that WhatsApp itself writes, over several exports."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casework import member_removals
from casework.member_removals import Wish
from collector.connectors.whatsapp import WhatsAppConnector
from collector.polling import poll, register_source
from models.tables import MemberRemoval, MemberRow, Person
from models.unit_of_work import Store
from models.vocabulary import ActionState, Audience, Role, Viewer, now

LRM = "\u200e"
START = """31/12/2022, 11:40 - Jo Smith created group "Tap Class Parents"
31/12/2022, 11:41 - Jo Smith added you
31/12/2022, 11:42 - Jo Smith added Amy, Bea and +44 7700 900123
31/12/2022, 11:43 - +44 7700 900123: Is class on?
31/12/2022, 11:44 - Jo Smith: yes
"""
LATER = """31/12/2022, 11:43 - +44 7700 900123: Is class on?
31/12/2022, 11:44 - Jo Smith: yes
31/12/2022, 11:47 - +44 7700 900456 joined using this group's invite link
31/12/2022, 11:48 - Jo Smith removed +44 7700 900456
31/12/2022, 11:49 - Bea left
31/12/2022, 11:50 - +44 7700 900123 changed to +44 7700 900789
31/12/2022, 11:51 - Cat joined from the community
31/12/2022, 11:52 - Cat: Jo Smith removed Amy
31/12/2022, 11:53 - Jo Smith is now an admin
"""
IPHONE = f"""[31/12/2022, 11:40:26] Parents: {LRM}Messages and calls are end-to-end encrypted. \
No one outside of this chat, not even WhatsApp, can read or listen to them.
[31/12/2022, 11:41:00] Parents: {LRM}Jo Smith added ~\u202fAmy
[31/12/2022, 11:42:00] Amy: hello
[31/12/2022, 11:43:00] {LRM}+44 7700 900123 left
"""


class Group:
    """A folder of exports and the store that it fills."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder, self.store, self.count = folder, store, 0
        self.connector = WhatsAppConnector(folder, ZoneInfo("Europe/London"))
        with store.write() as session:
            made = register_source(
                session,
                name="g",
                connector="whatsapp",
                label="g",
                audience=Audience.ADULT_ONLY,
            )
            session.commit()
            self.source_id = made.id

    def export(self, text: str) -> None:
        self.count += 1
        (self.folder / f"{self.count}.txt").write_text(text, encoding="utf-8")
        poll(self.store, self.source_id, self.connector)

    def rows(self) -> dict[str, MemberRow]:
        with self.store.read() as session:
            return {row.handle: row for row in session.query(MemberRow)}

    def here(self) -> set[str]:
        return {handle for handle, row in self.rows().items() if row.left_at is None}


@pytest.fixture
def group(tmp_path: Path, sqlite_store: Store) -> Group:
    return Group(_folder(tmp_path), sqlite_store)


def _folder(path: Path) -> Path:
    folder = path / "exports"
    folder.mkdir()
    return folder


def test_who_joined_left_was_removed_and_changed_number(group: Group) -> None:
    group.export(START)
    assert group.here() == {"Jo Smith", "Amy", "Bea", "+44 7700 900123"}
    group.export(LATER)
    assert group.here() == {"Jo Smith", "Amy", "+44 7700 900789", "Cat"}, "a message removes nobody"
    rows = group.rows()
    assert rows["+44 7700 900456"].left_at == datetime(2022, 12, 31, 11, 48, tzinfo=UTC)
    assert rows["+44 7700 900789"].before["display_name"] == "+44 7700 900123"
    assert rows["+44 7700 900789"].since == datetime(2022, 12, 31, 11, 42, tzinfo=UTC)
    assert rows["Jo Smith"].role == "admin"


def test_an_older_export_takes_nothing_back(group: Group) -> None:
    group.export(LATER)
    group.export(START)
    before = group.here()
    assert before == {"Jo Smith", "Amy", "+44 7700 900789", "Cat"}, "Bea left after she was added"
    group.export(LATER + "31/12/2022, 12:00 - Cat: bye\n")
    assert group.here() == before
    group.export(LATER + "31/12/2022, 12:30 - Jo Smith added Bea\n")
    assert group.here() == before | {"Bea"}
    assert group.rows()["Bea"].since == datetime(2022, 12, 31, 12, 30, tzinfo=UTC)


def test_the_iphone_layout(group: Group) -> None:
    group.export(IPHONE)
    assert group.here() == {"Amy"}
    assert group.rows()["+44 7700 900123"].left_at is not None


def test_a_name_with_an_and_in_it_is_one_person(group: Group) -> None:
    group.export(
        "31/12/2022, 11:42 - Jo added Mum and Dad\n31/12/2022, 11:43 - Mum and Dad: hello\n"
    )
    assert group.here() == {"Mum and Dad"}


def test_a_removal_by_hand_is_confirmed_by_the_next_export(group: Group) -> None:
    today = now().astimezone(ZoneInfo("Europe/London"))
    with group.store.write() as session:
        person = Person(username="mona", name="Mona", roles=["monitor"], created_at=now())
        session.add(person)
        session.commit()
    mona = Viewer(person.id, "Mona", frozenset({Role.MONITOR}))
    group.export(START)
    wish = Wish(group.source_id, "Bea", "not_ours", "Nobody knows her.")
    removal = member_removals.want(group.store, mona, wish)
    member_removals.act(group.store, removal, group.connector)
    with group.store.read() as session:
        row = session.get_one(MemberRemoval, removal)
        assert row.state is ActionState.BY_HAND and "Remove from group" in row.cure
    member_removals.mark_done_by_hand(group.store, mona, removal)
    state = member_removals.confirm(group.store, removal, group.connector)
    assert state is ActionState.SENT, "no export has shown it yet"
    group.export(f"{today:%d/%m/%Y, %H:%M} - Jo Smith removed Bea\n{_line(today)}")
    state = member_removals.confirm(group.store, removal, group.connector)
    assert state is ActionState.CONFIRMED


def _line(at: datetime) -> str:
    return f"{at:%d/%m/%Y, %H:%M} - Jo Smith: thank you\n"
