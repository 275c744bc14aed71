"""Reading texts with every detector, so that a detector's failure puts the post before a person.

readings = classify(texts, detectors)          # texts in, evidence out, nothing stored
post_ids = classify_new(store, detectors)      # unread revisions, stored in one commit
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Thread

from sqlalchemy import insert, select, update

from classifier.agreement import said_once
from classifier.detector import Detector, Text
from classifier.detectors.base import PerText
from classifier.normalise import normalise
from models.tables import FindingRow, Post, Revision, Source
from models.unit_of_work import Store
from models.vocabulary import Finding, now

SECONDS_FOR_A_BATCH = 10.0
SECONDS_FOR_A_TEXT = 2.0
"""How long one detector may take. Rules need milliseconds; a model under load may need a second."""

TIMEOUTS_IN_A_ROW = 3
"""After this many a detector is not asked about the rest of the batch."""

Findings = Sequence[Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text. unchecked: names of detectors that failed or took too long."""

    findings: tuple[Finding, ...] = ()
    unchecked: tuple[str, ...] = ()


def classify(texts: Sequence[Text], detectors: Sequence[Detector]) -> Sequence[Reading]:
    """One reading per text, in the same order. Never raises for what a detector does."""
    texts = tuple(texts)
    found: list[list[Finding]] = [[] for _ in texts]
    unchecked: list[list[str]] = [[] for _ in texts]
    outcomes = _guarded(detectors, texts, SECONDS_FOR_A_BATCH + len(texts) * 0.02)
    for detector in detectors:
        if isinstance(detector, PerText):
            detector.forget()
    for detector, whole in zip(detectors, outcomes, strict=True):
        by_text = _one_by_one(detector, texts) if whole.findings is None else whole.findings
        for place, findings in enumerate(by_text):
            if findings is None:
                unchecked[place].append(detector.name)
            else:
                found[place].extend(findings)
    return [
        Reading(
            tuple(sorted(said_once(some), key=lambda f: (f.start, f.end, f.category))),
            tuple(failed),
        )
        for some, failed in zip(found, unchecked, strict=True)
    ]


def classify_new(
    store: Store, detectors: Sequence[Detector], *, limit: int = 500
) -> tuple[int, ...]:
    """Read the oldest unread revisions, at most `limit`; store what was found in one commit.

    Returns the posts that were read, empty when there is nothing left. Two that run at once do
    not store twice: what somebody else has read in the meantime is left as it is.
    """
    with store.read() as session:
        rows = session.execute(
            select(
                Revision.id,
                Revision.text,
                Source.audience,
                Post.author_role,
                Post.posted_at,
                Source.name,
            )
            .join(Post, Post.id == Revision.post_id)
            .join(Source, Source.id == Post.source_id)
            .where(Revision.classified_at.is_(None))
            .order_by(Revision.id)
            .limit(limit)
        ).all()
    texts = [
        Text(str(identity), normalise(text), audience, role, posted_at, channel)
        for identity, text, audience, role, posted_at, channel in rows
    ]
    readings = dict(zip((row[0] for row in rows), classify(texts, detectors), strict=True))
    return _keep(store, readings) if readings else ()


def _keep(store: Store, readings: dict[int, Reading]) -> tuple[int, ...]:
    with store.write() as session:
        unread = session.execute(
            select(Revision.id, Revision.post_id)
            .where(Revision.id.in_(readings), Revision.classified_at.is_(None))
            .with_for_update(of=Revision, key_share=True)
        ).all()
        if not unread:
            return ()
        moment = now()
        session.execute(
            update(Revision),
            [
                {
                    "id": identity,
                    "classified_at": moment,
                    "unchecked": ",".join(readings[identity].unchecked),
                }
                for identity, _ in unread
            ],
        )
        found = [
            {
                "revision_id": identity,
                "category": finding.category,
                "score": finding.score,
                "start": finding.start,
                "end": finding.end,
                "because": finding.because,
                "detector": finding.detector,
                "version": finding.version,
            }
            for identity, _ in unread
            for finding in readings[identity].findings
        ]
        if found:
            session.execute(insert(FindingRow), found)
        session.commit()
    return tuple(dict.fromkeys(post for _, post in unread))


def _one_by_one(detector: Detector, texts: Sequence[Text]) -> list[Sequence[Finding] | None]:
    """Its findings per text; None where it failed. One bad text does not spoil the others."""
    results: list[Sequence[Finding] | None] = []
    late = 0
    for text in texts:
        if late >= TIMEOUTS_IN_A_ROW:
            results.append(None)
            continue
        (alone,) = _guarded([detector], [text], SECONDS_FOR_A_TEXT)
        late = late + 1 if alone.late else 0
        results.append(alone.findings[0] if alone.findings is not None else None)
    return results


@dataclass(frozen=True, slots=True)
class _Outcome:
    """findings: None where the detector failed. late: it had not ended in time."""

    findings: Findings | None = None
    late: bool = False


class _Run(Thread):
    """Detectors one after another, beside whoever waits. One thread for all: to start one for each
    took 60 microseconds, more than most rules take to read a post."""

    def __init__(self, detectors: Sequence[Detector], texts: Sequence[Text]) -> None:
        super().__init__(name="detectors", daemon=True)
        self._detectors, self._texts = detectors, texts
        self._since = time.monotonic()
        self.ended: list[_Outcome] = []
        self.left_behind = False

    def run(self) -> None:
        """Ends early once it was left behind."""
        for detector in self._detectors:
            if self.left_behind:
                return
            self._since = time.monotonic()
            self.ended.append(_outcome(detector, self._texts))

    def wait(self, seconds: float) -> None:
        """Until all have ended, or one has taken so long."""
        while self.is_alive() and (left := self._since + seconds - time.monotonic()) > 0:
            self.join(left)


def _guarded(
    detectors: Sequence[Detector], texts: Sequence[Text], seconds: float
) -> list[_Outcome]:
    """One outcome per detector. What is late is left behind, for Python cannot stop it, and those
    after it run in another thread. One that ends at the last moment may have its successor called
    late as well: whoever asks then reads the texts again, one by one."""
    outcomes: list[_Outcome] = []
    while len(outcomes) < len(detectors):
        run = _Run(detectors[len(outcomes) :], texts)
        run.start()
        run.wait(seconds)
        run.left_behind = True
        outcomes.extend(tuple(run.ended))
        if len(outcomes) < len(detectors):
            outcomes.append(_Outcome(late=True))
    return outcomes


def _outcome(detector: Detector, texts: Sequence[Text]) -> _Outcome:
    try:
        findings = detector.detect(texts)
        return _Outcome(findings if _fits(detector, texts, findings) else None)
    except Exception:  # noqa: BLE001 - whatever it does, a person looks instead (design 3)
        return _Outcome()


def _fits(detector: Detector, texts: Sequence[Text], findings: Findings) -> bool:
    """Whether a detector kept its contract: spans inside the text, scores from 0 to 1."""
    return len(findings) == len(texts) and all(
        0 <= one.start <= one.end <= len(text.normal.original)
        and 0.0 <= one.score <= 1.0
        and one.category in detector.categories
        for text, some in zip(texts, findings, strict=True)
        for one in some
    )
