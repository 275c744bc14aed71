"""Errors, named by their remedy.

    ChaperoneError
    ├── RetryLater       nothing to do: it passes, and is tried again after `after`
    ├── NeedsOperator    a person has to mend something outside (a token, a disk, a database)
    ├── Refused          it will never work as asked; asking again does not help
    ├── LookAgain        the thing changed, or somebody else was first: look, then decide anew
    ├── NotYours         absent for this person (missing and forbidden are told alike)
    ├── MendSettings     the configuration or the policy file is wrong
    └── MendInput        a file or a text that was handed in is wrong

Every message says what happened, to what, and the cure, and never holds a token, a password
or a word of a post.
"""

from datetime import timedelta


class ChaperoneError(Exception):
    """The family. `what` happened, to `subject`; `cure` is what a person does about it."""

    def __init__(self, what: str, *, subject: str, cure: str) -> None:
        super().__init__(f"{subject}: {what} {cure}".strip())
        self.what = what
        self.subject = subject
        self.cure = cure


class RetryLater(ChaperoneError):
    """It passes by itself. Try again after `after`, the platform's own delay where it gave one."""

    def __init__(self, what: str, *, subject: str, cure: str = "", after: timedelta) -> None:
        super().__init__(what, subject=subject, cure=cure or "It will be tried again by itself.")
        self.after = after


class NeedsOperator(ChaperoneError):
    """A person has to mend something before it can go on; trying again does not help."""


class Refused(ChaperoneError):
    """It cannot be done as asked, now or later."""


class LookAgain(ChaperoneError):
    """The thing changed since it was seen, or somebody else decided first."""


class NotYours(ChaperoneError):
    """Absent for this person. Missing and forbidden read alike, so that neither tells anything."""


class MendSettings(ChaperoneError):
    """The configuration or the policy is wrong; nothing is started until it is mended."""


class MendInput(ChaperoneError):
    """A file or a text that was handed in cannot be read as it is; nothing of it was stored."""
