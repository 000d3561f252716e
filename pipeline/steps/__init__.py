"""Decisions: values in, values out; no clock, network, disk, randomness or logging."""
