"""The watch put together: its parts, and one pass of everything that is due."""

import logging

from pipeline.app.parts import App, open_app

# Without a handler of the program's own, Python prints every library's warnings to stderr:
# cron would mail each malformed header. The daemon adds one that prints.
logging.getLogger().addHandler(logging.NullHandler())

__all__ = ["App", "open_app"]
