"""Keep the review queue filled: the doubtful, the rare topics' best, and some at random."""

from collections.abc import Sequence

from pipeline.adapters.choosing import choose
from pipeline.adapters.store import Store
from pipeline.adapters.store import review as table
from pipeline.models.tags import Topic

TARGET = 200  # items worth choosing at a time: some evenings of work
MOST = 1_000  # a queue nobody works through stops growing


def top_up(store: Store, topics: Sequence[Topic], *, tagged: int) -> int:
    """Add what is worth a look to the queue; return how many items were added.

    Never takes an item away: a person may be typing into its row in another program. Writes
    nothing when there is nothing to add; asks little when nothing was `tagged` since.
    """
    waiting = table.open_items(store)
    renewed = table.outdated(store) if tagged else []
    wanted: list[table.Wanted] = []
    if (tagged or waiting < TARGET) and waiting < MOST:
        wanted = choose_more(store, topics)
    if wanted or renewed:
        with store.transaction():
            table.renew(store, renewed, {topic.name: topic.threshold for topic in topics})
            table.add_items(store, wanted)
    return len(wanted)


def choose_more(store: Store, topics: Sequence[Topic]) -> list[table.Wanted]:
    cells = table.candidates(store)
    there = {article for article, _ in table.listed(store)}
    if {article for article, _, _ in cells} <= there:
        return []  # before numpy is imported: an idle daemon stays small
    chosen = choose(cells, topics, TARGET, support=table.support(store))
    return [cell for cell in chosen if cell.article_id not in there]
