"""What Zoom's settings mean for a session with children, in plain words (C66, C67).

C66: a unique link and passcode for each session, a waiting room, no screen shares by
participants. C67: no recording. One flag alone proves little: a missing waiting room matters less
where only people who signed in get in, so the two are looked at together.
"""

from collections.abc import Callable, Mapping
from typing import Any

Settings = Mapping[str, Any]

Check = tuple[str, Callable[[Settings], bool]]
"""A sentence, and whether it is so."""


def _at(settings: Settings, group: str, name: str) -> object:
    part = settings.get(group)
    return part.get(name) if isinstance(part, Mapping) else None


def _schedule(settings: Settings, name: str) -> object:
    return _at(settings, "schedule_meeting", name)


def _inside(settings: Settings, name: str) -> object:
    return _at(settings, "in_meeting", name)


def _recording(settings: Settings, name: str) -> object:
    return _at(settings, "recording", name)


ACCOUNT_CHECKS: tuple[Check, ...] = (
    (
        "New meetings need no passcode (C66).",
        lambda one: _schedule(one, "require_password_for_scheduling_new_meetings") is False,
    ),
    (
        "Meetings that start at once need no passcode (C66).",
        lambda one: _schedule(one, "require_password_for_instant_meetings") is False,
    ),
    (
        "The personal meeting room needs no passcode (C66).",
        lambda one: _schedule(one, "require_password_for_pmi_meetings") == "none",
    ),
    (
        "People come in without a waiting room and without signing in (C66).",
        lambda one: (
            _inside(one, "waiting_room") is False
            and _schedule(one, "meeting_authentication") is not True
        ),
    ),
    (
        "People can come in before the host is there (C66).",
        lambda one: _schedule(one, "join_before_host") is True,
    ),
    (
        "Everybody may share their screen (C66).",
        lambda one: (
            _inside(one, "screen_sharing") is not False
            and _inside(one, "who_can_share_screen") == "all"
        ),
    ),
    (
        "Scheduled sessions use the personal meeting number, so every session has the same link "
        "(C66).",
        lambda one: _schedule(one, "use_pmi_for_scheduled_meetings") is True,
    ),
    (
        "Recording is allowed (C67).",
        lambda one: (
            _recording(one, "local_recording") is True or _recording(one, "cloud_recording") is True
        ),
    ),
    (
        "Sessions are recorded by themselves (C67).",
        lambda one: _recording(one, "auto_recording") in ("local", "cloud"),
    ),
    (
        "Participants can write to each other in private.",
        lambda one: _inside(one, "private_chat") is True,
    ),
    (
        "Participants can send each other files.",
        lambda one: _inside(one, "file_transfer") is True,
    ),
)
"""Of an account's settings."""

MEETING_CHECKS: tuple[Check, ...] = (
    ("Has no passcode (C66).", lambda one: one.get("password") in ("", None)),
    (
        "Has no waiting room, no registration and no sign-in (C66).",
        lambda one: (
            _at(one, "settings", "waiting_room") is False
            and _at(one, "settings", "meeting_authentication") is not True
            and _at(one, "settings", "approval_type") not in (0, 1)
        ),
    ),
    (
        "Uses the same link each time (C66).",
        lambda one: one.get("type") in (3, 8) or _at(one, "settings", "use_pmi") is True,
    ),
    (
        "Is recorded by itself (C67).",
        lambda one: _at(one, "settings", "auto_recording") in ("local", "cloud"),
    ),
)
"""Of a scheduled meeting, which may differ from its account."""


def told(found: Mapping[str, list[str]], of: int, what: str) -> list[str]:
    """A sentence for each check that found something. found: sentence to names, three are shown."""
    notes = []
    for sentence, names in found.items():
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        notes.append(f"{sentence} So for {len(names)} of {of} {what}: {shown}.")
    return notes


def failing(checks: tuple[Check, ...], one: Settings) -> list[str]:
    """The sentences that are so."""
    return [sentence for sentence, holds in checks if holds(one)]


def unclear(settings: Settings) -> bool:
    """Whether groups that the checks look at are missing, so that silence proves nothing."""
    groups = ("schedule_meeting", "in_meeting", "recording")
    return not all(isinstance(settings.get(name), Mapping) for name in groups)
