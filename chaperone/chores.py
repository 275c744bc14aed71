"""The plain work behind the workflows: each chore calls the rooms below with what they need.

Every chore is idempotent, takes ids, returns a count or ids, and raises only what the rooms
raise (models.errors).
"""

import logging
from datetime import datetime, time, timedelta

from casework import (
    alerts,
    consents,
    contact_keeping,
    digest,
    group_checks,
    mail_contacts,
    member_keeping,
    member_removals,
    removals,
    retention_due,
)
from casework.author_roles import set_author_roles
from casework.dropping import drop_due
from casework.filing import file_posts, redecide, unfiled
from casework.weeks import due_week
from chaperone.guarded import Guard, guarded
from chaperone.wiring import House
from classifier.service import classify_new
from collector.connector import Connector, ListsMembers
from collector.members import poll_members
from collector.polling import poll
from collector.waking import woken_sources
from models.errors import ChaperoneError, NeedsOperator, RetryLater
from models.tables import Action, MemberRemoval, Source
from models.vocabulary import ActionState, Capability, now

_log = logging.getLogger(__name__)

AT_ONCE = 500
"""Revisions classified in one step: some seconds of work, which a killed worker does again."""


def week_due(house: House, moment: datetime) -> str:
    """The newest week whose digest should have left by then, like "2026-W47"."""
    when = house.settings.digest
    return due_week(
        moment,
        weekday=when.weekday,
        leaves=time(when.hour, when.minute),
        timezone=house.organisation.timezone,
    )


class Chores:
    """The chores of one house. guard: keeps a connector's mistakes to its own source."""

    def __init__(self, house: House, guard: Guard) -> None:
        self.house = house
        self._guard = guard

    def _connector(self, source_id: int) -> Connector:
        with self.house.store.read() as session:
            source = session.get_one(Source, source_id)
        return guarded(self.house.connector(source.name), source.name, self._guard)

    def fetch(self, source_id: int, *, if_due: bool = False) -> int:
        """Poll a source once. Returns 1 where there is more, else 0.

        if_due: not where it was looked at since it was asked for. While a source waits for its
        turn it is asked for again and again; only the first turn is one, or it would take those
        of others.
        """
        if if_due and not self._is_due(source_id):
            return 0
        connector = self._connector(source_id)
        polled = poll(self.house.store, source_id, connector)
        if polled.finished and Capability.MEMBERS in connector.capabilities:
            self._members(source_id)
        return int(not polled.finished and polled.new + polled.edited + polled.gone > 0)

    def _is_due(self, source_id: int) -> bool:
        """By the same rules as the sweep (chaperone.sweep)."""
        at = now()
        with self.house.store.read() as session:
            source = session.get_one(Source, source_id)
            last, earliest = source.last_attempt_at, source.next_attempt_at
            woken = any(source_id == one for one, _ in woken_sources(session, at))
            settings = self.house.settings.source(source.name)
        if earliest is not None and earliest > at:
            return False
        return woken or settings is None or settings.is_due(last, at)

    def _members(self, source_id: int) -> None:
        """Who belongs to the place. What goes wrong here takes nothing from its posts: it stands
        in the source's notes, and the next poll tries again."""
        with self.house.store.read() as session:
            name = session.get_one(Source, source_id).name
        lists = self.house.connector(name)
        if not isinstance(lists, ListsMembers):
            return
        try:
            self._guard(f"the members of {name}", poll_members, self.house.store, source_id, lists)
        except ChaperoneError as error:
            _log.info("the members of %s were not read: %s", name, type(error).__name__)

    def confirm_seen(self, source_id: int) -> int:
        """Removals of this source that the poll has now seen gone. Returns how many."""
        return len(removals.confirm_from_poll(self.house.store, source_id))

    def classify(self) -> int:
        """Read the oldest unread revisions. Returns how many posts were read."""
        house = self.house
        set_author_roles(house.store, house.organisation, limit=AT_ONCE)
        return len(classify_new(house.store, house.detectors, limit=AT_ONCE))

    def file(self) -> int:
        """Put what was read, and is not filed yet, before people. Returns how many posts it was.

        What is due stands in the tables, so it does not matter who read it, and a post that
        cannot be filed stays due and holds up no other.
        """
        with self.house.store.read() as session:
            due = unfiled(session, AT_ONCE)
        try:
            self._guard("the queue", self._file, due)
        except NeedsOperator:
            self._file_singly(due)
        return len(due)

    def _file(self, post_ids: tuple[int, ...]) -> int:
        house = self.house
        return file_posts(house.store, house.policy, post_ids, house.organisation)

    def _file_singly(self, post_ids: tuple[int, ...]) -> None:
        """Each in a commit of its own; raises the last trouble once every one was tried."""
        trouble: NeedsOperator | None = None
        for post_id in post_ids:
            try:
                self._guard(f"post {post_id}", self._file, (post_id,))
            except NeedsOperator as error:
                trouble = error
        if trouble is not None:
            raise trouble

    def lapse_consents(self) -> int:
        """End what parents answered for those who have turned 18. Returns how many people."""
        house = self.house
        return consents.lapse_at_18(house.store, timezone=house.organisation.timezone)

    def redecide(self) -> int:
        """Weigh what is stored under the policy of today."""
        house = self.house
        return redecide(house.store, house.policy, house.organisation)

    def freeze(self, action_id: int) -> int:
        """Keep what is to be removed. Returns the number of the evidence."""
        return removals.freeze(self.house.store, action_id)

    def act(self, action_id: int) -> int:
        """Ask the platform. Returns 1 where it says that it is done, else 0."""
        state = removals.act(self.house.store, action_id, self._connector_of(action_id))
        return int(state in (ActionState.SENT, ActionState.CONFIRMED))

    def confirm(self, action_id: int) -> int:
        """Look at the platform again. Returns 1 where it is done, else 0."""
        state = removals.confirm(self.house.store, action_id, self._connector_of(action_id))
        return int(state is ActionState.CONFIRMED)

    def tell(self, action_id: int) -> int:
        """Hand over what a person has still to say. Returns how many texts."""
        return removals.tell(self.house.store, action_id)

    def give_up(self, action_id: int) -> int:
        """Show in red that it could not be carried out."""
        error = NeedsOperator(
            "It could not be carried out.",
            subject=f"removal {action_id}",
            cure="Read the worker's messages. Then try again, or do it on the platform by hand.",
        )
        removals.failed(self.house.store, action_id, error)
        return 1

    def take_out(self, removal_id: int) -> int:
        """Ask the platform to take somebody out. Returns 1 where it says that it is done."""
        connector = self._connector_of_member(removal_id)
        state = member_removals.act(self.house.store, removal_id, connector)
        return int(state in (ActionState.SENT, ActionState.CONFIRMED))

    def confirm_out(self, removal_id: int) -> int:
        """Look whether they are gone. Returns 1 where they are, else 0."""
        connector = self._connector_of_member(removal_id)
        state = member_removals.confirm(self.house.store, removal_id, connector)
        return int(state is ActionState.CONFIRMED)

    def give_up_out(self, removal_id: int) -> int:
        """Show in red that somebody could not be taken out."""
        error = NeedsOperator(
            "It could not be carried out.",
            subject=f"member removal {removal_id}",
            cure="Read the worker's messages. Then try again, or do it on the platform by hand.",
        )
        member_removals.failed(self.house.store, removal_id, error)
        return 1

    def _connector_of_member(self, removal_id: int) -> Connector:
        with self.house.store.read() as session:
            return self._connector(session.get_one(MemberRemoval, removal_id).source_id)

    def _connector_of(self, action_id: int) -> Connector:
        with self.house.store.read() as session:
            return self._connector(session.get_one(Action, action_id).source_id)

    def check_groups(self) -> int:
        """Check members, groups, accounts and mails, where anything changed. Returns what is newly
        asked of people, or logged."""
        house = self.house
        zone = house.organisation.timezone
        logged = mail_contacts.log_from_mail(house.store, house.organisation)
        return logged + group_checks.run(house.store, house.platform_ages, timezone=zone)

    def send_alerts(self) -> int:
        """Remind of what nobody acknowledged, and send what is wanted. Returns how many left."""
        house = self.house
        alerts.remind(house.store)
        sign_in = f"{house.settings.web.public_address}/sign-in"
        return alerts.send_alerts(house.store, house.mailer, house.organisation, sign_in).sent

    def drop_words(self) -> int:
        """What is kept no longer: posts, addresses, contacts, members who left; and a reminder of
        cases whose period is over. Returns how many posts lost their words."""
        store, periods = self.house.store, self.house.settings.keeping
        mail_contacts.forget_addresses(store, periods)
        contact_keeping.forget_contacts(store, periods, self.house.organisation.timezone)
        member_keeping.forget_left(store, periods)
        retention_due.remind(store, periods)
        return drop_due(store, periods).posts

    def send_digest(self, scheduled_at: datetime) -> int:
        """The summaries of the week that was due then, to all who have not had theirs."""
        house = self.house
        sign_in = f"{house.settings.web.public_address}/sign-in"
        week = week_due(house, scheduled_at)
        sent = digest.send_week(house.store, week, house.mailer, house.organisation, sign_in)
        if sent.waiting and house.mailer is not None:
            raise RetryLater(
                f"{sent.waiting} are still to be sent.",
                subject=f"the digest of {week}",
                after=timedelta(minutes=15),
            )
        return sent.sent
