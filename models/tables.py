"""The tables, in the order in which a post walks through them.

Collected      source, post, revision, member, woken, hook  (the collector writes)
Read           finding                                      (the classifier writes)
Desk           item, item_note, decision, verdict           (casework writes, from here down)
Carried out    action, evidence, notice, member_decision, member_removal   (member_tables.py)
Lead           safeguarding_case, case_entry, referral
People         person, session, invite                      (people_tables.py, offered from here)
Register       register_person, register_handle, register_alias, register_link, consent, task,
               staff_check                                  (register_tables.py, offered from here)
Groups         group_profile, group_viewer, member_check, membership_review, membership_evidence,
               social_account, account_holder
                                                            (group_tables.py, offered from here)
Keeping        kept_from, tombstone, case_keeping, contact, addressee
                                                            (keeping_tables.py, offered from here)
Record         audit, audit_head, digest, alert             (the last two: sending_tables.py)
Engine         worker                                       (the program writes)

Append-only tables refuse UPDATE and DELETE by trigger: see APPEND_ONLY. Words may go, and only
beside a tombstone: see migrations/dropping.py.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, Json, UtcDateTime, Word
from models.group_tables import AccountHolder as AccountHolder
from models.group_tables import GroupProfile as GroupProfile
from models.group_tables import GroupViewer as GroupViewer
from models.group_tables import MemberCheck as MemberCheck
from models.group_tables import MembershipEvidence as MembershipEvidence
from models.group_tables import MembershipReview as MembershipReview
from models.group_tables import SocialAccount as SocialAccount
from models.hook_tables import Hook as Hook
from models.hook_tables import ToldMention as ToldMention
from models.hook_tables import Woken as Woken
from models.keeping_tables import Addressee as Addressee
from models.keeping_tables import CaseKeeping as CaseKeeping
from models.keeping_tables import Contact as Contact
from models.keeping_tables import KeptFrom as KeptFrom
from models.keeping_tables import Tombstone as Tombstone
from models.member_tables import MemberDecision as MemberDecision
from models.member_tables import MemberRemoval as MemberRemoval
from models.member_tables import MemberRow as MemberRow
from models.people_tables import Invite as Invite
from models.people_tables import Person as Person
from models.people_tables import Session as Session
from models.register_tables import Consent as Consent
from models.register_tables import RegisterAlias as RegisterAlias
from models.register_tables import RegisterHandle as RegisterHandle
from models.register_tables import RegisterLink as RegisterLink
from models.register_tables import RegisterPerson as RegisterPerson
from models.register_tables import StaffCheck as StaffCheck
from models.register_tables import Task as Task
from models.sending_tables import Alert as Alert
from models.sending_tables import Digest as Digest
from models.vocabulary import (
    ActionState,
    Audience,
    AuthorRole,
    CaseState,
    Category,
    DecisionKind,
    EntryKind,
    ItemState,
    Level,
    NoticeState,
    PostKind,
    Presence,
    ReferralBody,
    Route,
    Verb,
)

APPEND_ONLY = (
    *("revision", "decision", "verdict", "evidence", "case_entry", "referral", "audit"),
    "tombstone",
)
"""Of a revision, `classified_at`, `unchecked` and `filed_at` may be set; all else is final.
A member_decision is final as well."""


class Source(Base):
    """One watched place. name: its key in settings, never renamed."""

    __tablename__ = "source"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    connector: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(200))
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    enabled: Mapped[bool] = mapped_column(default=True)
    cursor: Mapped[str | None] = mapped_column(Text)
    last_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blind_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")
    cure: Mapped[str] = mapped_column(Text, default="")
    needs_operator: Mapped[bool] = mapped_column(default=False)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notes: Mapped[list[str]] = mapped_column(Json, default=list)


class Post(Base):
    """One post, comment or message. Its words are in its revisions; `revision_id` is the newest."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("source_id", "native_id"),
        Index("ix_post_thread", "source_id", "thread_id"),
        Index("ix_post_author", "source_id", "author_id"),
        Index("ix_post_seen", "source_id", "first_seen_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    native_id: Mapped[str] = mapped_column(String(300))
    kind: Mapped[PostKind] = mapped_column(Word(PostKind))
    author_id: Mapped[str | None] = mapped_column(String(300))
    author_name: Mapped[str | None] = mapped_column(String(300))
    author_role: Mapped[AuthorRole] = mapped_column(Word(AuthorRole))
    parent_id: Mapped[str | None] = mapped_column(String(300))
    thread_id: Mapped[str | None] = mapped_column(String(300))
    permalink: Mapped[str | None] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    presence: Mapped[Presence] = mapped_column(Word(Presence), default=Presence.PRESENT)
    gone_by: Mapped[str] = mapped_column(String(20), default="")
    gone_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    media_count: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    reports: Mapped[int] = mapped_column(default=0)  # by people on the platform itself
    revision_id: Mapped[int | None]
    """The newest revision. No foreign key: the two tables would each need the other first."""


class Revision(Base):
    """The words of a post as they stood. text_hash: SHA-256 of the UTF-8 text, hex."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("post_id", "number"),
        Index("ix_revision_unread", "classified_at", "id"),
        Index("ix_revision_unfiled", "filed_at", "classified_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    classified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its text was dropped, which is "" from then on; a tombstone says why."""
    unchecked: Mapped[str] = mapped_column(Text, default="")
    """Names of detectors that failed or timed out on it, comma separated: then a person looks."""
    filed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When what was found in it was weighed and put before people. Read and not filed: still due,
    whatever became of the worker that read it."""


class FindingRow(Base):
    """Evidence, stored raw: thresholds come later, from the policy."""

    __tablename__ = "finding"
    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    category: Mapped[Category] = mapped_column(Word(Category))
    score: Mapped[float]
    start: Mapped[int]
    end: Mapped[int]
    because: Mapped[str] = mapped_column(Text)
    detector: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))


class Item(Base):
    """One place in the queue for one post; findings, reports and colleagues only add reasons."""

    __tablename__ = "item"
    __table_args__ = (
        Index("ix_item_queue", "state", "route", "priority", "id"),
        Index("ix_item_due", "state", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    state: Mapped[ItemState] = mapped_column(Word(ItemState))
    level: Mapped[Level] = mapped_column(Word(Level))
    route: Mapped[Route] = mapped_column(Word(Route))
    categories: Mapped[list[str]] = mapped_column(Json)
    top_category: Mapped[Category | None] = mapped_column(Word(Category), index=True)
    priority: Mapped[int]
    priority_parts: Mapped[list[Any]] = mapped_column(Json)
    policy_version: Mapped[str] = mapped_column(String(64))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    help_wanted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class ItemNote(Base):
    """What people say to each other about an item: a report, a question to the lead, an answer."""

    __tablename__ = "item_note"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Decision(Base):
    """What a person decided, bound to the words that were seen (text_hash)."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    text_hash: Mapped[str] = mapped_column(String(64))
    kind: Mapped[DecisionKind] = mapped_column(Word(DecisionKind))
    reason_code: Mapped[str] = mapped_column(String(60))
    reason_title: Mapped[str] = mapped_column(String(200))
    clause: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    policy_version: Mapped[str] = mapped_column(String(64))


class Verdict(Base):
    """Whether the decider found one finding right: what `chaperone learn` learns from."""

    __tablename__ = "verdict"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    right: Mapped[bool]


class Action(Base):
    """A decision's wish to change something on a platform, and how far it has come."""

    __tablename__ = "action"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    verb: Mapped[Verb] = mapped_column(Word(Verb))
    state: Mapped[ActionState] = mapped_column(Word(ActionState), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    receipt: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    cure: Mapped[str] = mapped_column(Text, default="")
    wanted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Evidence(Base):
    """What was frozen before a removal: words, author, link, times, hash. Never a picture."""

    __tablename__ = "evidence"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    author_id: Mapped[str | None] = mapped_column(String(300))
    author_name: Mapped[str | None] = mapped_column(String(300))
    permalink: Mapped[str | None] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    collected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    media_count: Mapped[int] = mapped_column(default=0)


class Notice(Base):
    """What somebody is to be told after a decision, or why they are not told (C12)."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    audience: Mapped[str] = mapped_column(String(20))
    told: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState), index=True)
    why_not: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SafeguardingCase(Base):
    """One escalated concern, the lead's own. reference: "2026-0007", never a name."""

    __tablename__ = "safeguarding_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), unique=True)
    state: Mapped[CaseState] = mapped_column(Word(CaseState), index=True)
    level: Mapped[Level] = mapped_column(Word(Level))
    categories: Mapped[list[str]] = mapped_column(Json)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    why_opened: Mapped[str] = mapped_column(Text)
    immediate_danger: Mapped[bool] = mapped_column(default=False)
    about_staff: Mapped[bool] = mapped_column(default=False)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    threshold: Mapped[str] = mapped_column(String(20), default="")
    threshold_reasons: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    close_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class CaseEntry(Base):
    """One dated, signed line of a case; never changed, only followed by another."""

    __tablename__ = "case_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_case.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    text: Mapped[str] = mapped_column(Text)
    about_time: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Referral(Base):
    """Who was told outside, when, by whom, with what reference and advice (C53)."""

    __tablename__ = "referral"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("safeguarding_case.id"), index=True)
    body: Mapped[ReferralBody] = mapped_column(Word(ReferralBody))
    contact: Mapped[str] = mapped_column(String(200))
    how: Mapped[str] = mapped_column(String(60))
    referred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reference: Mapped[str] = mapped_column(String(120))
    advice: Mapped[str] = mapped_column(Text)
    by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Audit(Base):
    """One line of the record. hash: SHA-256 over the line and the hash before it, hex.

    details never hold a word of a post, a token or a password.
    """

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The newest hash: one row, locked while a line is added, so that the chain never forks."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))


class Worker(Base):
    """A worker and its last sign of life: the living take over what a silent one had in hand.

    problem, cure: what keeps it from working as a whole ("the disk is full"), "" when all is well.
    """

    __tablename__ = "worker"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    problem: Mapped[str] = mapped_column(Text, default="")
    cure: Mapped[str] = mapped_column(Text, default="")
