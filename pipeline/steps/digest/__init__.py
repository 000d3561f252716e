"""Digests: choosing what is news to a reader, wording it, and rendering it in every form."""

from pipeline.steps.digest.compose import compose
from pipeline.steps.digest.render_terminal import render_terminal

__all__ = ["compose", "render_terminal"]
