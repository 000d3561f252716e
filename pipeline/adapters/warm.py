"""What workers need, imported once by the server they are forked from; of use nowhere else.

Each library loads more on its first call than on its import (scipy's matrices), so each is
called once: without that every worker paid for it anew. Not so what only few articles ask for
(the language model, .7 s; jusText's stop words, .2 s): whoever meets one loads it.
"""

import gc
import os

# The pool is the parallelism: threads of a numeric library would only fight it, and none may
# run in a process that forks. Read when numpy is imported, so it stands before.
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

from datetime import UTC, datetime  # noqa: E402 - after the variables, as all that follows

import pipeline.adapters.reading  # noqa: E402, F401 - imported for its imports
from classifiers.features import Vectoriser  # noqa: E402
from pipeline.models.articles import PageTask  # noqa: E402
from pipeline.models.feeds import FeedTask  # noqa: E402
from pipeline.steps.extraction import extract  # noqa: E402
from pipeline.steps.feeds import parse_task  # noqa: E402
from pipeline.steps.sketch import sketch  # noqa: E402

_NOWHERE = "http://warm.invalid/"
_LINE = "Any article of some length and with the words of English loads what reading takes. "
_FEED = "<rss version='2.0'><channel><title>Any</title><item><title>One</title></item></channel>"

extract(PageTask(0, _NOWHERE, f"<html><body><p>{_LINE * 9}</p></body></html>".encode()))
parse_task(FeedTask(0, _FEED.encode(), "", _NOWHERE, datetime(2026, 1, 1, tzinfo=UTC)))
Vectoriser().fit([_LINE])
sketch(_LINE)

# What is there now lives for ever: no collection in a worker need look at it, and pages of
# memory that none writes to stay shared.
gc.freeze()
# And what a page leaves behind is seldom a cycle: looking at it every 700 objects took 5 %.
gc.set_threshold(50_000, 10, 10)
