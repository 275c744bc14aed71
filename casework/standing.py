"""Conditions on `safeguarding_case`: what still stands, so that nothing of it is dropped."""

from sqlalchemy import ColumnElement, exists, or_

from models.tables import CaseKeeping, SafeguardingCase
from models.vocabulary import CaseState


def on_hold() -> ColumnElement[bool]:
    """The case is on hold (practice 4.8: it comes before every period)."""
    return exists().where(
        CaseKeeping.case_id == SafeguardingCase.id, CaseKeeping.held_at.is_not(None)
    )


def standing() -> ColumnElement[bool]:
    """The case is not closed, or it is on hold."""
    return or_(SafeguardingCase.state != CaseState.CLOSED, on_hold())
