"""The error answers of the Graph API."""

import json
from collections.abc import Callable, Mapping

from collector.sandbox.loopback import Reply, as_json


def error(
    code: int,
    message: str,
    *,
    subcode: int | None = None,
    kind: str = "OAuthException",
    status: int = 400,
    **headers: str,
) -> Reply:
    """The one shape that every error of the platform has."""
    body: dict[str, object] = {"message": message, "type": kind, "code": code}
    if subcode is not None:
        body["error_subcode"] = subcode
    body["fbtrace_id"] = "AbCdEfGhIjKlMnOpQrStUvW"
    return as_json({"error": body}, status, **headers)


def _limit(minutes: int = 19) -> Reply:
    regain = {"type": "pages", "call_count": 100, "total_cputime": 25, "total_time": 25}
    usage = {"900100200300400": [{**regain, "estimated_time_to_regain_access": minutes}]}
    return error(
        80001,
        "(#80001) There have been too many calls to this Page account.",
        subcode=2446079,
        X_Business_Use_Case_Usage=json.dumps(usage),
    )


STORMS: Mapping[str, Callable[[], Reply]] = {
    "expired": lambda: error(190, "Error validating access token: it expired.", subcode=463),
    "password": lambda: error(190, "The session was invalidated.", subcode=460, status=401),
    "permission": lambda: error(200, "(#200) Missing permissions", status=403),
    "capability": lambda: error(3, "(#3) Application does not have the capability"),
    "blocked": lambda: error(368, "The action was deemed abusive or is otherwise disallowed"),
    "limit": _limit,
    "app_limit": lambda: error(4, "(#4) Application request limit reached", status=403),
    "page_limit": lambda: error(32, "(#32) Page request limit reached"),
    "too_many": lambda: Reply(429, b"Too Many Requests", (("Retry-After", "420"),)),
    "busy": lambda: error(2, "An unexpected error has occurred. Please retry", status=500),
    "too_much": lambda: error(1, "Please reduce the amount of data you're asking for", status=500),
    "server_error": lambda: Reply(500, b"<html>Sorry, something went wrong.</html>"),
    "unavailable": lambda: Reply(503, b"", (("Retry-After", "90"),)),
}
"""Weather by name, for `Graph.storm`. The delays: 19 minutes, 420 s and 90 s."""
