"""A stand-in for the did:plc directory: takes an account's first operation, serves its document.

Of the real directory's rules it checks one, that the id is the hash of the operation
(https://web.plc.directory/spec/v0.1/did-plc). It does not check the signature, and takes no
later operation.
"""

import base64
import hashlib
import json
from typing import Any

from live.standin import Asked, Reply


class Directory:
    """Operations by account id, for as long as the process lives. Its `answer` is the service."""

    def __init__(self) -> None:
        self._first: dict[str, dict[str, Any]] = {}

    def answer(self, asked: Asked) -> Reply:
        """POST /<id>: an account's first operation. GET /<id>[/data]: what it says."""
        did, _, what = asked.path.partition("/")
        if asked.method == "POST":
            return self._take(did, asked.body)
        first = self._first.get(did)
        if first is None:
            return 404, {"message": f"DID not registered: {did}"}
        if what == "data":
            kept = ("rotationKeys", "verificationMethods", "alsoKnownAs", "services")
            return 200, {"did": did, **{name: first[name] for name in kept}}
        return (404, {"message": "Not found"}) if what else (200, _document(did, first))

    def _take(self, did: str, body: bytes) -> Reply:
        operation = json.loads(body)
        if operation.get("prev") is not None or did in self._first:
            return 400, {"message": "This stand-in takes first operations only."}
        if did != id_of(operation):
            return 400, {"message": "The id is not the hash of the operation."}
        self._first[did] = operation
        return 200, {}


def id_of(operation: dict[str, Any]) -> str:
    """The id that a signed first operation makes."""
    digest = hashlib.sha256(_cbor(operation)).digest()
    return f"did:plc:{base64.b32encode(digest).decode().lower()[:24]}"


def _document(did: str, first: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "alsoKnownAs": first["alsoKnownAs"],
        "verificationMethod": [
            {
                "id": f"{did}#{name}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key.removeprefix("did:key:"),
            }
            for name, key in first["verificationMethods"].items()
        ],
        "service": [
            {"id": f"#{name}", "type": one["type"], "serviceEndpoint": one["endpoint"]}
            for name, one in first["services"].items()
        ],
    }


def _cbor(value: Any) -> bytes:
    """DAG-CBOR of what an operation is made of: text, lists, objects and null."""
    if value is None:
        return b"\xf6"
    if isinstance(value, str):
        content = value.encode()
        return _head(3, len(content)) + content
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(_cbor(one) for one in value)
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return _head(5, len(keys)) + b"".join(_cbor(key) + _cbor(value[key]) for key in keys)
    raise TypeError(f"An operation holds no {type(value).__name__}.")


def _head(kind: int, count: int) -> bytes:
    if count < 24:
        return bytes([kind << 5 | count])
    if count < 256:
        return bytes([kind << 5 | 24, count])
    return bytes([kind << 5 | 25]) + count.to_bytes(2, "big")
