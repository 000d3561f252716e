"""chipwire: from feeds to tagged articles, stories and digests."""

__version__ = "1.0.0"
