"""Voices: how the same sentence is written by different people.

A voice changes spelling, never meaning, and is given to flagged and to clean rows alike, so that
no dialect is a sign of anything. It works on a template before its slots are filled, so that
names, numbers and addresses stay whole. The voices of DEV are heard in no training row.
"""

import random
import re
from collections.abc import Callable, Mapping

Voice = Callable[[str, random.Random], str]

TEXT_SPEAK = {
    "you": "u", "your": "ur", "you're": "ur", "are": "r", "to": "2", "for": "4", "be": "b",
    "please": "pls", "tomorrow": "2moro", "tonight": "2nite", "about": "abt", "with": "wiv",
    "because": "cuz", "thanks": "thx", "people": "ppl", "just": "jst", "know": "kno",
    "going": "goin", "what": "wot", "really": "rly", "the": "da", "have": "av", "message": "msg",
}  # fmt: skip
SCOTS = {
    "my": "ma", "to": "tae", "don't": "dinnae", "not": "no", "can't": "cannae", "of": "o",
    "you": "ye", "your": "yer", "you're": "yer", "with": "wi", "know": "ken", "from": "fae",
    "do": "dae", "doesn't": "disnae", "little": "wee", "going": "gaun", "home": "hame",
    "won't": "willnae", "isn't": "isnae", "now": "noo", "out": "oot", "about": "aboot",
    "our": "oor", "i": "ah", "i'm": "ah'm", "and": "an", "girl": "lassie", "all": "aw",
}  # fmt: skip
IRISH = {"you": "ye", "your": "yer", "mum": "mam", "my": "me", "great": "grand", "very": "fierce"}
NORTHERN = {
    "nothing": "nowt", "anything": "owt", "something": "summat", "my": "me", "very": "dead",
    "with": "wi", "isn't": "int", "mum": "mam", "the": "t'", "our": "us",
}  # fmt: skip
GEORDIE = {
    "my": "me", "going": "gannin", "home": "hyem", "know": "knaa", "our": "wor", "don't": "divvent",
    "you": "yee", "child": "bairn", "children": "bairns", "nothing": "nowt", "mum": "mam",
    "do": "dee", "girl": "lass", "no": "nee",
}  # fmt: skip
ULSTER = {
    "you": "yous", "little": "wee", "isn't": "isnae", "mum": "mummy", "yes": "aye", "now": "nai",
    "our": "ar", "your": "yer", "tomorrow": "the morra",
}  # fmt: skip
LONDON = {
    "isn't": "ain't", "very": "bare", "my": "ma", "the": "da", "with": "wiv", "that": "dat",
    "them": "dem", "nothing": "nuttin", "something": "suttin", "this": "dis",
}  # fmt: skip
DROPPED_ARTICLES = frozenset({"the", "a", "an"})
NEIGHBOURS = dict(zip("aeioustnrl", "srauyirmek", strict=True))
EMOJI = ("😊", "👍", "💃", "🎭", "😅", "✨", "🙃", "👀", "💜", "🩰", "⚽")


def _words(text: str, change: Callable[[str], str]) -> str:
    """`change` applied to each word outside braces."""
    parts = re.split(r"(\{\w+\})", text)
    return "".join(
        part if part.startswith("{") else re.sub(r"[A-Za-z']+", lambda m: change(m.group()), part)
        for part in parts
    )


def _spelt(mapping: Mapping[str, str], share: float = 0.85) -> Voice:
    """A voice that respells the words of a mapping, most of the time."""

    def speak(text: str, rng: random.Random) -> str:
        def change(word: str) -> str:
            other = mapping.get(word.lower())
            if other is None or rng.random() > share:
                return word
            return other.capitalize() if word[0].isupper() and len(word) > 1 else other

        return _words(text, change)

    return speak


def _with_tail(voice: Voice, tails: tuple[str, ...]) -> Voice:
    def speak(text: str, rng: random.Random) -> str:
        spoken = voice(text, rng)
        if rng.random() < 0.35 and spoken[-1:].isalnum():
            return spoken + rng.choice(tails)
        return spoken

    return speak


def plain(text: str, _rng: random.Random) -> str:
    """As it was written."""
    return text


def lower(text: str, _rng: random.Random) -> str:
    """No capitals, few stops; names follow when the slots are filled."""
    return re.sub(r"[.,'!]+(?=\s|$)", "", _words(text, lambda word: word.lower().replace("'", "")))


def shout(text: str, _rng: random.Random) -> str:
    """Caps lock."""
    return _words(text, str.upper)


def emoji(text: str, rng: random.Random) -> str:
    """One or two emoji that say nothing."""
    return f"{text} {''.join(rng.choices(EMOJI, k=rng.randint(1, 2)))}"


def stretched(text: str, rng: random.Random) -> str:
    """A long last vowel and too many marks."""
    spoken = re.sub(r"([aeiouy])(\w?)$", lambda m: m.group(1) * 3 + m.group(2), text.rstrip("."))
    return spoken + rng.choice(("", "!!", "!!!", "..."))


def typos(text: str, rng: random.Random) -> str:
    """Letters swapped in some of the longer words."""

    def change(word: str) -> str:
        if len(word) < 5 or rng.random() > 0.3:
            return word
        at = rng.randrange(1, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return _words(text, change)


def thumbs(text: str, rng: random.Random) -> str:
    """Neighbouring keys and lost letters."""

    def change(word: str) -> str:
        if len(word) < 4 or rng.random() > 0.3:
            return word.lower()
        at = rng.randrange(1, len(word))
        return (word[:at] + NEIGHBOURS.get(word[at], "") + word[at + 1 :]).lower()

    return _words(text, change)


def second_language(text: str, rng: random.Random) -> str:
    """Articles lost and some auxiliaries in their plain form."""

    def change(word: str) -> str:
        if word.lower() in DROPPED_ARTICLES and rng.random() < 0.8:
            return ""
        return {"doesn't": "not", "didn't": "not", "has": "have"}.get(word, word)

    return re.sub(r"\s{2,}", " ", _words(text, change)).strip()


def second_language_east(text: str, rng: random.Random) -> str:
    """Another learner's English: continuous verbs and a polite frame."""
    spoken = re.sub(r"\bI (want|need|like|know)\b", r"I am \1ing", text)
    return rng.choice(("Kindly note, ", "Dear friend, ", "Hello sir, ", "")) + spoken


def formal(text: str, rng: random.Random) -> str:
    """A letter writer."""
    opened = rng.choice(("Dear all, ", "Good evening. ", "I hope this finds you well. ", ""))
    body = text if text[-1:] in ".?!" else f"{text}."
    return (
        f"{opened}{body[:1].upper()}{body[1:]}{rng.choice((' Kind regards', ' With thanks', ''))}"
    )


def voice_note(text: str, rng: random.Random) -> str:
    """Speech turned to text: fillers, no stops."""
    spoken = re.sub(r"[.,!?]+(?=\s|$)", "", text)
    return rng.choice(("um so ", "yeah hi it's me again so ", "okay so like ", "")) + spoken.lower()


TRAIN: Mapping[str, Voice] = {
    "plain": plain,
    "lower": lower,
    "text_speak": lambda text, rng: _spelt(TEXT_SPEAK)(lower(text, rng), rng),
    "scots": _spelt(SCOTS, 0.7),
    "irish": _with_tail(_spelt(IRISH, 0.7), (" so", " like", " now", ", God love us")),
    "welsh_english": _with_tail(plain, (", mind", " now", ", isn't it", ", see", " mun")),
    "london": _with_tail(_spelt(LONDON, 0.6), (" innit", " still", " fam", " you know", " bruv")),
    "northern": _with_tail(_spelt(NORTHERN, 0.6), (", love", " like", ", duck", " though")),
    "second_language": second_language,
    "formal": formal,
    "typos": typos,
    "emoji": emoji,
    "caps": shout,
    "stretched": stretched,
}
DEV: Mapping[str, Voice] = {
    "plain_dev": plain,
    "geordie": _with_tail(_spelt(GEORDIE, 0.7), (" man", ", pet", " like")),
    "ulster": _with_tail(_spelt(ULSTER, 0.7), (", so it is", " hi", ", but")),
    "thumbs": thumbs,
    "second_language_east": second_language_east,
    "voice_note": voice_note,
}
SMALL_LETTERS = frozenset({"lower", "text_speak", "thumbs", "voice_note"})
"""Voices that write names small too."""
NOT_FOR_SHORT = frozenset({"formal", "second_language_east", "voice_note", "typos", "thumbs"})
"""Voices that would make nonsense of a word or two."""
