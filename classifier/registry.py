"""The detectors, as one explicit tuple: what is not listed here does not exist."""

from collections.abc import Callable, Sequence

from classifier.agreement import BY_FORM
from classifier.detector import Detector
from classifier.detectors.address import AddressDetector
from classifier.detectors.age import AgeDetector
from classifier.detectors.bullying import BullyingDetector
from classifier.detectors.contact_move import ContactMoveDetector
from classifier.detectors.disclosure import DisclosureDetector
from classifier.detectors.dob import DateOfBirthDetector
from classifier.detectors.email import EmailDetector
from classifier.detectors.full_name import FullNameDetector
from classifier.detectors.grooming import GroomingDetector
from classifier.detectors.hate import HateDetector
from classifier.detectors.immediate import ImmediateDangerDetector
from classifier.detectors.location import LocationDetector
from classifier.detectors.meaning import MeaningDetector
from classifier.detectors.official import OfficialNumberDetector
from classifier.detectors.phone import PhoneDetector
from classifier.detectors.profanity import ProfanityDetector
from classifier.detectors.radicalisation import RadicalisationDetector
from classifier.detectors.registered_name import (
    DoNotPublishDetector,
    Register,
    RegisteredNameDetector,
)
from classifier.detectors.school import SchoolDetector
from classifier.detectors.self_harm import SelfHarmDetector
from classifier.detectors.sexual_harassment import SexualHarassmentDetector
from classifier.detectors.staff_contact import StaffContactDetector
from classifier.detectors.threat import ThreatDetector
from classifier.heads import Heads
from models.named_people import NOBODY_NAMED, NamedPeople
from models.vocabulary import Category, Organisation

Kind = Callable[[Organisation], Detector]
"""A class of detectors: called with the organisation it gives one."""

KINDS: tuple[Kind, ...] = (
    PhoneDetector,
    EmailDetector,
    DateOfBirthDetector,
    AddressDetector,
    SchoolDetector,
    OfficialNumberDetector,
    FullNameDetector,
    RegisteredNameDetector,
    DoNotPublishDetector,
    AgeDetector,
    ProfanityDetector,
    LocationDetector,
    DisclosureDetector,
    SelfHarmDetector,
    GroomingDetector,
    ContactMoveDetector,
    StaffContactDetector,
    ThreatDetector,
    SexualHarassmentDetector,
    RadicalisationDetector,
    BullyingDetector,
    HateDetector,
    MeaningDetector,
    ImmediateDangerDetector,
)


def detectors(
    organisation: Organisation, heads: Heads | None = None, named: NamedPeople = NOBODY_NAMED
) -> tuple[Detector, ...]:
    """Every detector, ready for this organisation. Raises MendSettings where weights are broken.

    heads: those that were learnt from its own decisions, None for the shipped ones. named: its
    register, which four of the detectors share.
    """
    built = with_register(tuple(kind(organisation) for kind in KINDS), organisation, named)
    if heads is None:
        return built
    return tuple(
        one.with_heads(heads) if isinstance(one, MeaningDetector) else one for one in built
    )


def with_register(
    built: Sequence[Detector], organisation: Organisation, named: NamedPeople
) -> tuple[Detector, ...]:
    """The same detectors, with those that read the register built anew on this state of it."""
    register = Register(named)
    return tuple(_registered(one, organisation, register, built) for one in built)


def _registered(
    one: Detector, organisation: Organisation, register: Register, built: Sequence[Detector]
) -> Detector:
    if isinstance(one, MeaningDetector):
        return one.with_register(register).with_rules(built)
    if isinstance(one, FullNameDetector | RegisteredNameDetector | DoNotPublishDetector):
        return type(one)(organisation, register)
    return one


def asked_about(built: Sequence[Detector], category: Category) -> tuple[Detector, ...]:
    """Those that have a say on one category: what finds it, and beside another identifier what
    knows numbers and mailboxes by their form (classifier/agreement.py)."""
    said = {category, *(BY_FORM if category.startswith("pii_") else ())}
    return tuple(one for one in built if one.categories & said)


def uncovered(built: Sequence[Detector]) -> tuple[Category, ...]:
    """The categories that none of these detectors can find yet."""
    covered = {category for detector in built for category in detector.categories}
    return tuple(category for category in Category if category not in covered)
