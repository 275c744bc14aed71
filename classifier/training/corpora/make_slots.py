"""Fills the slots of the sources: names, dates, numbers and places, all invented.

Telephone numbers are of Ofcom's ranges for drama, mail is of reserved domains, postcodes have
districts that do not exist. `Slots.fill` is deterministic for a given `random.Random`.
"""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta

from classifier.training.corpora import make_words as words

LABEL_OF_SLOT = {
    "dob": "pii_dob",
    "adob": "pii_dob",
    "addr": "pii_address",
    "pc": "pii_address",
    "mob": "pii_phone",
    "land": "pii_phone",
    "obfmob": "pii_phone",
    "email": "pii_email",
    "obfemail": "pii_email",
    "school": "pii_school",
    "nursery": "pii_school",
    "full": "pii_full_name",
    "full2": "pii_full_name",
    "afull": "pii_full_name",
    "nhs": "pii_other",
    "ni": "pii_other",
    "passport": "pii_other",
}
"""What a slot's value is by itself; a template's own labels come on top."""

_MONTHS = "January February March April May June July August September October November December"
MONTHS = tuple(_MONTHS.split())
DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_AGES = (
    "four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
AGE_WORDS = dict(enumerate(_AGES.split(), start=4))
TODAY = date(2026, 11, 20)
"""The day from which ages are counted; rows are dated in the year before it."""


def ordinal(day: int) -> str:
    """1 -> "1st"."""
    if 10 <= day % 100 <= 20:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"


def written_date(day: date, rng: random.Random) -> str:
    """One of the ways in which British people write a date."""
    month = MONTHS[day.month - 1]
    forms = (
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        f"{day.day}/{day.month}/{day.year % 100:02d}",
        f"{day.day:02d}.{day.month:02d}.{day.year % 100:02d}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day:02d}-{day.month:02d}-{day.year}",
        f"{day.day} {month} {day.year}",
        f"{ordinal(day.day)} {month} {day.year}",
        f"{ordinal(day.day)} of {month} {day.year}",
        f"{day.day} {month[:3]} {day.year}",
        f"{day.day} {month[:3]} '{day.year % 100:02d}",
        f"{month} {ordinal(day.day)} {day.year}",
        f"the {ordinal(day.day)} of {month} {day.year}",
        day.isoformat(),
    )
    return rng.choice(forms)


def nhs_check(first_nine: str) -> int:
    """The check digit of an NHS number (weights 10 to 2, modulus 11); 10 means that none fits."""
    total = sum(int(d) * w for d, w in zip(first_nine, range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11


class Slots:
    """Values for one split: train and dev share no first name, surname, street or school."""

    def __init__(self, rng: random.Random, split: str) -> None:
        """`split` is "train" or "dev"."""
        self.rng = rng
        self.words = words.DEV if split == "dev" else words.TRAIN
        self.child_ages = (4, 16)

    def fill(self, text: str) -> str:
        """Every `{slot}` of the text replaced; raises KeyError for an unknown slot."""
        used: dict[str, str] = {}

        def value(match: re.Match[str]) -> str:
            name = match.group(1)
            made = self._make(name)
            for _ in range(5):
                if made not in used.values():
                    break
                made = self._make(name)
            used[name] = made
            return made

        return re.sub(r"\{(\w+)\}", value, text)

    def _make(self, name: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "dob": lambda: self._day(4, 16),
            "adob": lambda: self._day(19, 75),
            "evdate": self._event,
            "olddate": lambda: written_date(date(1960, 1, 1) + self._days(9000), self.rng),
            "daymonth": self._day_month,
            "age": lambda: str(self.rng.randint(*self.child_ages)),
            "agew": lambda: AGE_WORDS[self.rng.randint(*self.child_ages)],
            "full": self._full_name,
            "full2": self._full_name,
            "afull": self._full_name,
            "stafffull": self._full_name,
            "addr": self._address,
            "street": lambda: self._pick("streets"),
            "venue": self._venue,
            "pc": self._postcode,
            "orgpc": self._postcode,
            "mob": self._mobile,
            "land": self._landline,
            "orgphone": self._office_phone,
            "obfmob": self._hidden_mobile,
            "email": self._email,
            "obfemail": self._hidden_email,
            "orgemail": self._office_email,
            "nhs": self._nhs,
            "nonnhs": self._not_nhs,
            "ni": self._national_insurance,
            "passport": lambda: self._digits(9),
            "digits": lambda: self._digits(self.rng.choice((8, 9, 10, 12))),
            "charity": lambda: "1" + self._digits(6),
            "ref": lambda: f"{self._letters(2)}{self._digits(self.rng.randint(3, 6))}",
            "school": self._school,
            "vschool": self._school,
        }
        if name in makers:
            return makers[name]()
        pool = {"n2": "n", "t2": "t", "place2": "place", "i2": "i"}.get(name, name)
        return self._pick(pool)

    def _pick(self, pool: str) -> str:
        return self.rng.choice(self.words[pool])

    def _days(self, most: int) -> timedelta:
        return timedelta(days=self.rng.randrange(most))

    def _day(self, youngest: int, oldest: int) -> str:
        years = self.rng.randint(youngest, oldest)
        return written_date(TODAY - timedelta(days=365 * years + 40) - self._days(300), self.rng)

    def _event(self) -> str:
        return written_date(TODAY + timedelta(days=5) + self._days(300), self.rng)

    def _day_month(self) -> str:
        day, month = self.rng.randint(1, 28), self.rng.choice(MONTHS)
        return self.rng.choice(
            (f"{day} {month}", f"the {ordinal(day)} of {month}", f"{month} {ordinal(day)}")
        )

    def _digits(self, count: int) -> str:
        return "".join(str(self.rng.randint(1, 9)) for _ in range(count))

    def _letters(self, count: int) -> str:
        return "".join(self.rng.choice("CKMRSTX") for _ in range(count))

    def _full_name(self) -> str:
        first = self._pick("n") if self.rng.random() < 0.7 else self._pick("a")
        last = self._pick("surname")
        if self.rng.random() < 0.08:
            last = f"{last}-{self._pick('surname')}"
        return f"{first} {last}"

    def _address(self) -> str:
        number = self.rng.randint(1, 240)
        house = f"{number}{self.rng.choice('ab')}" if self.rng.random() < 0.1 else str(number)
        forms = (
            f"{house} {self._pick('streets')}",
            f"{house} {self._pick('streets')}",
            f"{house}, {self._pick('streets')}",
            f"number {number} {self._pick('streets')}",
            f"Flat {self.rng.randint(1, 30)}, {house} {self._pick('streets')}",
            f"{self._pick('house_name')}, {self._pick('streets')}",
        )
        return self.rng.choice(forms)

    def _venue(self) -> str:
        hall = self._pick("venue")
        forms = (hall, f"{hall}, {self._pick('streets')}")
        numbered = f"{hall}, {self.rng.randint(1, 90)} {self._pick('streets')}"
        return self.rng.choice((*forms, numbered))

    def _postcode(self) -> str:
        area = self._pick("postcode_area")
        inward = f"{self.rng.randint(1, 9)}{''.join(self.rng.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"
        return f"{area}{self.rng.choice((' ', ' ', ''))}{inward}"

    def _mobile(self) -> str:
        last = f"{self.rng.randrange(1000):03d}"
        forms = (
            f"07700 900{last}",
            f"07700900{last}",
            f"07700 900 {last}",
            f"+447700900{last}",
            f"+44 7700 900{last}",
            f"07700-900-{last}",
            f"0 7 7 0 0 9 0 0 {' '.join(last)}",
        )
        return self.rng.choice(forms)

    def _hidden_mobile(self) -> str:
        last = f"{self.rng.randrange(1000):03d}"
        spelt = " ".join(DIGIT_WORDS[int(digit)] for digit in last)
        forms = (
            f"07700 nine hundred {spelt}",
            f"zero seven seven double oh nine double oh {spelt}",
            f"O77OO 9OO{last}",
            "".join(f"{digit}\ufe0f\u20e3" for digit in f"07700900{last}"),
            f"o7700.900.{last}",
        )
        return self.rng.choice(forms)

    def _landline(self) -> str:
        last = f"{self.rng.randrange(1000):03d}"
        return self.rng.choice(
            (f"01632 960{last}", f"01632960{last}", f"020 7946 0{last}", f"0113 496 0{last}")
        )

    def _office_phone(self) -> str:
        last = f"{self.rng.randrange(1000):03d}"
        return self.rng.choice((self._landline(), f"(01632) 960 {last}", f"0808 157 0{last}"))

    def _email(self) -> str:
        first, last = self._pick("n").lower(), self._pick("surname").lower().replace("'", "")
        number = self.rng.randint(2, 99)
        user = self.rng.choice(
            (f"{first}.{last}", f"{first}{number}", f"{first[0]}{last}", f"{first}_{last}{number}")
        )
        return f"{user}@{self._pick('mailbox')}"

    def _hidden_email(self) -> str:
        user, domain = self._email().split("@")
        at = self.rng.choice((" at ", "(at)", " [at] "))
        return f"{user}{at}{domain.replace('.', self.rng.choice((' dot ', '.')))}"

    def _office_email(self) -> str:
        return f"{self._pick('office')}@{self._pick('clubtag')}.example"

    def _nhs(self) -> str:
        while True:
            first_nine = self.rng.choice("46") + f"{self.rng.randrange(10**8):08d}"
            check = nhs_check(first_nine)
            if check != 10:
                whole = f"{first_nine}{check}"
                break
        return self.rng.choice((whole, f"{whole[:3]} {whole[3:6]} {whole[6:]}"))

    def _not_nhs(self) -> str:
        first_nine = self.rng.choice("46") + f"{self.rng.randrange(10**8):08d}"
        wrong = (nhs_check(first_nine) + 1 + self.rng.randrange(8)) % 10
        if wrong == nhs_check(first_nine):
            wrong = (wrong + 1) % 10
        return f"{first_nine}{wrong}"

    def _national_insurance(self) -> str:
        letters = self.rng.choice(("JG", "SC", "PB", "ER", "TW", "HL", "MX", "WA"))
        pairs = [f"{self.rng.randrange(100):02d}" for _ in range(3)]
        tail = self.rng.choice("ABCD")
        return self.rng.choice(
            (f"{letters} {' '.join(pairs)} {tail}", f"{letters}{''.join(pairs)}{tail}")
        )

    def _school(self) -> str:
        return f"{self._pick('school_stem')} {self._pick('school_kind')}"
