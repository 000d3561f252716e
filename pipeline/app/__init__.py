"""The watch put together: its parts, and one pass of everything that is due."""

from pipeline.app.parts import App, open_app

__all__ = ["App", "open_app"]
