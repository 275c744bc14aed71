"""Settings: what is wrong is said with file, key, expectation and cure; secrets stay unsaid."""

from datetime import timedelta
from pathlib import Path

import pytest

from chaperone.settings import Settings, load
from models.errors import MendSettings, NeedsOperator
from models.vocabulary import Audience

GOOD = """
[organisation]
name = "Brackwater School of Dance"
"""
PAGE = """
[sources.page]
connector = "facebook"
audience = "public"
page_id = "900100200300400"
token_env = "PAGE_TOKEN"
"""
MAIL = """
[mail]
host = "smtp.example.org"
sender = "chaperone@example.org"
"""
SECRET = "EAAB-a-token-that-must-never-be-printed"


def settings(folder: Path, text: str) -> Settings:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_one_name_is_enough(tmp_path: Path) -> None:
    found = settings(tmp_path, GOOD)
    assert found.database_url == f"sqlite:///{tmp_path / 'data' / 'chaperone.sqlite'}"
    assert (found.web.host, found.web.port) == ("127.0.0.1", 8765)
    assert found.web.public_address == "http://127.0.0.1:8765"
    assert found.digest.cron == "30 7 * * 1"
    assert found.mail is None
    assert not found.sources
    assert not found.demonstration
    assert not found.warnings


def test_a_source_with_its_own_keys(tmp_path: Path) -> None:
    found = settings(tmp_path, GOOD + PAGE + 'poll_every = "5 minutes"\nreread_days = 7').sources[0]
    assert (found.name, found.label, found.audience) == ("page", "page", Audience.PUBLIC)
    assert found.poll_every == timedelta(minutes=5)
    assert found.options == {"page_id": "900100200300400", "reread_days": 7}
    assert found.account == "facebook:PAGE_TOKEN"


GOLDEN = (
    ("[organisation\nname = 1", "config.toml: It is not TOML: there is a mistake in line 1. "
     "Text stands in double quotes, lists in square brackets, one key on each line."),
    ("", "config.toml, organisation.name: It is missing. Write text in double quotes, like "
     '"Riverside Dance School".'),
    ('[organisation]\nname = " "', "config.toml, organisation.name: It is empty. Write for "
     'example "Riverside Dance School".'),
    ('[organisation]\nname = 7', "config.toml, organisation.name: It has the wrong kind of value. "
     'Write text in double quotes, like "Riverside Dance School".'),
    (GOOD + 'naton = "wales"', "config.toml, organisation.naton: There is no such key. "
     'Did you mean "nation"?'),
    (GOOD + 'nation = "walse"', 'config.toml, organisation.nation: "walse" is not known here. '
     'Did you mean "wales"?'),
    (GOOD + 'timezone = "Europe/Londn"', "config.toml, organisation.timezone: There is no such "
     'time zone. Write one like "Europe/London".'),
    (GOOD + 'allowed_phones = [7]', "config.toml, organisation.allowed_phones: Something in the "
     'list is not text. Write a list of texts, like ["one", "two"].'),
    (GOOD + "[wbe]\nport = 1", "config.toml, wbe: There is no such key. Did you mean \"web\"?"),
    (GOOD + "[web]\nport = 70000", "config.toml, web.port: 70000 is out of range. Write a whole "
     "number from 1 to 65535."),
    (GOOD + "[web]\nport = true", "config.toml, web.port: It has the wrong kind of value. Write a "
     "whole number from 1 to 65535."),
    (GOOD + '[web]\npublic_address = "chaperone"', "config.toml, web.public_address: It is not an "
     'address. Write for example "https://chaperone.example.org", without a path.'),
    (GOOD + '[database]\nurl = "nothing"', "config.toml, database.url: It is not a database "
     'address. Write for example "sqlite:///data/chaperone.sqlite".'),
    (GOOD + '[database]\nurl = "sqlite://"', "config.toml, database.url: It names no file. Write "
     'for example "sqlite:///data/chaperone.sqlite".'),
    (GOOD + '[digest]\nday = "mon"', 'config.toml, digest.day: "mon" is not known here. Did you '
     'mean "monday"?'),
    (GOOD + '[digest]\ntime = "25:00"', "config.toml, digest.time: It is not a time of day. Write "
     'for example "07:30".'),
    (GOOD + MAIL + 'security = "tsl"', 'config.toml, mail.security: "tsl" is not known here. '
     'Did you mean "tls"?'),
    (GOOD + MAIL + 'security = "none"', "config.toml, mail.security: Only a mail server on this "
     'machine may go without. Write "starttls" or "tls": messages must not be readable on their '
     "way."),
    (GOOD + MAIL + 'username = "me"', "config.toml, mail.username: It has no password. Add "
     'password_env = "NAME_OF_A_VARIABLE" or password_file = "path/of/a/file".'),
    (GOOD + PAGE.replace("facebook", "facebok"), 'config.toml, sources.page.connector: "facebok" '
     'is not known here. Did you mean "facebook"?'),
    (GOOD + PAGE + 'page_idd = "1"', "config.toml, sources.page.page_idd: There is no such key. "
     'Did you mean "page_id"?'),
    (GOOD + PAGE.replace('page_id = "900100200300400"', ""), "config.toml, sources.page.page_id: "
     "It is missing. The Page's number: on the Page, About, Page transparency. Write for example "
     'page_id = "900100200300400"'),
    (GOOD + PAGE.replace('audience = "public"', 'audience = "adult"'), "config.toml, "
     'sources.page.audience: "adult" is not known here. Did you mean "adult_only"?'),
    (GOOD + PAGE + 'poll_every = "often"', "config.toml, sources.page.poll_every: It is not a "
     'length of time. Write for example "30 seconds", "5 minutes" or "2 hours".'),
    (GOOD + PAGE + 'token_file = "x"', "config.toml, sources.page.token_file: token_env is there "
     "too. Keep one of the two."),
    (GOOD + PAGE.replace("sources.page", 'sources."My Page"'), "config.toml, sources.My Page.: "
     "That name cannot be used for a source. Rename it with small letters, digits, - and _, like "
     "[sources.my-page]."),
    ("demonstration = true\n" + GOOD + '[web]\nhost = "0.0.0.0"', "config.toml, demonstration: "
     "The demonstration shows its sign-in codes, so it stays on this machine. Set it to false, "
     "or take web.host away."),
)  # fmt: skip


@pytest.mark.parametrize(("text", "said"), GOLDEN, ids=[said[13:60] for _, said in GOLDEN])
def test_a_mistake_is_explained(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(MendSettings) as caught:
        settings(tmp_path, text)
    assert str(caught.value).replace(f"{tmp_path}/", "") == said


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (GOOD + PAGE.replace("token_env", "token"), "sources.page.token"),
        (GOOD + MAIL + 'password = "PAGE_TOKEN"', "mail.password"),
        (GOOD + '[database]\nurl = "postgresql://me:PAGE_TOKEN@db/x"', "database.url"),
        (GOOD + '[database]\npassword = "PAGE_TOKEN"', "database.password"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    tmp_path: Path, text: str, key: str
) -> None:
    with pytest.raises(MendSettings) as caught:
        settings(tmp_path, text.replace("PAGE_TOKEN", SECRET))
    assert key in str(caught.value)
    assert "must not stand in the configuration" in str(caught.value)
    assert "_env" in str(caught.value), "the cure is told"
    assert SECRET not in f"{caught.value!s}{caught.value!r}{caught.value.__cause__}"


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    text = GOOD + PAGE.replace('"public"', f'"{SECRET}"')
    with pytest.raises(MendSettings) as caught:
        settings(tmp_path, text)
    assert SECRET not in str(caught.value)


def test_a_secret_is_read_when_it_is_needed(tmp_path: Path, monkeypatch) -> None:
    place = settings(tmp_path, GOOD + PAGE).sources[0].secrets["token"]
    with pytest.raises(NeedsOperator, match="PAGE_TOKEN is empty or not set"):
        place.read()
    monkeypatch.setenv("PAGE_TOKEN", f" {SECRET}\n")
    assert place.read() == SECRET
    assert SECRET not in repr(place)


def test_a_secret_file_that_others_can_read_is_warned_of(tmp_path: Path) -> None:
    text = GOOD + PAGE.replace('token_env = "PAGE_TOKEN"', 'token_file = "secrets/page"')
    file = tmp_path / "secrets" / "page"
    with pytest.raises(NeedsOperator, match="cannot be read"):
        settings(tmp_path, text).sources[0].secrets["token"].read()
    file.parent.mkdir()
    file.write_text(SECRET)
    file.chmod(0o644)
    warned = settings(tmp_path, text).warnings
    assert len(warned) == 1
    assert f"chmod 600 {file}" in warned[0]
    file.chmod(0o600)
    found = settings(tmp_path, text)
    assert not found.warnings
    assert found.sources[0].secrets["token"].read() == SECRET


def test_a_database_password_comes_from_elsewhere(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "a b@c")
    text = '[database]\nurl = "postgresql://me@db/x"\npassword_env = "DB_PASSWORD"'
    found = settings(tmp_path, GOOD + text)
    assert found.database_url == "postgresql://me:a b%40c@db/x"
    assert "b%40c" not in repr(found)


def test_sources_with_one_token_share_an_account(tmp_path: Path) -> None:
    second = PAGE.replace("sources.page", "sources.second")
    one, two = settings(tmp_path, GOOD + PAGE + second).sources
    assert one.account == two.account


def test_plain_http_beyond_this_machine_is_warned_of(tmp_path: Path) -> None:
    assert "plain http" in settings(tmp_path, GOOD + '[web]\nhost = "0.0.0.0"').warnings[0]


def test_a_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(MendSettings, match="chaperone init"):
        load(tmp_path / "config.toml")


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MendSettings, match="not UTF-8"):
        load(tmp_path / "config.toml")
