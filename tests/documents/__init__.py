"""The parts of docs/ that are generated: written by `make docs`, compared by the tests."""
