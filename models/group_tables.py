"""The tables of groups and accounts: who a group is for, who is in it, and who holds the keys.

Import them from models.tables, where every table is.

What a review rests on is the words of a post, and those stay where they are: an evidence row points
at them. Nobody's age is stored because of what they wrote (practice 6); only a person who knows
confirms one, in the register.
"""

from datetime import date, datetime

from sqlalchemy import Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.columns import Base, UtcDateTime, Word
from models.group_words import (
    EvidenceStrength,
    MatchState,
    Privacy,
    ReviewOutcome,
    ReviewWhy,
    SignIn,
    TwoFactor,
)
from models.vocabulary import Audience


class GroupProfile(Base):
    """A group of the organisation: a watched place, or one that no program can watch (C3, C6).

    source_id: None for a group that is not watched. platform: a key of the platform age table.
    minimum_age: the youngest that the organisation admits, in years; None where it has said none.
    privacy: as attested by a person; UNKNOWN until then. last_look_at: for a group that is not
    watched, when somebody last looked into it. closed_on: the group is no more. checked_mark: what
    the last check of its members rested on, so that nothing is checked twice for nothing.
    """

    __tablename__ = "group_profile"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    platform: Mapped[str] = mapped_column(String(40))
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    minimum_age: Mapped[int | None]
    privacy: Mapped[Privacy] = mapped_column(Word(Privacy), default=Privacy.UNKNOWN)
    privacy_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    privacy_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_on: Mapped[date | None] = mapped_column(Date)
    checked_mark: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)


class GroupViewer(Base):
    """Somebody on staff who can see what happens in a group (C3). Both days are included."""

    __tablename__ = "group_viewer"
    __table_args__ = (UniqueConstraint("group_id", "person_id", "since"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group_profile.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class MemberCheck(Base):
    """A member of a place beside one registered person who may be the same human being.

    score, why: as casework.name_match gives them (0 to 100; plain words without a name).
    decided_by: who confirmed or rejected it.
    """

    __tablename__ = "member_check"
    __table_args__ = (UniqueConstraint("member_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    why: Mapped[str] = mapped_column(String(200))
    score: Mapped[float] = mapped_column(Float)
    state: Mapped[MatchState] = mapped_column(Word(MatchState), index=True)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MembershipReview(Base):
    """Somebody in a place who may be too young for it: a question to a person, never a verdict.

    who: the platform's own id or handle of the person there, one review each. member_id, person_id:
    where they are on the list of members, and on the register. outcome None: nobody has answered;
    PARENT_ASKED: an answer is awaited. decided_at: when it was closed, None while it is open.
    """

    __tablename__ = "membership_review"
    __table_args__ = (
        UniqueConstraint("source_id", "who"),
        Index("ix_membership_review_open", "decided_at", "due_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    who: Mapped[str] = mapped_column(String(300))
    shown_name: Mapped[str] = mapped_column(String(300), default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("register_person.id"), index=True)
    why: Mapped[ReviewWhy] = mapped_column(Word(ReviewWhy))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[ReviewOutcome | None] = mapped_column(Word(ReviewOutcome))
    words: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class MembershipEvidence(Base):
    """Words that suggest an age: where they stand. start, end: into the revision's text."""

    __tablename__ = "membership_evidence"
    __table_args__ = (UniqueConstraint("review_id", "revision_id", "start", "end"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("membership_review.id"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    strength: Mapped[EvidenceStrength] = mapped_column(Word(EvidenceStrength))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SocialAccount(Base):
    """An account of the organisation on a platform (C1, C2). Its password is never kept here.

    platform: a key of the platform age table, or any word. email: the address it is registered
    with. owner_id: the registered person who answers for it. confirmed_at: when somebody last
    looked that all of this is still true. closed_on: the account is no more.
    """

    __tablename__ = "social_account"
    __table_args__ = (UniqueConstraint("platform", "handle"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(40))
    handle: Mapped[str] = mapped_column(String(300))
    email: Mapped[str] = mapped_column(String(254), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("register_person.id"))
    two_factor: Mapped[TwoFactor] = mapped_column(Word(TwoFactor), default=TwoFactor.UNKNOWN)
    sign_in: Mapped[SignIn] = mapped_column(Word(SignIn), default=SignIn.UNKNOWN)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)


class AccountHolder(Base):
    """Somebody who can sign in to an account (C2). Both days are included."""

    __tablename__ = "account_holder"
    __table_args__ = (UniqueConstraint("account_id", "person_id", "since"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("social_account.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("register_person.id"), index=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
