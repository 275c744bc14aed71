"""The addresses of the screens: one list for the gate, the navigation and the links."""

from models.vocabulary import Role, Viewer

SCREENS: dict[str, tuple[str, frozenset[Role]]] = {
    "queue": ("Queue", frozenset({Role.MONITOR, Role.LEAD})),
    "item": ("Item", frozenset({Role.MONITOR, Role.LEAD})),
    "posts": ("All posts", frozenset({Role.MONITOR, Role.LEAD})),
    "removals": ("Removals", frozenset({Role.MONITOR, Role.LEAD})),
    "add": ("Add a post", frozenset({Role.MONITOR, Role.LEAD})),
    "cases": ("Cases", frozenset({Role.LEAD})),
    "case": ("Case", frozenset({Role.LEAD})),
    "members": ("Members", frozenset({Role.MONITOR, Role.LEAD})),
    "groups": ("Groups", frozenset({Role.MONITOR, Role.LEAD})),
    "accounts": ("Accounts", frozenset({Role.MONITOR, Role.LEAD})),
    "register": ("Register", frozenset({Role.MONITOR, Role.LEAD})),
    "registered": ("Person", frozenset({Role.MONITOR, Role.LEAD})),
    "import": ("Import people", frozenset({Role.MONITOR, Role.LEAD})),
    "tasks": ("Tasks", frozenset(Role)),
    "contacts": ("Contacts", frozenset({Role.MONITOR, Role.LEAD})),
    "sources": ("Sources", frozenset({Role.MONITOR, Role.LEAD, Role.ADMIN})),
    "numbers": ("Numbers", frozenset({Role.TRUSTEE})),
    "digest": ("Weekly digest", frozenset({Role.MONITOR, Role.LEAD, Role.TRUSTEE})),
    "people": ("People", frozenset({Role.ADMIN})),
    "record": ("Record", frozenset({Role.LEAD, Role.ADMIN})),
    "help": ("Help", frozenset(Role)),
}
"""address -> title, the roles that may open it. A person needs one of them."""

SECTIONS: dict[str, tuple[str, ...]] = {
    "Posts": ("queue", "posts", "removals", "add"),
    "Safeguarding": ("cases", "contacts"),
    "Our people": ("register", "members", "groups", "accounts", "tasks"),
    "Chaperone": ("numbers", "sources", "digest", "people", "record", "help"),
}
"""The menu: heading -> addresses, in order. What is in none of them is not in the menu."""

SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
INVITE = "/invite/"
HEALTH = "/healthz"
SESSION = "/session"
"""Answers 204 while the browser is signed in, else 401; asking does not keep a session alive."""
HOOKS_META = "/hooks/meta"
"""Where Facebook and Instagram say that something is new: each call proves itself by signature."""
ASSETS = "/assets/"
"""Our own style sheet, script and icon: the sign-in page needs them before anybody is known."""

_FIRST = ((Role.LEAD, "cases"), (Role.MONITOR, "queue"), (Role.TRUSTEE, "numbers"))


def first_screen(person: Viewer) -> str:
    """The address where this person's work begins; of several roles the weightiest counts."""
    return next((address for role, address in _FIRST if person.has(role)), "people")


def is_screen(path: str) -> bool:
    """Whether the path is the start page or one of the screens."""
    return path == "/" or path.removeprefix("/") in SCREENS
