"""A stand-in for Meta's webhooks: calls that are signed as Meta signs them."""

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256

import requests


def signature(body: bytes, app_secret: str) -> str:
    """The value of X-Hub-Signature-256."""
    return f"sha256={hmac.new(app_secret.encode(), body, sha256).hexdigest()}"


def something_new(kind: str, number: str, at: int = 0) -> bytes:
    """What Meta says of a new comment. kind: "page" or "instagram". at: seconds since 1970."""
    change = {"field": "feed", "value": {"item": "comment", "verb": "add", "message": "words"}}
    entry = {"id": number, "time": at, "changes": [change]}
    return json.dumps({"object": kind, "entry": [entry]}).encode()


def mentioned(number: str, media_id: object, comment_id: object = None, at: int = 0) -> bytes:
    """What Meta says of a mention of the Instagram account of that number: ids alone."""
    value = {"media_id": media_id} | ({} if comment_id is None else {"comment_id": comment_id})
    change = {"field": "mentions", "value": value}
    entry = {"id": number, "time": at, "changes": [change]}
    return json.dumps({"object": "instagram", "entry": [entry]}).encode()


def tell(url: str, body: bytes, app_secret: str) -> int:
    """Call the webhook; the status of its answer."""
    headers: Mapping[str, str] = {
        "Content-Type": "application/json",
        "X-Hub-Signature-256": signature(body, app_secret),
    }
    return requests.post(url, data=body, headers=headers, timeout=10).status_code
