"""How Streamlit is set up: quiet, offline, and in the product's colours. Called once, at start.

Contrast: every pair of text and ground below has a ratio of at least 4.5 (WCAG 2.2 AA).
Red is kept for danger: overdue, blind, failed, immediate danger.
"""

import logging

from streamlit import config

INK = "#1d2b33"
PAPER = "#fbfbf9"
SHADE = "#f1f2ee"
LINE = "#d5d9d6"
ACCENT = "#24505e"
RED = "#a8201a"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

MAX_UPLOAD_MB = 25
"""An exported chat without its media is far smaller."""

_OPTIONS: dict[str, object] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "logger.enableRich": False,
    "logger.hideWelcomeMessage": True,
    "logger.level": "warning",
    "runner.magicEnabled": False,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.maxUploadSize": MAX_UPLOAD_MB,
    "server.runOnSave": False,
    "server.xsrfCookieSameSite": "strict",
    "theme.base": "light",
    "theme.primaryColor": ACCENT,
    "theme.backgroundColor": PAPER,
    "theme.secondaryBackgroundColor": SHADE,
    "theme.textColor": INK,
    "theme.linkColor": ACCENT,
    "theme.borderColor": LINE,
    "theme.redColor": RED,
    "theme.font": FONT,
    "theme.headingFont": FONT,
    "theme.codeFont": "ui-monospace, 'Cascadia Mono', Menlo, Consolas, monospace",
    "theme.baseFontSize": 16,
    "theme.baseRadius": "0.375rem",
    "theme.showWidgetBorder": True,
    "theme.headingFontSizes": ["1.7rem", "1.3rem", "1.1rem", "1rem", "1rem", "1rem"],
    "theme.headingFontWeights": [650, 650, 650, 600, 600, 600],
}


def apply() -> None:
    """Set every option and keep words out of Streamlit's and the server's own logs of errors."""
    for name, value in _OPTIONS.items():
        config.set_option(name, value, "dashboard/theme.py")
    for name in ("streamlit.error_util", "uvicorn.error"):
        log = logging.getLogger(name)
        if not any(isinstance(known, _NoWords) for known in log.filters):
            log.addFilter(_NoWords())


class _NoWords(logging.Filter):
    """An error's message may quote a post (a database error shows its parameters): only its kind
    and place are written."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.msg, record.args = "%s at %s", (type(error).__name__, place(error))
        record.exc_info = None
        record.exc_text = None
        return True


def place(error: BaseException) -> str:
    """ "cases.py:41": where an error was raised, without anything of what it says."""
    step = error.__traceback__
    if step is None:
        return "an unknown place"
    while step.tb_next is not None:
        step = step.tb_next
    file = step.tb_frame.f_code.co_filename.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{file}:{step.tb_lineno}"
