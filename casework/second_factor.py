"""The second factor: six digits from an authenticator app (TOTP, RFC 6238, 30-second steps).

A code is good for its own step and the one on either side (clocks differ), and only once: the
step of the last accepted code is kept, and it and all before it are refused.

The secret lies readable in the person's row: the server has to compute with it, and a key kept
beside the database would protect it from nobody who can read the machine. Protect the database
file and its copies as you would the passwords.
"""

import hmac
import re
from datetime import datetime

import pyotp

STEP_SECONDS = 30
ISSUER = "Chaperone"


def new_secret() -> str:
    """160 random bits in base32, as authenticator apps want them."""
    return str(pyotp.random_base32())


def provisioning_uri(secret: str, username: str, organisation: str = "") -> str:
    """The otpauth:// address that an app reads from a QR code."""
    issuer = f"{ISSUER} {organisation}".strip().replace(":", " ")
    return str(pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer))


def step_of(secret: str, code: str, at: datetime, last_step: int = 0) -> int | None:
    """The step that the code belongs to, if it is good now and later than `last_step`.

    at: aware. The caller stores the step, and only then lets the person in.
    """
    digits = re.sub(r"\s", "", code)
    if not secret or not re.fullmatch(r"[0-9]{6}", digits):
        return None
    totp = pyotp.TOTP(secret)
    present = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        right = hmac.compare_digest(totp.generate_otp(step), digits)
        if right and step > last_step and found is None:
            found = step
    return found
