"""The SQLite file: one connection, one writer, short transactions."""

from pipeline.adapters.store.connection import Store

__all__ = ["Store"]
