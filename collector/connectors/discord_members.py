"""Who is on a Discord server, and taking somebody off it."""

from collections.abc import Iterator, Mapping
from typing import Any

from collector.connector import Member, MemberAction, Receipt
from collector.connectors.discord_client import DiscordClient, Missing, NotAllowed
from collector.connectors.discord_read import number
from collector.connectors.web import moment
from models.errors import Refused
from models.vocabulary import now

BY_HAND = (
    "Open the server in Discord, signed in as a moderator.",
    "Rest on the person's name, press the three dots and choose Kick, or Ban to keep them out.",
    "Write a reason: it stands in the server's audit log.",
)
_PERMISSIONS = (
    "In the server's settings, under Roles, give the bot's role Kick Members and Ban Members, and "
    "drag it above the person's own roles. Nobody can take the server's owner out."
)


def listed(client: DiscordClient, server_id: str) -> Iterator[Member]:
    """Everyone on the server, with the names of their roles."""
    rows = client.rows(f"guilds/{server_id}/roles")
    names = {str(one.get("id")): str(one.get("name") or "") for one in rows}
    last = "0"
    while True:
        rows = client.rows(f"guilds/{server_id}/members", limit="1000", after=last)
        before = int(last)
        for row in rows:
            user = row.get("user")
            own = number(user.get("id")) if isinstance(user, dict) else ""
            if own and isinstance(user, dict):
                last = str(max(int(last), int(own)))
                yield _member(own, user, row, names)
        if len(rows) < 1000:
            return
        if int(last) <= before:
            raise client.unreadable("the same page comes again")


def is_there(client: DiscordClient, server_id: str, handle: str) -> bool:
    """Whether the person of that id is on the server."""
    return bool(number(handle)) and _is(client, f"guilds/{server_id}/members/{handle}")


def take_out(client: DiscordClient, server_id: str, action: MemberAction, subject: str) -> Receipt:
    """Kick, or ban where they are to stay away. A ban also holds for who left already."""
    if not number(action.handle):
        raise Refused("It is not the id of a person.", subject=subject, cure=" ".join(BY_HAND))
    who = f"guilds/{server_id}/members/{action.handle}"
    ban = f"guilds/{server_id}/bans/{action.handle}"
    try:
        if action.keep_out:
            if _is(client, ban):
                return Receipt(now(), True, "Discord kept the person out already.")
            client.put(ban, action.reason)
            return Receipt(now(), detail="Discord took it: the person is banned from the server.")
        client.delete(who, action.reason)
    except Missing:
        return Receipt(now(), True, "The person was no longer on the server.")
    except NotAllowed as error:
        raise NotAllowed(error.what, subject=subject, cure=_PERMISSIONS) from None
    return Receipt(now(), detail="Discord took it: the person is off the server.")


def _is(client: DiscordClient, path: str) -> bool:
    try:
        client.one(path)
    except Missing:
        return False
    return True


def _member(
    own: str, user: Mapping[str, Any], row: Mapping[str, Any], names: Mapping[str, str]
) -> Member:
    roles = row.get("roles")
    given = [names.get(str(one), "") for one in roles] if isinstance(roles, list) else []
    shown = row.get("nick") or user.get("global_name") or user.get("username") or ""
    return Member(own, str(shown), ", ".join(filter(None, given)), moment(row.get("joined_at")))
