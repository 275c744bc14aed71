"""The pages outside Streamlit: sign-in, sign-out, invitation, not here. No script is needed.

Every value is escaped where it is put in. The look is that of static/chaperone.css.
"""

from collections.abc import Iterable
from html import escape

NOT_HERE_TITLE = "There is nothing here for you"
NOT_HERE = "It may have been moved or dealt with, or the address may be wrong."
"""The same words whether a thing is missing or is not for this person to see."""

_FRAME = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Chaperone</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/chaperone.css">
{head}</head>
<body class="ch-plain">
<main class="ch-sheet">
<p class="ch-name">Chaperone</p>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def page(title: str, body: str, head: str = "") -> str:
    """A whole page. title is escaped here; body and head are HTML that is already safe."""
    return _FRAME.format(title=escape(title), body=body, head=head)


def _problem(words: str) -> str:
    return f'<p class="ch-note ch-danger" role="alert">{escape(words)}</p>' if words else ""


def _invented(accounts: Iterable[tuple[str, str, str]], onward: str) -> str:
    """A button for each account of the demonstration; nothing where there are none."""
    forms = "".join(
        f"""<form method="post" action="/sign-in" class="ch-demo">
<input type="hidden" name="next" value="{escape(onward, quote=True)}">
<input type="hidden" name="demonstration" value="{escape(username, quote=True)}">
<button type="submit">{escape(name)}, {escape(what)}</button>
</form>"""
        for username, name, what in accounts
    )
    if not forms:
        return ""
    return f"""<section aria-label="Demonstration" class="ch-note ch-calm">
<p>This is a demonstration. The school, its people and their posts are invented. Look around as:</p>
{forms}</section>"""


def sign_in(
    organisation: str,
    *,
    problem: str = "",
    onward: str = "",
    told: str = "",
    invented: Iterable[tuple[str, str, str]] = (),
) -> str:
    """The sign-in form. problem: why the last try failed; told: a calm word before it.

    invented: user name, name and part of every account of a demonstration.
    """
    calm = f'<p class="ch-note ch-calm">{escape(told)}</p>' if told else ""
    return page(
        "Sign in",
        f"""<p class="ch-lead">{escape(organisation)}</p>
{calm}{_problem(problem)}{_invented(invented, onward)}
<form method="post" action="/sign-in">
<input type="hidden" name="next" value="{escape(onward, quote=True)}">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none"
 spellcheck="false" maxlength="80" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 maxlength="256" required>
<label for="code">Code from your authenticator app</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code"
 pattern="[0-9 ]{{6,7}}" maxlength="7" class="ch-code" required>
<button type="submit">Sign in</button>
</form>
<p class="ch-muted">Lost your password or your phone? Ask your administrator for a new
invitation.</p>""",
    )


def invitation(*, name: str, username: str, qr: str, key: str, problem: str = "") -> str:
    """The form of an invitation. qr: SVG made here; key: the same secret, to be typed."""
    return page(
        "Set up your account",
        f"""<p class="ch-lead">Welcome, {escape(name)}. This takes about two minutes.</p>
{_problem(problem)}
<p>Your user name is <strong>{escape(username)}</strong>.</p>
<form method="post">
<input type="hidden" name="username" value="{escape(username, quote=True)}"
 autocomplete="username">
<h2>1. Choose a password</h2>
<p class="ch-muted">At least 12 characters. Three or four words that do not belong together are
easy to remember and hard to guess.</p>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12"
 maxlength="256" required>
<label for="again">The same password once more</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="12"
 maxlength="256" required>
<h2>2. Add Chaperone to an authenticator app</h2>
<p class="ch-muted">Scan the picture with the app on your phone, or type the key into it.</p>
<div class="ch-qr">{qr}</div>
<p class="ch-key"><span class="ch-muted">Setup key</span><br><code>{escape(key)}</code></p>
<h2>3. Type the code that the app shows now</h2>
<label for="code">Six figures</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code"
 pattern="[0-9 ]{{6,7}}" maxlength="7" class="ch-code" required>
<button type="submit">Finish</button>
</form>""",
    )


def invitation_over() -> str:
    """For a link that was used, has run out, or never was."""
    return page(
        "This link does not work any more",
        "<p>An invitation can be used once, and only for a few days. Ask your administrator for "
        'a new one.</p><p><a href="/sign-in">Go to sign-in</a></p>',
    )


def not_here() -> str:
    """For an address that leads nowhere, or not for this person."""
    return page(NOT_HERE_TITLE, f'<p>{NOT_HERE}</p><p><a href="/">Go to the start page</a></p>')


def went_wrong() -> str:
    """For an error outside the screens: what happened is in the log, without anybody's words."""
    return page(
        "Something went wrong",
        "<p>Chaperone could not answer this. Nothing was changed by it. Try again; if it happens "
        'again, tell whoever looks after the installation.</p><p><a href="/">Go to the start '
        "page</a></p>",
    )


def once_more(address: str) -> str:
    """Asks the browser for the same address from a page of ours, so that it sends its cookie."""
    safe = escape(address, quote=True)
    return page(
        "One moment",
        f'<p><a href="{safe}">Continue</a></p>',
        head=f'<meta http-equiv="refresh" content="0;url={safe}">\n',
    )
