"""The watch's figures as Prometheus metrics, gathered anew at each scrape."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder

from pipeline import __version__
from pipeline.adapters.store.figures import Figures
from pipeline.daemon.pulse import Pulse
from pipeline.daemon.vitals import Vitals

HELP = {
    "feeds_failing": "Feeds whose last poll failed.",
    "articles": "Articles stored.",
    "articles_on_topic": "Articles with at least one topic.",
    "stories": "Stories the articles make.",
    "pages_due": "Articles whose page is still to be fetched.",
    "untagged": "Articles waiting to be tagged.",
    "to_review": "Tags that wait on the review page.",
    "labels": "Verdicts people gave.",
    "outbox": "Deliveries waiting.",
    "undeliverable": "Deliveries refused or given up.",
}


def exposition(vitals: Vitals, pulse: Pulse, accept: str) -> tuple[bytes, str]:
    """Return the metrics in the form a scraper asked for, and that form's content type."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Gathered(vitals, pulse))
    ProcessCollector(registry=registry)
    encode, content_type = choose_encoder(accept)
    return encode(registry), content_type


class Gathered:
    """A collector over one look; prometheus_client asks nothing more of it than `collect`."""

    def __init__(self, vitals: Vitals, pulse: Pulse) -> None:
        self._vitals = vitals
        self._pulse = pulse

    def collect(self) -> Iterator[Metric]:
        """Yield every metric, labelled ones with a sample for each label."""
        well = not self._vitals.faults
        yield gauge("ready", "1 while nothing is wrong, else 0; /readyz says what.", well)
        build = GaugeMetricFamily("chipwire_build_info", "The version.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        for name, size in self._vitals.sizes.items():
            place = "Free on the home's disk" if name == "free" else f"Size of the {name}"
            yield gauge(f"{name}_bytes", f"{place}, in bytes.", size)
        yield from self.children()
        if self._vitals.figures:
            yield from of_database(self._vitals.figures)

    def children(self) -> Iterator[Metric]:
        """Yield how often each job's child ended, how, and the time it took, since the start."""
        labels = ["job", "outcome"]
        times = CounterMetricFamily("chipwire_jobs", "Jobs ended since the start.", labels=labels)
        seconds = CounterMetricFamily(
            "chipwire_job_seconds", "Wall time of these jobs.", labels=labels
        )
        for label, ended in sorted(self._pulse.ended().items()):
            times.add_metric(label, ended.times)
            seconds.add_metric(label, ended.seconds)
        yield from (times, seconds)


def of_database(figures: Figures) -> Iterator[Metric]:
    for name, words in HELP.items():
        yield gauge(name, words, figures.counts[name])
    feeds = GaugeMetricFamily("chipwire_feeds", "Feeds of the list.", labels=["status"])
    for status, number in sorted(figures.feeds.items()):
        feeds.add_metric([status], number)
    yield feeds
    if figures.last_poll_at:
        moment = figures.last_poll_at.timestamp()
        yield gauge("last_poll_timestamp_seconds", "When a feed was polled last.", moment)
    runs = GaugeMetricFamily(
        "chipwire_last_run_timestamp_seconds",
        "When a job ended so last.",
        labels=["job", "outcome"],
    )
    for label, at in sorted(figures.last_runs.items()):
        runs.add_metric(label, at.timestamp())
    yield runs


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chipwire_{name}", words, value=value)
