"""Taking somebody out of a place: what every connector that can do it keeps."""

import logging
import traceback
from typing import Any

import pytest

from collector.connector import ListsMembers, MemberAction, RemovesMembers, member_steps
from models.errors import ChaperoneError, NeedsOperator, Refused, RetryLater
from models.vocabulary import Capability

RULES = "Our membership rules"


@pytest.fixture
def able(harness: Any) -> Any:
    """A harness whose connector takes people out; somebody can be admitted there."""
    connector = harness.connector()
    if Capability.REMOVE_MEMBER not in connector.capabilities:
        pytest.skip("it takes nobody out")
    assert isinstance(connector, RemovesMembers)
    return harness


def test_it_says_truly_what_it_can(harness: Any) -> None:
    connector = harness.connector()
    able = Capability.REMOVE_MEMBER in connector.capabilities
    assert isinstance(connector, RemovesMembers) == able
    if Capability.MEMBERS in connector.capabilities:
        assert isinstance(connector, ListsMembers)
    steps = member_steps(connector)
    assert len(steps) >= 2 and all(step.endswith(".") for step in steps)


def test_taking_out_is_done_once_and_a_success_twice(able: Any) -> None:
    connector, doomed, other = able.connector(), able.admit("Wren"), able.admit("Tamsin")
    assert connector.is_member(doomed) and connector.is_member(other)
    action = MemberAction("member-1", doomed, reason=RULES)
    first, second = connector.remove_member(action), connector.remove_member(action)
    assert not first.already and first.detail
    assert second.already and second.detail
    assert not connector.is_member(doomed) and connector.is_member(other)
    if Capability.MEMBERS in connector.capabilities:
        assert doomed not in {one.handle for one in connector.members()}


def test_keeping_out_is_a_success_twice(able: Any) -> None:
    connector, doomed = able.connector(), able.admit("Wren")
    action = MemberAction("member-1", doomed, keep_out=True, reason=RULES)
    first, second = connector.remove_member(action), connector.remove_member(action)
    assert not first.already and second.already
    assert not connector.is_member(doomed)


def test_a_missing_permission_is_not_taken_for_gone(able: Any) -> None:
    doomed = able.admit("Wren")
    able.may_not_moderate()
    with pytest.raises(NeedsOperator) as told:
        able.connector().remove_member(MemberAction("member-1", doomed))
    assert told.value.cure
    able.mend()
    assert able.connector().is_member(doomed)


def test_a_limit_and_nobody_there_pass_by_themselves(able: Any) -> None:
    doomed = able.admit("Wren")
    able.limit()
    with pytest.raises(RetryLater) as told:
        able.connector().remove_member(MemberAction("member-1", doomed))
    assert told.value.after == able.delay
    able.mend()
    with pytest.raises(RetryLater):
        able.unreachable().remove_member(MemberAction("member-1", doomed))
    assert able.connector().is_member(doomed)


@pytest.mark.parametrize("handle", ["", "../me", "1?fields=x", "x" * 5000, "a/b"])
def test_a_handle_that_is_none_never_reaches_the_address(able: Any, handle: str) -> None:
    with pytest.raises(Refused) as told:
        able.connector().remove_member(MemberAction("member-1", handle))
    assert told.value.cure


def test_nobody_is_named_in_logs_or_errors(able: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    doomed, told = able.admit("Quillfeather"), list[str]()
    for storm in (able.limit, able.break_down, able.expire, able.may_not_moderate, able.mend):
        storm()
        try:
            able.connector().remove_member(MemberAction("member-1", doomed, reason=RULES))
        except ChaperoneError as error:
            told.extend(traceback.format_exception(error))
        able.mend()
    everything = "\n".join([*told, caplog.text])
    assert len(told) >= 4
    for secret in (*able.secrets, "Quillfeather"):
        assert secret not in everything
