"""Page bytes in, article out: text, title, author, date, language, canonical address.

Pure, and made to run in a worker process: the heavy libraries are imported by the first
call (or by `warm_up`), never by importing this package.
"""

from pipeline.models.articles import Extracted, PageTask


def extract(task: PageTask) -> Extracted:
    """Return the article of a page, or with `stub` set what stood there instead.

    A page past the guards' limits (size, a tag's length, nesting) raises ExtractError.
    The same task always gives the same answer; nothing is remembered between calls.
    """
    from pipeline.steps.extraction.article import read

    return read(task)


def warm_up() -> None:
    """Import what `extract` needs, so that a worker pays for it once and before its limits."""
    import pipeline.steps.extraction.article  # noqa: F401 - imported for its imports
