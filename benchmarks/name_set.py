"""An invented set of 2,000 shown names against an invented register: who each one is, or nobody.

Every name here is put together from lists; nobody is meant. Each case says how it was made, so
that a weakness shows where it lies. Repeatable by the seed.

register, cases = name_set()      # 1,200 people; 2,000 cases
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casework.nicknames import GROUPS
from casework.register import KnownHandle, RegisteredPerson
from casework.register_names import handle_key
from models.register_words import AgeBand, HandleUse, RegisterRole, Standing

BRITISH_FIRST = (
    *("Catherine", "Eleanor", "Elizabeth", "Isabella", "Charlotte", "Matilda", "Florence"),
    *("Harriet", "Rosemary", "Frances", "Beatrice", "Oliver", "Theodore", "Frederick", "Edward"),
    *("Samuel", "Joshua", "Benjamin", "Nathaniel", "Alexander", "Thomas", "William", "James"),
    *("Taylor", "Robin", "Morgan", "Jordan", "Emily", "Sophie", "Jessica", "Daniel", "Sarah"),
)
BRITISH_LAST = (
    *("Hartnell", "Penrose", "Oakshott", "Tansley", "Marchbank", "Nettleship", "Daggerwing"),
    *("Inkpen", "Larkspur", "Quillfeather", "Brackwater", "Thornbury", "Winterbourne", "Ashdown"),
    *("O'Dowd", "Fairweather", "Smith", "Jones", "Taylor", "James", "Clark", "Clarke", "Davies"),
    *("Davis", "Evans", "Smith-Penrose", "Hartnell-Ashdown", "Holloway", "Kettlewell"),
)
WELSH_FIRST = ("Siân", "Gwenllian", "Angharad", "Rhiannon", "Ffion", "Dafydd", "Gethin", "Iestyn")
WELSH_LAST = ("Llŷr", "ap Rhys", "Gwyndaf", "Prydderch", "Myrddin", "Cadwaladr", "Tudur", "Bebb")
POLISH_FIRST = ("Katarzyna", "Małgorzata", "Zofia", "Łucja", "Wojciech", "Stanisław", "Tomasz")
POLISH_LAST = (
    "Wójcik",
    "Żółkiewski",
    "Dąbrowska",
    "Świątek",
    "Ćwikła",
    "Gołębiewska",
    "Nowakowski",
)
PUNJABI_FIRST = ("Gurpreet", "Harpreet", "Jaswinder", "Manpreet", "Rajinder", "Simran", "Mandeep")
PUNJABI_LAST = ("Singh", "Kaur", "Singh Gill", "Kaur Dhaliwal", "Sandhu", "Kaur Bassi", "Grewal")
NIGERIAN_FIRST = (
    "Olúwaṣeun",
    "Oluwatobi",
    "Chiamaka",
    "Chinedu",
    "Yetunde",
    "Temitope",
    "Ifeoluwa",
)
NIGERIAN_LAST = ("Adébáyọ̀", "Okonkwo", "Ogunlesi", "Nwachukwu", "Olábísí", "Eze", "Balogun")
TRADITIONS = (
    (BRITISH_FIRST, BRITISH_LAST, 640),
    (WELSH_FIRST, WELSH_LAST, 60),
    (POLISH_FIRST, POLISH_LAST, 46),
    (PUNJABI_FIRST, PUNJABI_LAST, 46),
    (NIGERIAN_FIRST, NIGERIAN_LAST, 46),
)
"""First names, last names and how many pairs of them are on the register."""

STRANGERS = ("Vaughan-Petrie", "Stroud", "Gallacher", "Mbeki", "Kowalczuk", "Ferreira", "Iqbal")
CASES = 2_000
_DECORATIONS = ("✨ {} ✨", "{} 💃", "🎭{}🎭", "{} xx", "~{}~", "❤️ {} ❤️", "★ {}", "{} 🏴󠁧󠁢󠁷󠁬󠁳󠁿")
_BOLD = {ord("a") + n: chr(0x1D41A + n) for n in range(26)} | {
    ord("A") + n: chr(0x1D400 + n) for n in range(26)
}


@dataclass(frozen=True, slots=True)
class Case:
    """A member as a platform shows one. person_id: who it is, None for nobody. made: how."""

    handle: str
    display_name: str
    person_id: int | None
    made: str


def person(number: int, first: str, last: str, handle: str = "") -> RegisteredPerson:
    """An invented adult with a handle or without."""
    handles: tuple[KnownHandle, ...] = ()
    if handle:
        handles = (KnownHandle(number, "facebook", handle, handle_key(handle), HandleUse.PERSONAL),)
    return RegisteredPerson(
        id=number,
        first_name=first,
        surname=last,
        standing=Standing.ADULT,
        roles=frozenset({RegisterRole.MEMBER}),
        date_of_birth=None,
        age_band=AgeBand.ADULT,
        adult_confirmed=False,
        account_id=None,
        do_not_publish=False,
        left_on=None,
        external_ref=None,
        version=1,
        handles=handles,
    )


def name_set(seed: int = 7) -> tuple[tuple[RegisteredPerson, ...], tuple[Case, ...]]:
    """The register and the cases."""
    dice = random.Random(seed)
    register = _register(dice)
    names = {one.name for one in register}
    makers = (*_THE_SAME, *_ANOTHER)
    cases: list[Case] = []
    while len(cases) < CASES:
        maker, made = makers[len(cases) % len(makers)]
        case = maker(dice, register, names)
        if case is not None:
            cases.append(Case(*case, made))
    return register, tuple(cases)


def _register(dice: random.Random) -> tuple[RegisteredPerson, ...]:
    people: list[RegisteredPerson] = []
    for first_names, last_names, wanted in TRADITIONS:
        pairs = [(first, last) for first in first_names for last in last_names]
        for first, last in dice.sample(pairs, min(wanted, len(pairs))):
            number = len(people) + 1
            handle = f"member.{number}" if dice.random() < 0.3 else ""
            people.append(person(number, first, last, handle))
    for first, last in (("Emily", "Fairweather"), ("Daniel", "Holloway"), ("Sarah", "Ashdown")):
        people.append(person(len(people) + 1, first, last))  # two of one name
        people.append(person(len(people) + 1, first, last))
    return tuple(people)


Made = tuple[str, str, int | None] | None
Maker = Callable[[random.Random, tuple[RegisteredPerson, ...], set[str]], Made]


def _alone(register: tuple[RegisteredPerson, ...], one: RegisteredPerson) -> bool:
    return sum(other.name == one.name for other in register) == 1


def _pick(dice: random.Random, register: tuple[RegisteredPerson, ...]) -> RegisteredPerson:
    return dice.choice(register)


def _whole(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = _pick(dice, register)
    return ("", one.name, one.id) if _alone(register, one) else None


def _decorated(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = _pick(dice, register)
    return (
        ("", dice.choice(_DECORATIONS).format(one.name), one.id) if _alone(register, one) else None
    )


def _fancy(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = _pick(dice, register)
    return ("", one.name.translate(_BOLD), one.id) if _alone(register, one) else None


def _bare(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    """Without accents and in small letters, as people type on a telephone."""
    from casework.register_names import folded

    one = _pick(dice, register)
    return ("", folded(one.name), one.id) if _alone(register, one) else None


def _by_handle(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = dice.choice([each for each in register if each.handles])
    return one.handles[0].handle.upper(), dice.choice(("💃", "Ella", one.first_name)), one.id


def _nickname(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = _pick(dice, register)
    forms = next((g.split() for g in GROUPS if g.split()[0] == one.first_name.casefold()), None)
    return ("", f"{dice.choice(forms[1:]).title()} {one.surname}", one.id) if forms else None


def _initial(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = _pick(dice, register)
    shapes = (f"{one.first_name[0]}. {one.surname}", f"{one.first_name} {one.surname[0]}")
    return "", dice.choice(shapes), one.id


def _married(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    one = _pick(dice, register)
    new = dice.choice(STRANGERS)
    shapes = (
        f"{one.first_name} {new} (née {one.surname})",
        f"{one.first_name} {one.surname}-{new}",
        f"{one.first_name} {new} {one.surname}",
    )
    return "", dice.choice(shapes), one.id


def _slip(dice: random.Random, register: tuple[RegisteredPerson, ...], names: set[str]) -> Made:
    one = _pick(dice, register)
    place = dice.randrange(1, len(one.surname))
    wrong = one.surname[:place] + one.surname[place + 1 :]
    name = f"{one.first_name} {wrong}"
    return ("", name, one.id) if name not in names and len(wrong) > 3 else None


def _brother(dice: random.Random, register: tuple[RegisteredPerson, ...], names: set[str]) -> Made:
    """Another first name of the same family, not on the register."""
    one = _pick(dice, register)
    first = dice.choice(("Wilfred", "Imogen", "Hugo", "Nerys", "Kazimierz", "Amrit", "Bolanle"))
    name = f"{first} {one.surname}"
    return ("", name, None) if name not in names else None


def _near(dice: random.Random, register: tuple[RegisteredPerson, ...], names: set[str]) -> Made:
    """A last name that differs by a letter or two and is a name of its own."""
    swaps = {
        "Hartnell": "Hartnoll", "Davies": "Davis", "Clark": "Clarke", "Evans": "Evan",
        "Penrose": "Penross", "Ashdown": "Ashton", "Thornbury": "Thornberry", "Eze": "Ezeh",
        "Holloway": "Hallaway", "Kaur": "Kaul", "Bebb": "Webb", "Tudur": "Tudor",
    }  # fmt: skip
    one = dice.choice([each for each in register if each.surname in swaps])
    name = f"{one.first_name} {swaps[one.surname]}"
    return ("", name, None) if name not in names else None


def _near_first(
    dice: random.Random, register: tuple[RegisteredPerson, ...], names: set[str]
) -> Made:
    swaps = {
        "Gurpreet": "Gurdeep", "Harpreet": "Harpal", "Manpreet": "Mandip", "Chinedu": "Chinelo",
        "Oluwatobi": "Oluwatoyin", "Temitope": "Temidayo", "Charlotte": "Charlene",
        "Isabella": "Isadora", "Samuel": "Samira", "Thomas": "Thomasina", "Siân": "Siana",
        "Zofia": "Zofka", "Eleanor": "Eleonora", "Frances": "Francesco",
    }  # fmt: skip
    one = dice.choice([each for each in register if each.first_name in swaps])
    name = f"{swaps[one.first_name]} {one.surname}"
    return ("", name, None) if name not in names else None


def _turned(dice: random.Random, register: tuple[RegisteredPerson, ...], names: set[str]) -> Made:
    """Taylor James is not James Taylor."""
    either = ("Taylor", "James", "Morgan", "Jordan")
    one = dice.choice([each for each in register if each.first_name in either])
    name = f"{one.surname} {one.first_name}"
    return ("", name, None) if name not in names else None


def _about(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    """A name beside somebody else's: a mother, a fan page, a band."""
    one = _pick(dice, register)
    shapes = (
        f"{one.first_name} {one.surname}'s Mum",
        f"Mum of {one.first_name} {one.surname}",
        f"{one.first_name}s Mum {one.surname}",
        f"{one.first_name} {one.surname} Fan Page",
        f"{one.first_name} {one.surname} and family",
    )
    return "", dice.choice(shapes), None


def _stranger(dice: random.Random, register: tuple[RegisteredPerson, ...], names: set[str]) -> Made:
    one = _pick(dice, register)
    name = f"{one.first_name} {dice.choice(STRANGERS)}"
    return (
        ("", dice.choice((name, one.first_name, f"{name} 💃")), None) if name not in names else None
    )


def _namesake(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    """Somebody else who bears a name that many bear: nothing in the name tells them apart."""
    many = ("Smith", "Jones", "Taylor", "Evans", "Davies", "Singh", "Kaur", "Clarke", "James")
    one = dice.choice([each for each in register if each.surname in many])
    return "", one.name, None


_RARE_NAMESAKES = 1 / 40
"""Share of the last kind of cases: about one in 700 of all members. In a group that people are
invited to, a stranger with the unusual whole name of one of your own is about that rare."""


def _rare_namesake(
    dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]
) -> Made:
    """Now and then even an unusual name is borne by a second person: no rule can know."""
    one = _pick(dice, register)
    if dice.random() < _RARE_NAMESAKES:
        return "", one.name, None
    return "", f"{one.first_name} {dice.choice(STRANGERS)} {dice.choice(STRANGERS)}", None


def _twice(dice: random.Random, register: tuple[RegisteredPerson, ...], _: set[str]) -> Made:
    """Two people on the register bear it; the member is one of them."""
    one = dice.choice(register[-6:])  # those were put there in pairs
    return "", one.name, one.id


_THE_SAME: tuple[tuple[Maker, str], ...] = (
    (_whole, "whole name"),
    (_decorated, "decorated"),
    (_fancy, "fancy letters"),
    (_bare, "no accents, small letters"),
    (_by_handle, "known handle"),
    (_nickname, "nickname"),
    (_initial, "initial"),
    (_married, "married name"),
    (_slip, "slip of the pen"),
    (_twice, "two of one name"),
)
_ANOTHER: tuple[tuple[Maker, str], ...] = (
    (_brother, "brother or sister"),
    (_near, "near last name"),
    (_near_first, "near first name"),
    (_turned, "turned name"),
    (_about, "about somebody"),
    (_stranger, "stranger"),
    (_namesake, "namesake, common name"),
    (_rare_namesake, "unusual name, one in 40 a namesake"),
)


def kinds(cases: tuple[Case, ...]) -> Iterator[str]:
    """How the cases were made, each once."""
    yield from dict.fromkeys(case.made for case in cases)
