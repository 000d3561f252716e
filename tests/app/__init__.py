"""Tests of the app: its parts put together."""
