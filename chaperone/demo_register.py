"""The demonstration's own people and accounts: invented, as everything in it is.

They come in as an organisation's do: by a booking system's file, and by what a person enters.
"""

from datetime import timedelta
from pathlib import Path

from casework import accounts, register
from casework.ages import day_of
from casework.register_columns import guess
from casework.register_file import read_sheet
from casework.register_import import import_sheet
from models.errors import MendInput
from models.group_words import SignIn, TwoFactor
from models.unit_of_work import Store
from models.vocabulary import Viewer, now

PEOPLE = Path(__file__).with_name("demo_people.csv")


def furnish(store: Store, lead: Viewer) -> None:
    """Fill the register, and enter two accounts of the school in the lead's name.

    One account has two holders as C2 asks, the other one: that is for somebody to see. Raises
    MendInput where the shipped file does not fit any more.
    """
    sheet = read_sheet(PEOPLE.read_bytes())
    told = import_sheet(store, None, sheet, guess(sheet.headings), dry_run=False)
    if told.rejects:
        raise MendInput(
            f"{len(told.rejects)} rows of the invented people were rejected.",
            subject=PEOPLE.name,
            cure=told.rejects[0].cure,
        )
    with store.read() as session:
        known = {person.first_name: person.id for person in register.everybody(session)}
    since = day_of(now()) - timedelta(days=200)
    for platform, handle, holders in (
        ("facebook", "Brackwater School of Dance", ("Lena", "Mo")),
        ("instagram", "brackwaterdance", ("Corin",)),
    ):
        account = accounts.create(
            store,
            lead,
            accounts.NewAccount(
                platform=platform,
                handle=handle,
                email="hello@brackwaterdance.example.org",
                owner_id=known["Lena"],
                two_factor=TwoFactor.ON,
                sign_in=SignIn.PASSWORD_MANAGER,
            ),
        )
        for name in holders:
            accounts.add_holder(store, lead, account, known[name], since)
