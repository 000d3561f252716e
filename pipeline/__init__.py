"""chipwire: from feeds to tagged articles, stories and digests."""

__version__ = "0.1.0"
