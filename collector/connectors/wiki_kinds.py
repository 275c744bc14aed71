"""The two kinds of wiki source, and their options."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from collector.connectors.kind import ConnectorKind, Option, Options, Secrets
from collector.connectors.web import days, safe_base
from collector.connectors.wiki import OwnWiki, Wikipedia
from collector.connectors.wiki_client import Wiki
from models.errors import MendSettings

_USUAL = "https://en.wikipedia.org/w/"
_PUBLIC = ("wikipedia.org", "wikimedia.org", "wikidata.org", "wiktionary.org", "fandom.com")


def _titles(options: Options) -> tuple[str, ...]:
    given = options.get("pages")
    titles = [one.strip().replace("_", " ") for one in given] if isinstance(given, list) else []
    if not titles or not all(titles) or any(set(one) & set("|#<>[]{}") for one in titles):
        raise MendSettings(
            "It is not a list of pages' titles.",
            subject="wiki, pages",
            cure='Write the titles as the wiki shows them: ["Our School", "Our Hall"].',
        )
    return tuple(titles)


def connect(options: Options, _: Secrets) -> Wikipedia:
    """Watches pages of any wiki. Raises MendSettings for values that cannot work."""
    base = safe_base(str(options["wiki_url"]), _USUAL)
    return Wikipedia(
        Wiki(base),
        _titles(options),
        talk=bool(options.get("talk_pages", True)),
        since=days(options, "since_days", 30),
    )


def connect_own(options: Options, secrets: Secrets) -> OwnWiki:
    """Watches pages of the organisation's own wiki. Raises MendSettings."""
    base = safe_base(str(options["wiki_url"]), "https://wiki.example.org/w/")
    host = urlsplit(base).hostname or ""
    if options["own_wiki"] is not True or host.endswith(_PUBLIC):
        raise MendSettings(
            "Edits are undone only on the organisation's own wiki.",
            subject="mediawiki, own_wiki",
            cure='Set own_wiki = true where it is yours; for any other use the "wikipedia" '
            "connector, which only watches.",
        )
    return OwnWiki(
        Wiki(base, str(options["username"]), secrets("password")),
        _titles(options),
        talk=bool(options.get("talk_pages", True)),
        since=days(options, "since_days", 30),
    )


OPTIONS: Mapping[str, Option] = {
    "wiki_url": Option(
        "text", "The address of the folder that api.php is in.", True, example=f'"{_USUAL}"'
    ),
    "pages": Option("list", "The pages' titles.", True, example='["Our School"]'),
    "talk_pages": Option("yes_no", "Whether their talk pages are watched too.", example="true"),
    "since_days": Option("number", "How many days to look back at first.", example="30"),
}
OWN_OPTIONS: Mapping[str, Option] = {
    **OPTIONS,
    "own_wiki": Option("yes_no", "That the wiki is the organisation's own.", True, example="true"),
    "username": Option(
        "text", "The bot account, from Special:BotPasswords.", True, example='"Safe@chaperone"'
    ),
    "password": Option("text", "Its bot password.", required=True, secret=True),
}

KINDS: tuple[ConnectorKind, ...] = (
    ConnectorKind(
        name=Wikipedia.name,
        summary="Articles on Wikipedia or another wiki, and their talk pages. Watches only.",
        options=OPTIONS,
        capabilities=Wikipedia.capabilities,
        connect=connect,
    ),
    ConnectorKind(
        name=OwnWiki.name,
        summary="Pages of the organisation's own MediaWiki, where edits may be undone.",
        options=OWN_OPTIONS,
        capabilities=OwnWiki.capabilities,
        connect=connect_own,
    ),
)
