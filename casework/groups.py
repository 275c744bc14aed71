"""The organisation's groups: who each is for, from what age, how private, and who can look in.

A watched place has its profile by itself (`follow_sources`); a group that no program can watch is
entered by a person. Who may see and change: monitor and lead (C3, C6, C33).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, register
from casework.ages import day_of
from casework.platform_ages import ADULT, ALIASES, PlatformAges
from casework.sessions import Clock
from casework.visibility import absent, require_content
from models.errors import LookAgain, MendInput, Refused
from models.group_words import Privacy
from models.tables import GroupProfile, GroupViewer, Source
from models.unit_of_work import Store
from models.vocabulary import Audience, Viewer, now

LONGEST_NAME = 200
_HIGHEST_AGE = 120


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group that no program watches, as a person enters it. platform: a key of the age table."""

    name: str
    platform: str
    audience: Audience
    minimum_age: int | None


PASTED = "paste"
"""The connector of posts that people bring from elsewhere: a box, not a place with members."""


def follow_sources(session: Session, at: datetime) -> int:
    """A profile for every watched place, with the name and audience of the settings; how many
    are new. What people have said about a place stays. The caller commits."""
    rows = session.scalars(select(GroupProfile).where(GroupProfile.source_id.is_not(None)))
    known: Mapping[int | None, GroupProfile] = {row.source_id: row for row in rows}
    fresh = 0
    for source in session.scalars(select(Source).order_by(Source.id)):
        profile = known.get(source.id)
        if source.connector == PASTED:
            continue
        if profile is None and source.enabled:
            platform = ALIASES.get(source.connector, source.connector)
            adults = source.audience is Audience.ADULT_ONLY
            profile = GroupProfile(
                source_id=source.id,
                name=source.label,
                platform=platform,
                audience=source.audience,
                minimum_age=ADULT if adults else None,
                privacy=Privacy.UNKNOWN,
                created_at=at,
                checked_mark="",
            )
            session.add(profile)
            fresh += 1
        elif profile is not None:
            _follow(profile, source, at)
    session.flush()
    return fresh


def _follow(profile: GroupProfile, source: Source, at: datetime) -> None:
    """The settings decide what a watched place is called and whom it is for."""
    if (profile.name, profile.audience) != (source.label, source.audience):
        profile.name, profile.audience = source.label, source.audience
        adults = source.audience is Audience.ADULT_ONLY
        profile.minimum_age = ADULT if adults else profile.minimum_age
        profile.version += 1
    if source.enabled and profile.closed_on is not None:
        profile.closed_on = None
    elif not source.enabled and profile.closed_on is None:
        profile.closed_on = at.date()


def create(
    store: Store,
    viewer: Viewer,
    ages: PlatformAges,
    new: NewGroup,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> int:
    """The id of the new profile.

    Raises NotYours, MendInput without a name, and Refused with its reason where the platform is
    not for people as young as the group's (C33), or a group for adults would admit a child (C31).
    """
    require_content(viewer, "the groups")
    name = " ".join(new.name.split())
    if not name or len(name) > LONGEST_NAME:
        raise MendInput(
            f"A group needs a name of at most {LONGEST_NAME} characters.",
            subject="the new group",
            cure="Write what people call it.",
        )
    _check_age(new.minimum_age)
    at = clock()
    today = day_of(at, timezone)
    ages.require(new.platform, new.audience, new.minimum_age, today)
    adults = new.audience is Audience.ADULT_ONLY
    with store.write() as session:
        row = GroupProfile(
            name=name,
            platform=new.platform,
            audience=new.audience,
            minimum_age=ADULT if adults and new.minimum_age is None else new.minimum_age,
            privacy=Privacy.UNKNOWN,
            created_at=at,
            checked_mark="",
        )
        session.add(row)
        session.flush()
        audit.record(session, viewer.user_id, "group.created", f"group:{row.id}")
        session.commit()
        return row.id


def set_minimum_age(
    store: Store,
    viewer: Viewer,
    ages: PlatformAges,
    group_id: int,
    version: int,
    minimum_age: int,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> None:
    """The youngest age that the organisation admits. Raises as `create`, and LookAgain."""
    _check_age(minimum_age)
    with store.write() as session:
        row = locked(session, viewer, group_id, version)
        ages.require(row.platform, row.audience, minimum_age, day_of(clock(), timezone))
        row.minimum_age = minimum_age
        _changed(session, viewer, row, "group.age_set", age=minimum_age)
        session.commit()


def attest_privacy(
    store: Store,
    viewer: Viewer,
    group_id: int,
    version: int,
    privacy: Privacy,
    clock: Clock = now,
) -> None:
    """This person has looked at the place's settings today and says how private it is (C6).

    Raises NotYours, LookAgain where somebody else was first.
    """
    with store.write() as session:
        row = locked(session, viewer, group_id, version)
        row.privacy, row.privacy_by, row.privacy_at = privacy, viewer.user_id, clock()
        _changed(session, viewer, row, "group.privacy_attested", privacy=privacy.value)
        session.commit()


def looked(store: Store, viewer: Viewer, group_id: int, version: int, clock: Clock = now) -> None:
    """This person has looked through a group that no program watches. Raises NotYours, LookAgain,
    Refused for a watched one: there the last reading counts."""
    with store.write() as session:
        row = locked(session, viewer, group_id, version)
        if row.source_id is not None:
            raise Refused(
                "This place is read by the program.",
                subject=f"group {group_id}",
                cure="See when it was last read on the Sources screen.",
            )
        row.last_look_at = clock()
        _changed(session, viewer, row, "group.looked_through")
        session.commit()


def close(
    store: Store,
    viewer: Viewer,
    group_id: int,
    version: int,
    *,
    timezone: str = "Europe/London",
    clock: Clock = now,
) -> None:
    """The group is no more. Raises NotYours, LookAgain, Refused for a watched place: that one is
    taken out of the settings."""
    with store.write() as session:
        row = locked(session, viewer, group_id, version)
        if row.source_id is not None:
            raise Refused(
                "This place stands in the settings.",
                subject=f"group {group_id}",
                cure="Take it out of config.toml, and it closes by itself.",
            )
        row.closed_on = day_of(clock(), timezone)
        _changed(session, viewer, row, "group.closed")
        session.commit()


def add_viewer(store: Store, viewer: Viewer, group_id: int, person_id: int, since: date) -> None:
    """Somebody on staff can look into the group from that day on (C3).

    Raises NotYours, Refused for somebody who is not current staff or a volunteer that day, or who
    is on the list already.
    """
    with store.write() as session:
        row = locked(session, viewer, group_id)
        person = register.find_by_id(session, person_id)
        if person is None or not person.is_staff_on(since):
            raise Refused(
                "Only current staff and volunteers of the register can be named here.",
                subject=f"group {group_id}",
                cure="Put the person on the register as staff or volunteer first.",
            )
        same = select(GroupViewer.id).where(
            GroupViewer.group_id == group_id,
            GroupViewer.person_id == person_id,
            GroupViewer.until.is_(None),
        )
        if session.scalar(same.limit(1)) is not None:
            raise Refused("This person is on the list.", subject=f"group {group_id}", cure="")
        session.add(GroupViewer(group_id=group_id, person_id=person_id, since=since))
        _changed(session, viewer, row, "group.viewer_added", person=person_id)
        session.commit()


def end_viewer(store: Store, viewer: Viewer, group_id: int, viewer_id: int, until: date) -> None:
    """Somebody can no longer look into it after that day. Raises NotYours, LookAgain."""
    with store.write() as session:
        row = locked(session, viewer, group_id)
        line = session.get(GroupViewer, viewer_id)
        if line is None or line.group_id != group_id or line.until is not None:
            raise LookAgain(
                "The list has changed since.", subject=f"group {group_id}", cure="Look again."
            )
        line.until = max(until, line.since)
        _changed(session, viewer, row, "group.viewer_ended", person=line.person_id)
        session.commit()


def locked(
    session: Session, viewer: Viewer, group_id: int, version: int | None = None
) -> GroupProfile:
    """The profile, kept from others until the commit.

    version: as it was seen, None where it does not matter. Raises NotYours, LookAgain.
    """
    require_content(viewer, "the groups")
    row = session.get(GroupProfile, group_id, with_for_update={"key_share": True})
    if row is None:
        raise absent(f"group {group_id}")
    if version is not None and row.version != version:
        raise LookAgain(
            "Somebody has changed it since you looked.",
            subject=f"group {group_id}",
            cure="Look again at how it stands.",
        )
    return row


def _changed(
    session: Session, viewer: Viewer, row: GroupProfile, what: str, **details: audit.Detail
) -> None:
    row.version += 1
    session.flush()
    audit.record(session, viewer.user_id, what, f"group:{row.id}", **details)


def _check_age(age: int | None) -> None:
    if age is not None and not 0 <= age <= _HIGHEST_AGE:
        raise MendInput(
            "That is no age.", subject="the youngest age", cure="Write a number of years."
        )
