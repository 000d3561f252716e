"""Digests: choosing what is news to a reader, wording it, and rendering it in every form."""
