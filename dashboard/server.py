"""The web process: the gate, the pages outside Streamlit, and Streamlit behind them.

build(house) -> the ASGI application; `python -m dashboard.server --config config.toml` serves
it on the loopback. One application per process: Streamlit keeps its settings per process.
"""

import argparse
import gc
import logging
import mimetypes
import pkgutil
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
import uvicorn
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route
from starlette.types import ASGIApp

from casework import sessions
from dashboard import door, hooks, plain_pages, screens, signin, theme
from dashboard.addresses import ASSETS, HEALTH, SCREENS, first_screen
from dashboard.gate import Gate, WhoIs, token_of
from models.vocabulary import Viewer

if TYPE_CHECKING:
    from chaperone.wiring import House

HERE = Path(__file__).parent
log = logging.getLogger(__name__)


def build(house: "House") -> ASGIApp:
    """The whole application for this house. Raises MendSettings where the house cannot serve."""
    theme.apply()
    door.open_house(house)
    who_is: WhoIs = partial(_who_is, house)
    app = streamlit.App(
        HERE / "app.py",
        routes=[
            Route(HEALTH, _healthy, methods=["GET"]),
            Route(ASSETS + "{name}", _asset, methods=["GET"]),
            *signin.routes(house),
            *hooks.routes(house),
            *_screens(house),
        ],
        on_script_error=door.went_wrong,
        exception_handlers={500: _went_wrong, 404: _not_here},
    )
    return Gate(app, who_is)  # outermost: not even an error page leaves without its headers


def _who_is(house: "House", token: str, uses: bool) -> Viewer | None:
    return sessions.viewer_for(house.store, token, counts_as_use=uses)


def _screens(house: "House") -> list[Route]:
    """The frame of Streamlit's screens, with our title, style sheet and script."""
    frame = _frame()

    def screen(_request: Request) -> Response:
        return HTMLResponse(frame)

    def start(request: Request) -> Response:
        person = sessions.viewer_for(house.store, token_of(request.headers))
        if person is None:
            return RedirectResponse("/sign-in", status_code=303)
        return RedirectResponse(f"/{first_screen(person)}", status_code=303)

    return [Route("/", start), *(Route(f"/{address}", screen) for address in SCREENS)]


def _frame() -> str:
    """Streamlit's index page without its inline script, its preloaded font and its pointer to an
    interface that is switched off, so that the content policy needs no exception for scripts."""
    whole = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    kept = "\n".join(
        line for line in whole.splitlines() if "modulepreload" in line or "index." in line
    ).replace('"./static/', '"/static/')
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chaperone</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
{kept}
<link rel="stylesheet" href="/assets/chaperone.css">
<script src="/assets/watch.js" defer></script>
</head>
<body>
<noscript><p>This part of Chaperone needs JavaScript. Please allow it here.</p></noscript>
<div id="root"></div>
</body>
</html>
"""


def _asset(request: Request) -> Response:
    path = HERE / "static" / request.path_params["name"]
    if path.parent != HERE / "static" or not path.is_file():
        return PlainTextResponse("not here", status_code=404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, media_type=kind)


def _healthy(_request: Request) -> Response:
    """Says that the web process answers, and nothing else: anybody may ask."""
    return PlainTextResponse("ok")


def _went_wrong(_request: Request, error: Exception) -> Response:
    log.error("a page failed: %s at %s", type(error).__name__, theme.place(error))
    return HTMLResponse(plain_pages.went_wrong(), status_code=500)


def _not_here(_request: Request, _error: Exception) -> Response:
    return HTMLResponse(plain_pages.not_here(), status_code=404)


def uvicorn_config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,  # addresses carry item numbers, and nobody reads them
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=8 * 1024 * 1024,
        timeout_graceful_shutdown=3,
    )


def settle() -> None:
    """Load every screen before anybody asks, and keep what stands from then on out of Python's
    clearing up: Streamlit clears up after each run of the script, and going through the libraries
    held up whoever clicked next by 85 ms (measured)."""
    for module in pkgutil.iter_modules(screens.__path__):
        import_module(f"{screens.__name__}.{module.name}")
    gc.collect()
    gc.freeze()


def main(arguments: Sequence[str] | None = None) -> int:
    """`python -m dashboard.server`. Returns the exit status."""
    from chaperone import settings, wiring

    parser = argparse.ArgumentParser(prog="python -m dashboard.server", description=__doc__)
    parser.add_argument("--config", type=Path, default=None, help="the settings file")
    parser.add_argument("--host", default=None, help="the address to listen on")
    parser.add_argument("--port", type=int, default=None, help="the port to listen on")
    given = parser.parse_args(arguments)
    house = wiring.House(settings.load(given.config))
    web = house.settings.web
    app = build(house)
    settle()
    uvicorn.Server(uvicorn_config(app, given.host or web.host, given.port or web.port)).run()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
