"""What workers need besides where articles are told to be in a language by statistics.

The model takes .7 s and 100 MiB: once, in the server, instead of in every worker that meets such
an article. Of use nowhere else.
"""

import gc

import pipeline.adapters.warm  # noqa: F401 - first: it says how numpy is to be loaded
from pipeline.steps.extraction.language import identify

identify("Ein Satz, von dem weder Schrift noch englische Wörter sagen, in welcher Sprache er ist.")
gc.freeze()  # see there
