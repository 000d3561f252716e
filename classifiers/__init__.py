"""Text in, topics out: the tagger and the multi-label classifier behind it."""
