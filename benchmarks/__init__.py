"""Ratios and floors, measured on request; nothing here runs in the tests but the parsers."""
