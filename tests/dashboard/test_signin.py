"""Signing in and out, and setting up an account, by the plain pages of a real server."""

import re
from collections.abc import Callable

import httpx
import pyotp
import pytest

from casework import invites, people, sessions
from dashboard import signin
from dashboard.gate import COOKIE
from models.vocabulary import Role


@pytest.fixture
def post(site: str, browse: Callable[..., httpx.Client]) -> Callable[..., httpx.Response]:
    """Send a form as our own page does."""

    def send(path: str, origin: str | None = site, **fields: str) -> httpx.Response:
        headers = {"origin": origin} if origin else {}
        return browse().post(path, data=fields, headers=headers)

    return send


def _fields(desk, member, **instead: str) -> dict[str, str]:
    right = {
        "username": member.username,
        "password": member.password,
        "code": member.code(desk.house.store),
    }
    return {**right, **instead}


def test_the_right_three_open_a_session(desk, post) -> None:
    member = desk.member("Hazel Dean", Role.MONITOR)
    answer = post("/sign-in", **_fields(desk, member))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
    assert "secure" not in cookie  # plain http on the loopback
    inside = httpx.get(f"{answer.url.copy_with(path='/queue')}", cookies=answer.cookies)
    assert inside.status_code == 200


def test_https_makes_the_cookie_secure(desk) -> None:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    member = desk.member("Heath Lock", Role.MONITOR)
    app = Starlette(routes=signin.routes(desk.house))
    client = TestClient(app, base_url="https://chaperone.example.org")
    answer = client.post(
        "/sign-in",
        data=_fields(desk, member),
        headers={"origin": "https://chaperone.example.org"},
        follow_redirects=False,
    )
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("wrong", ["username", "password", "code"])
def test_whatever_is_wrong_is_told_in_the_same_words(desk, post, wrong: str) -> None:
    member = desk.member("Rowan Beck", Role.MONITOR)
    answer = post("/sign-in", **_fields(desk, member, **{wrong: "000000"}))
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "The user name, the password or the code is wrong" in answer.text
    assert member.username not in answer.text and member.password not in answer.text


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example.org"])
def test_a_form_of_another_site_is_refused(desk, post, origin: str | None) -> None:
    member = desk.member("Bay Ford", Role.MONITOR)
    answer = post("/sign-in", origin, **_fields(desk, member))
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/item?item=5", "/item?item=5"),
        ("/queue", "/queue"),
        ("https://evil.example.org/queue", "/"),
        ("//evil.example.org/queue", "/"),
        ("/\\evil.example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("//[", "/"),
        ("/no-such-screen", "/"),
        ("", "/"),
    ],
)
def test_after_sign_in_only_our_own_screens_follow(desk, post, asked: str, goes: str) -> None:
    member = desk.member("Lin Park", Role.MONITOR)
    answer = post("/sign-in", **_fields(desk, member, next=asked))
    assert answer.headers["location"] == goes


def test_the_form_is_no_place_to_put_markup(browse) -> None:
    page = browse().get("/sign-in", params={"next": '"><script>alert(1)</script>'}).text
    assert "<script>" not in page


def test_a_huge_or_strange_form_is_refused(browse, site: str) -> None:
    headers = {"origin": site, "content-type": "application/x-www-form-urlencoded"}
    big = browse().post("/sign-in", content=b"username=" + b"x" * 50_000, headers=headers)
    assert big.status_code == 401
    headers["content-type"] = "multipart/form-data; boundary=x"
    strange = browse().post("/sign-in", content=b"--x--", headers=headers)
    assert strange.status_code == 401


def test_signing_out_ends_the_session_at_once(desk, browse) -> None:
    token = desk.session(desk.member("Wren Dale", Role.MONITOR))
    assert browse(token).get("/queue").status_code == 200
    answer = browse(token).get("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert f'{COOKIE}=""' in answer.headers["set-cookie"]
    assert browse(token).get("/queue").status_code == 303


def test_an_invitation_is_used_once(desk, site: str, browse, post) -> None:
    store = desk.house.store
    person = people.create_person(store, None, username="new.person", name="New <b>Person</b>")
    path = f"/invite/{invites.invite(store, person)}"
    page = browse().get(path).text
    assert "<svg" in page and "New &lt;b&gt;Person&lt;/b&gt;" in page
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    code = str(pyotp.TOTP(secret.group(1)).now())
    good = "five brown kettles sing"

    unlike = post(path, password=good, again="another one entirely", code=code)
    assert (unlike.status_code, "not the same" in unlike.text) == (422, True)
    weak = post(path, password="password1234", again="password1234", code=code)
    assert weak.status_code == 422
    wrong = post(path, password=good, again=good, code="000000")
    assert (wrong.status_code, "six digits are not right" in wrong.text) == (422, True)
    foreign = post(path, "https://evil.example.org", password=good, again=good, code=code)
    assert foreign.status_code == 403

    assert browse().get(path).text.count(secret.group(1)) == 1  # the same key all the while
    done = post(path, password=good, again=good, code=str(pyotp.TOTP(secret.group(1)).now()))
    assert "Your account is ready" in done.text
    for answer in (browse().get(path), post(path, password=good, again=good, code=code)):
        assert answer.status_code == 404
        assert "does not work any more" in answer.text


def test_an_unknown_invitation_reads_like_a_used_one(browse) -> None:
    answer = browse().get("/invite/not-a-token")
    assert answer.status_code == 404
    assert "does not work any more" in answer.text


def test_a_real_house_has_no_button_that_opens_it(desk, site, post, browse) -> None:
    member = desk.member("Bryony Marsh", Role.MONITOR)
    answer = post("/sign-in", demonstration=member.username)
    assert answer.status_code == 401
    assert COOKIE not in answer.cookies
    assert "demonstration" not in browse().get("/sign-in").text.lower()


def test_signing_in_again_ends_the_same_browsers_earlier_session(desk, post, site) -> None:
    member = desk.member("Fern Moss", Role.MONITOR)
    first = post("/sign-in", **_fields(desk, member)).cookies[COOKIE]
    other = desk.member("Ivy Stone", Role.LEAD)
    again = httpx.post(
        f"{site}/sign-in",
        data=_fields(desk, other),
        headers={"origin": site},
        cookies={COOKIE: first},
    )
    assert again.status_code == 303
    store = desk.house.store
    assert sessions.viewer_for(store, first) is None
    viewer = sessions.viewer_for(store, again.cookies[COOKIE])
    assert viewer is not None and viewer.name == "Ivy Stone"
