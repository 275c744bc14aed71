"""What a decision would do, told before it is taken: nothing more will happen, and nothing less."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework.ground import able_to
from casework.notices import NoticePreview, previews
from casework.powers import NEEDS, checked, newest_kind, verb_for
from casework.visibility import item_for
from models.tables import Post, Source
from models.vocabulary import DecisionKind, Verb, Viewer


@dataclass(frozen=True, slots=True)
class Consequences:
    """Exactly what a decision would do: effects in plain sentences, what is said to whom, and the
    steps that a person must take where the platform cannot be asked from here."""

    effects: tuple[str, ...]
    notices: tuple[NoticePreview, ...]
    by_hand: tuple[str, ...]


def preview(
    session: Session, viewer: Viewer, item_id: int, kind: DecisionKind, reason_code: str, words: str
) -> Consequences:
    """What would happen, before it does. Writes nothing.

    Raises NotYours, Refused (no such reason, no words, not this person's to decide) or LookAgain.
    """
    item = item_for(session, viewer, item_id)
    reason = checked(session, viewer, item, kind, (reason_code, words))
    post = session.get_one(Post, item.post_id)
    source = session.get_one(Source, item.source_id)
    if kind is DecisionKind.ESCALATE:
        return Consequences(_escalation(), (), ())
    if kind is DecisionKind.KEEP:
        return Consequences(("It stays on the platform, and leaves the queue.",), (), ())
    capabilities = able_to(session, source, post)
    verb = verb_for(kind, newest_kind(session, item))
    able = NEEDS[verb] in capabilities
    effects = (
        _first_effect(verb, able, source.label),
        "Its words, author, link and times are kept as evidence first. Pictures never are.",
        "Your reason goes into the record. It is not sent to anybody.",
        *(_counted(post)),
    )
    steps = () if able else _steps(verb, source.label)
    return Consequences(effects, previews(reason, source.label, capabilities), steps)


def _escalation() -> tuple[str, ...]:
    return (
        "It goes to the safeguarding lead, who is told at once.",
        "It leaves your queue. You will see only that it was escalated.",
        "Nothing is hidden or removed, and nobody else is told.",
        "Do not question anybody, do not promise to keep it secret, do not answer in public.",
        "If somebody is in danger now, call 999 first.",
    )


def _first_effect(verb: Verb, able: bool, place: str) -> str:
    does = {
        Verb.HIDE: "hidden from others",
        Verb.UNHIDE: "shown again",
        Verb.REMOVE: "removed",
        Verb.RESTORE: "put back",
    }[verb]
    if able:
        return f"The post on {place} will be {does}, and we look again to be sure."
    return f"The post on {place} must be {does} by hand; you are shown how."


def _counted(post: Post) -> tuple[str, ...]:
    if not post.media_count:
        return ()
    return (f"{post.media_count} pictures or files go with it; they are not kept.",)


def _steps(verb: Verb, place: str) -> tuple[str, ...]:
    does = {
        Verb.HIDE: "Hide it there",
        Verb.UNHIDE: "Show it again there",
        Verb.REMOVE: "Delete it there for everyone",
        Verb.RESTORE: "Put it back there",
    }[verb]
    return (
        f"Open the post on {place}.",
        f"{does}, or ask an administrator of the place to.",
        "Come back and say that it is done. It counts as confirmed once the next check agrees.",
    )
