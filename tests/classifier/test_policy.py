"""The policy turns evidence into level, route, due time and a sum; a slip in it is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from classifier.due import parse_due
from classifier.policy import load_policy
from models.errors import MendSettings
from models.vocabulary import Audience, AuthorRole, Category, Finding, Level, Organisation, Route

SCHOOL = Organisation("Example Dance")


def found(category: Category, score: float = 0.9, detector: str = "test") -> Finding:
    return Finding(category, score, 0, 3, "because", detector, "1")


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("category", list(Category))
def test_every_category_is_worded(category: Category) -> None:
    wording = load_policy().wording(category)
    assert wording.title and wording.explanation and wording.clause_words
    assert wording.clause.startswith("C")
    assert wording.advice


@pytest.mark.parametrize(
    ("category", "audience", "role", "level", "route"),
    [
        (Category.PII_PHONE, Audience.PUBLIC, AuthorRole.MEMBER, "L1", "monitor"),
        (Category.PII_PHONE, Audience.CHILDREN, AuthorRole.MEMBER, "L2", "monitor_lead_told"),
        (Category.BULLYING, Audience.PUBLIC, AuthorRole.MEMBER, "L2", "monitor_lead_told"),
        (Category.BULLYING, Audience.CHILDREN, AuthorRole.MEMBER, "L2", "monitor_lead_told"),
        (Category.DISCLOSURE, Audience.ADULT_ONLY, AuthorRole.MEMBER, "L3", "lead"),
        (Category.CONTACT_MOVE, Audience.CHILDREN, AuthorRole.MEMBER, "L2", "monitor_lead_told"),
        (Category.CONTACT_MOVE, Audience.CHILDREN, AuthorRole.UNKNOWN, "L3", "lead"),
        (Category.UNDERAGE, Audience.ADULT_ONLY, AuthorRole.MEMBER, "L2", "monitor_lead_told"),
        (Category.UNDERAGE, Audience.CHILDREN, AuthorRole.MEMBER, "L0", "monitor"),
    ],
)
def test_levels_and_routes(
    category: Category, audience: Audience, role: AuthorRole, level: str, route: str
) -> None:
    verdict = load_policy().assess([found(category)], audience, role)
    assert (verdict.level, verdict.route) == (Level(level), Route(route))
    assert verdict.categories == (category,)
    assert verdict.clauses[category].startswith("C")


def test_children_never_lower_a_level() -> None:
    policy = load_policy()
    for category in Category:
        for role in AuthorRole:
            public = policy.rule(category, Audience.PUBLIC, role).level
            children = policy.rule(category, Audience.CHILDREN, role).level
            assert children >= public or category == Category.UNDERAGE


def test_below_the_threshold_nobody_is_asked() -> None:
    verdict = load_policy().assess(
        [found(Category.BULLYING, 0.1)], Audience.PUBLIC, AuthorRole.MEMBER
    )
    assert verdict.categories == () and verdict.level is None and verdict.due is None


def test_a_weak_sign_of_harm_reaches_a_person_where_a_weak_insult_does_not() -> None:
    weak = [found(Category.DISCLOSURE, 0.45), found(Category.BULLYING, 0.45)]
    verdict = load_policy().assess(weak, Audience.PUBLIC, AuthorRole.MEMBER)
    assert verdict.categories == (Category.DISCLOSURE,)


@pytest.mark.parametrize("category", [Category.BULLYING, Category.HATE])
def test_what_a_detector_found_that_runs_no_more_counts_as_it_did(category: Category) -> None:
    policy = load_policy()
    weak, sure = found(category, 0.6, "abuse_model"), found(category, 0.95, "abuse_model")
    assert not policy.assess([weak], Audience.PUBLIC, AuthorRole.MEMBER).categories
    assert policy.assess([weak, sure], Audience.PUBLIC, AuthorRole.MEMBER).kept == (sure,)


def test_the_most_serious_comes_first_and_the_sum_is_told() -> None:
    both = [found(Category.PROFANITY), found(Category.SELF_HARM, 0.8)]
    verdict = load_policy().assess(both, Audience.CHILDREN, AuthorRole.MEMBER)
    assert verdict.categories == (Category.SELF_HARM, Category.PROFANITY)
    assert verdict.priority == sum(points for _, points in verdict.priority_points)
    assert ("Children are present", 20) in verdict.priority_points


def test_danger_now_goes_to_999_first() -> None:
    verdict = load_policy().assess(
        [found(Category.SELF_HARM, detector="immediate_danger")],
        Audience.PUBLIC,
        AuthorRole.MEMBER,
    )
    assert (verdict.level, verdict.route) == (Level.L4, Route.EMERGENCY)


def test_a_late_message_of_staff_is_more_urgent() -> None:
    policy = load_policy()
    contact = [found(Category.INAPPROPRIATE_STAFF_CONTACT)]
    day, night = datetime(2026, 7, 1, 11, tzinfo=UTC), datetime(2026, 7, 1, 22, tzinfo=UTC)
    sums = [
        policy.assess(contact, Audience.CHILDREN, AuthorRole.STAFF, at).priority
        for at in (day, night)
    ]
    assert sums[1] == sums[0] + 15


def test_an_organisation_writes_only_what_differs(tmp_path: Path) -> None:
    path = own(tmp_path, "[categories.profanity]\nthreshold = 0.95\n")
    policy = load_policy(path)
    assert policy.version != load_policy().version
    assert policy.rule(Category.PROFANITY, Audience.PUBLIC, AuthorRole.MEMBER).threshold == 0.95
    assert policy.wording(Category.PROFANITY).title == "Strong language"


def test_an_organisations_own_threshold_counts_in_every_place(tmp_path: Path) -> None:
    """What we ship for public pages does not override it; what it writes for a place does."""
    path = own(tmp_path, "[categories.threat]\nthreshold = 0.2\n")
    threat, member = Category.THREAT, AuthorRole.MEMBER
    assert load_policy().rule(threat, Audience.PUBLIC, member).threshold > 0.2
    for place in Audience:
        assert load_policy(path).rule(threat, place, member).threshold == 0.2
    with path.open("a", encoding="utf-8") as more:
        more.write("[categories.threat.audience.public]\nthreshold = 0.3\n")
    assert load_policy(path).rule(threat, Audience.PUBLIC, member).threshold == 0.3
    assert load_policy(path).rule(threat, Audience.MIXED, member).threshold == 0.2


def test_asking_for_more_loses_nothing_where_we_ask_for_more_still(tmp_path: Path) -> None:
    path = own(tmp_path, "[categories.underage]\nthreshold = 0.65\n")
    rule, member = load_policy(path).rule, AuthorRole.MEMBER
    assert rule(Category.UNDERAGE, Audience.MIXED, member).threshold == 0.65
    shipped = load_policy().rule(Category.UNDERAGE, Audience.ADULT_ONLY, member).threshold
    assert shipped < 0.65
    assert rule(Category.UNDERAGE, Audience.ADULT_ONLY, member).threshold == shipped


def test_off_means_off(tmp_path: Path) -> None:
    path = own(tmp_path, "[categories.profanity.audience.adult_only]\nenabled = false\n")
    policy = load_policy(path)
    swearing = [found(Category.PROFANITY, 1.0)]
    assert not policy.assess(swearing, Audience.ADULT_ONLY, AuthorRole.MEMBER).categories
    assert policy.assess(swearing, Audience.PUBLIC, AuthorRole.MEMBER).categories


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[categories.bulling]\nlevel = 'L2'", 'Did you mean "bullying"?'),
        ("[categories.bullying]\ntreshold = 0.4", 'Did you mean "threshold"?'),
        ("[categories.bullying]\nthreshold = 1.4", "a number from 0 to 1"),
        ("[categories.bullying]\nthreshold = true", "a number from 0 to 1"),
        ("[categories.bullying]\nlevel = 'L9'", "'L9' is not known"),
        ("[categories.bullying]\nroute = 'monitr'", 'Did you mean "monitor"?'),
        ("[categories.bullying]\ndue = 'soon'", "same day"),
        ("[categories.bullying]\nclause = 'C99'", "C1 to C80"),
        ("[categories.bullying.audience.kids]\nlevel = 'L2'", "no such key"),
        ("[categories.bullying.audience.children]\nlevel = 'L0'", "lowers the level"),
        ("[children.raise]\nL2 = 'L1'", "lowers the level"),
        ("[catgories]", 'Did you mean "categories"?'),
        ("format = 2", "format 1"),
        ("not toml", "not readable TOML"),
        ("[priority]\nlate_from = '8pm'", "20:00"),
    ],
)
def test_a_slip_is_refused_with_its_cure(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(MendSettings) as caught:
        load_policy(own(tmp_path, text))
    assert says in str(caught.value)
    assert "policy.toml" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MendSettings, match=r"absent\.toml"):
        load_policy(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    ("words", "start", "due"),
    [
        ("now", "2026-11-20T10:00", "2026-11-20T10:00"),
        ("24 hours", "2026-11-20T10:00", "2026-11-21T10:00"),
        ("same day", "2026-11-20T10:00", "2026-11-20T23:59"),
        ("same day", "2026-11-20T23:00", "2026-11-21T03:00"),
        ("4 working hours", "2026-11-20T10:00", "2026-11-20T14:00"),
        ("4 working hours", "2026-11-20T15:00", "2026-11-23T11:00"),  # over a weekend
        ("4 working hours", "2026-12-24T16:00", "2026-12-29T12:00"),  # Christmas, Boxing Day moved
        ("4 working hours", "2026-07-03T07:00", "2026-07-03T12:00"),  # British Summer Time
        ("5 working days", "2026-11-20T10:00", "2026-11-27T10:00"),
    ],
)
def test_due_times(words: str, start: str, due: str) -> None:
    parsed = parse_due(words)
    assert parsed is not None
    moment = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert parsed.at(moment, SCHOOL) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize("words", ["", "soon", "0 hours", "4 hours late", "-1 hours"])
def test_other_words_are_no_due_time(words: str) -> None:
    assert parse_due(words) is None
