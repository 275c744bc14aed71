"""What the desk shows: frozen values, ready to be drawn as plain text.

All times are aware UTC. Offsets count characters of the original text, end exclusive. Nothing in
here is Markdown or HTML, and nothing may be drawn as such.
"""

from dataclasses import dataclass
from datetime import datetime

from models.vocabulary import (
    ActionState,
    Audience,
    AuthorRole,
    Category,
    DecisionKind,
    ItemState,
    Level,
    NoticeState,
    Presence,
    Route,
    Verb,
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a post is here. category None: reported by a person, or could not be checked.

    because: one plain sentence. clause: "C19", clause_words: what the policy says there.
    score: 0 to 1. start, end: into the text of `revision_id`; both 0 where there is no span.
    finding_id: for the decider's right or wrong; None where no detector found it.
    """

    category: Category | None
    title: str
    because: str
    clause: str
    clause_words: str
    score: float
    start: int
    end: int
    detector: str
    revision_id: int
    finding_id: int | None


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One post of the thread around an item. folded_label: not "" where its text stays folded."""

    post_id: int
    author_name: str
    author_role: AuthorRole
    posted_at: datetime
    text: str
    presence: Presence
    is_this: bool
    item_id: int | None
    folded_label: str


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """An earlier item of the same author in the same place: what it was and how it ended."""

    item_id: int
    posted_at: datetime
    categories: tuple[str, ...]
    state: ItemState
    decision: DecisionKind | None
    reason_title: str


@dataclass(frozen=True, slots=True)
class EarlierText:
    """The words as they stood before the post was edited."""

    revision_id: int
    seen_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a person said about an item. kind: "report", "question" or "answer"."""

    kind: str
    text: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DecisionView:
    """The newest decision about an item."""

    decision_id: int
    kind: DecisionKind
    reason_title: str
    clause: str
    words: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What somebody is or was to be told. to: "author", "public" or "affected"."""

    notice_id: int
    to: str
    told: str
    text: str
    state: NoticeState
    why_not: str
    sent_at: datetime | None
    sent_by_name: str


@dataclass(frozen=True, slots=True)
class ActionView:
    """How far the platform's part has come. status: one plain sentence.

    steps: what a person does by hand, where the platform cannot do it from here.
    """

    action_id: int
    item_id: int
    verb: Verb
    state: ActionState
    status: str
    problem: str
    cure: str
    steps: tuple[str, ...]
    attempts: int
    wanted_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    confirmed_at: datetime | None
    evidence_frozen_at: datetime | None
    notices: tuple[NoticeView, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item as one person may see it, with everything that a decision rests on.

    revision_id, text_hash and version go back with the decision, which is refused if any of them
    changed. folded: the text stays behind folded_label until opened. verbs: the kinds of decision
    that this person can take now. can_ask_platform: verbs that the platform carries out itself.
    """

    item_id: int
    post_id: int
    revision_id: int
    text_hash: str
    version: int
    source_label: str
    connector: str
    audience: Audience
    author_name: str
    author_role: AuthorRole
    posted_at: datetime
    permalink: str | None
    media_count: int
    note: str
    presence: Presence
    text: str
    reasons: tuple[Reason, ...]
    unchecked: tuple[str, ...]
    level: Level
    route: Route
    due_at: datetime
    opened_at: datetime
    state: ItemState
    priority: int
    priority_parts: tuple[tuple[str, int], ...]
    claimed_by: int | None
    claimed_by_name: str
    claimed_until: datetime | None
    help_wanted: bool
    thread: tuple[ThreadLine, ...]
    earlier: tuple[EarlierLine, ...]
    earlier_texts: tuple[EarlierText, ...]
    notes: tuple[NoteLine, ...]
    folded: bool
    folded_label: str
    advice: tuple[str, ...]
    decision: DecisionView | None
    action: ActionView | None
    verbs: tuple[DecisionKind, ...]
    only_lead_decides: bool
    case_id: int | None
    """The case it was escalated to; None where there is none, or for whom cases are not."""
    can_ask_platform: frozenset[Verb]
