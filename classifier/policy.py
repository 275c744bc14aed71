"""What findings mean for this organisation: pure, from TOML, versioned by its hash.

    policy = load_policy(None)                       # the shipped policy
    verdict = policy.assess(findings, Audience.MIXED, AuthorRole.MEMBER)
    verdict.level, verdict.route, verdict.due.at(now(), organisation), verdict.priority_points

A new policy decides stored findings anew without running a detector.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from classifier.due import Due, parse_due
from classifier.policy_file import Table, read_policy
from models.vocabulary import Audience, AuthorRole, Category, Finding, Level, Route

_STRICTNESS = {route: place for place, route in enumerate(Route)}
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class CategoryWording:
    """What people read about a category. folded: the text of the post stays behind its label
    until it is opened. clause: "C57"; clause_words: the clause in our own words."""

    title: str
    explanation: str
    clause: str
    clause_words: str
    folded: bool
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """How one category is dealt with in one place, from one sort of author."""

    level: Level
    route: Route
    due: Due
    threshold: float
    enabled: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """What follows from the findings on one text.

    categories: those that reach a person, the most serious first; empty: nobody is asked, and
    level, route and due are None. kept: the findings behind them. clauses: category to clause
    number. priority_points: what the sum is made of, in words; the queue adds waiting time.
    """

    categories: tuple[Category, ...] = ()
    kept: tuple[Finding, ...] = ()
    level: Level | None = None
    route: Route | None = None
    due: Due | None = None
    clauses: Mapping[Category, str] = field(default_factory=dict)
    priority_points: tuple[tuple[str, int], ...] = ()

    @property
    def priority(self) -> int:
        """The sum of the points: the higher, the sooner."""
        return sum(points for _, points in self.priority_points)


def load_policy(path: Path | None = None) -> "Policy":
    """The shipped policy, with the organisation's own file over it where there is one.

    Raises MendSettings (with "did you mean") for anything that is not understood.
    """
    return Policy(read_policy(path))


class Policy:
    """See the module. Built by `load_policy`; never changes."""

    def __init__(self, table: Table) -> None:
        """table: the whole policy, already checked by policy_file."""
        self._table = table
        written = json.dumps(table, sort_keys=True, ensure_ascii=True)
        self.version = hashlib.sha256(written.encode()).hexdigest()[:16]
        self._with_children = {Audience(place) for place in table["children"]["audiences"]}
        self._wording = {name: self._read_wording(name) for name in Category}
        self._rules = {
            (name, place, role): self._read_rule(name, place, role)
            for name in Category
            for place in Audience
            for role in AuthorRole
        }

    def wording(self, category: Category) -> CategoryWording:
        """What people read about it."""
        return self._wording[category]

    def level_label(self, level: Level) -> str:
        """One or two words for a level, such as "safeguarding"."""
        return str(self._table["levels"][level]["label"])

    def rule(self, category: Category, audience: Audience, author_role: AuthorRole) -> Rule:
        """How it is dealt with there."""
        return self._rules[category, audience, author_role]

    def assess(
        self,
        findings: Iterable[Finding],
        audience: Audience,
        author_role: AuthorRole,
        posted_at: datetime | None = None,
    ) -> Assessment:
        """Which findings reach a person, how serious they are, who sees them and how soon.

        posted_at: aware; only makes staff messages late in the evening more urgent (C43).
        """
        kept = tuple(f for f in findings if self._reaches(f, audience, author_role))
        if not kept:
            return Assessment()
        rules = {f.category: self.rule(f.category, audience, author_role) for f in kept}
        urgent = any(f.detector in self._table["immediate"]["detectors"] for f in kept)
        if urgent:
            level, route, due = Level.L4, *self._of_level(Level.L4)
        else:
            level = max(rule.level for rule in rules.values())
            route = max((rule.route for rule in rules.values()), key=_STRICTNESS.__getitem__)
            due = min((rule.due for rule in rules.values()), key=lambda due: due.rank)
        first = self._table["first"]
        comes_first = any(f.detector in first["detectors"] for f in kept)
        if comes_first:  # a name that must not be published (C24)
            level = max(level, Level(first["level"]))
            route = max(route, Route(first["route"]), key=_STRICTNESS.__getitem__)
            due = min(due, _due(first["due"]), key=lambda due: due.rank)
        order = sorted(rules, key=lambda name: (-int(rules[name].level[1]), -self._points(name)))
        points = self._parts(level, order, kept, audience)
        if comes_first:
            points += (("Must not be published", int(first["points"])),)
        if author_role == AuthorRole.STAFF and posted_at is not None:
            points += self._late(order, posted_at)
        clauses = {name: self._wording[name].clause for name in order}
        return Assessment(tuple(order), kept, level, route, due, clauses, points)

    def strength(self, finding: Finding, audience: Audience, author_role: AuthorRole) -> float:
        """The score that is held against the category's threshold: 0.0 where the category is
        switched off there, or the finding does not reach what its own detector must."""
        own = self._table["categories"][finding.category].get("detector", {})
        on = self._rules[finding.category, audience, author_role].enabled
        return finding.score if on and finding.score >= own.get(finding.detector, 0.0) else 0.0

    def _reaches(self, finding: Finding, audience: Audience, role: AuthorRole) -> bool:
        if finding.detector in self._table["first"]["detectors"]:
            return True
        rule = self._rules[finding.category, audience, role]
        return rule.enabled and self.strength(finding, audience, role) >= rule.threshold

    def _parts(
        self,
        level: Level,
        order: list[Category],
        kept: tuple[Finding, ...],
        audience: Audience,
    ) -> tuple[tuple[str, int], ...]:
        shared = self._table["priority"]
        parts = [
            (
                f"Level {level}: {self.level_label(level)}",
                int(self._table["levels"][level]["points"]),
            ),
            (self._wording[order[0]].title, self._points(order[0])),
        ]
        if audience in self._with_children:
            parts.append(("Children are present", int(self._table["children"]["points"])))
        if len(order) > 1:
            more = int(shared["each_further_category"]) * (len(order) - 1)
            most = int(shared["most_for_further_categories"])
            parts.append((f"Further reasons: {len(order) - 1}", min(more, most)))
        best = max(finding.score for finding in kept)
        parts.append((f"How sure: {best:.2f}", round(best * int(shared["most_for_score"]))))
        return tuple(parts)

    def _late(self, order: list[Category], posted_at: datetime) -> tuple[tuple[str, int], ...]:
        shared = self._table["priority"]
        if Category.INAPPROPRIATE_STAFF_CONTACT not in order:
            return ()
        clock = posted_at.astimezone(_LONDON).time()
        first, last = (time.fromisoformat(shared[key]) for key in ("late_from", "late_until"))
        late = first <= clock or clock < last
        return (("Sent outside office hours", int(shared["late_staff_contact"])),) if late else ()

    def _points(self, category: Category) -> int:
        return int(self._table["categories"][category]["points"])

    def _of_level(self, level: Level) -> tuple[Route, Due]:
        written = self._table["levels"][level]
        return Route(written["route"]), _due(written["due"])

    def _read_wording(self, name: Category) -> CategoryWording:
        written = self._table["categories"][name]
        return CategoryWording(
            title=written["title"],
            explanation=written["explanation"],
            clause=written["clause"],
            clause_words=written["clause_words"],
            folded=bool(written["folded"]),
            advice=tuple(written["advice"]),
        )

    def _read_rule(self, name: Category, place: Audience, role: AuthorRole) -> Rule:
        """The category's own values, those for the author over them, those for the place last."""
        written = self._table["categories"][name]
        here: dict[str, Any] = written.get("audience", {}).get(place, {})
        merged = {**written, **written.get("author", {}).get(role, {}), **here}
        level = Level(merged["level"])
        if place in self._with_children and "level" not in here:
            level = Level(self._table["children"]["raise"][level])
        route, due = self._of_level(level)
        return Rule(
            level,
            Route(merged["route"]) if "route" in merged else route,
            _due(merged["due"]) if "due" in merged else due,
            float(merged["threshold"]),
            bool(merged.get("enabled", True)),
        )


def _due(words: str) -> Due:
    due = parse_due(words)
    if due is None:  # policy_file has checked it: only a hand-made table comes here
        raise ValueError(words)
    return due
