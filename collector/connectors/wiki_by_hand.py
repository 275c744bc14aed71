"""What a person does on a wiki where the program does not act: steps in plain words."""

from collections.abc import Mapping

from models.vocabulary import Verb

ON_WIKIPEDIA: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Do not edit the organisation's own article: Wikipedia forbids it.",
        "If it names or endangers a child, write to the page Special:EmailUser/Oversight of that "
        "Wikipedia. If somebody is in danger, write to emergency@wikimedia.org and ring 999.",
        "Otherwise open the article's talk page, add a section with {{edit COI}}, say who you "
        "are, give the link of the edit and what is wrong with it. Repeat no private detail.",
        "Wait for an editor; the next check shows whether it was undone.",
    ),
    Verb.RESTORE: ("Ask on the article's talk page, with {{edit COI}}, to bring the words back.",),
    Verb.HIDE: (
        "Only Wikipedia's administrators can hide a version.",
        "Write to the page Special:EmailUser/Oversight and give the link of the edit.",
    ),
    Verb.UNHIDE: ("Only Wikipedia's administrators can show a hidden version again.",),
}
ON_OURS: Mapping[Verb, tuple[str, ...]] = {
    Verb.REMOVE: (
        "Open the page on the wiki, then View history.",
        "Find the edit and press undo beside it. Say why in the summary, without private details.",
        "If later edits stand in the way, press Edit and take the words out yourself.",
    ),
    Verb.RESTORE: (
        "Open the page on the wiki, then View history.",
        "Find the edit that took the words out and press undo beside it.",
    ),
    Verb.HIDE: (
        "Sign in as an administrator of the wiki and open the page's history.",
        "Mark the edit, press Change visibility of selected revisions, and hide its text.",
    ),
    Verb.UNHIDE: (
        "Sign in as an administrator of the wiki and open the page's history.",
        "Mark the edit, press Change visibility of selected revisions, and show its text.",
    ),
}
