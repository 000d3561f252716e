"""What the jobs ask of the outside world, as protocols a fake can fill."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeVar

from pipeline.models.archives import Captured, Unit
from pipeline.models.hosts import HostRecord
from pipeline.models.pages import Fetched, Request
from pipeline.models.tags import Tag

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class WorkerFailure:
    """A task whose worker gave no answer; `detail` is for a person.

    `outside` says that the machine may be to blame rather than the task: the worker was killed
    by another, or waited for the processor. Such a task is worth another try.
    """

    reason: Literal["timeout", "memory", "crashed", "error"]
    detail: str
    outside: bool = False


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""

    def sleep(self, seconds: float) -> None:
        """Wait; a test's clock only turns."""


class Fetcher(Protocol):
    """Politely gets what lies at addresses."""

    def fetch_all(
        self, requests: Iterable[Request]
    ) -> Generator[tuple[Request, Fetched], None, None]:
        """Yield each request with what came of it, in the order they finish.

        Hosts overlap; one host gets one request at a time, spaced. Raises nothing for
        what a server does: a failure is a value.
        """


class HostMemory(Protocol):
    """Keeps what the fetcher learns of hosts; called only by the thread that iterates."""

    def get(self, host: str) -> HostRecord | None:
        """Return what is known of a host."""

    def put(self, record: HostRecord) -> None:
        """Keep it; replaces the host's earlier record."""


class Workers(Protocol):
    """Runs pure top-level functions where hostile input can do no harm."""

    def run_all(
        self, function: Callable[[T], R], tasks: Iterable[T]
    ) -> Iterator[tuple[T, R | WorkerFailure]]:
        """Yield each task with its answer, or why there is none, in the order they finish.

        A task that runs past the time or memory limit, or kills its worker, costs only
        itself. An exception of `function` comes back as a WorkerFailure ("error").
        """


class Archive(Protocol):
    """Pages somebody captured earlier, in an order that does not change.

    `name` is what a person calls it, `identity` tells it from any other whatever its name.
    A `keyed` archive has no positions to go on from: its records are told apart by their keys.
    """

    @property
    def name(self) -> str: ...
    @property
    def identity(self) -> str: ...
    @property
    def unit(self) -> Unit: ...
    @property
    def size(self) -> int: ...
    @property
    def keyed(self) -> bool: ...

    def records(self, after: int, settled: Collection[str]) -> Iterator[Captured]:
        """Yield the records from position `after` on; a fault of one is a record, too.

        A keyed archive yields them all but those whose keys are `settled`.
        """


class Channel(Protocol):
    """A way out for digests."""

    name: str

    def send(self, recipient: str, message_id: str, message: bytes) -> None:
        """Hand the message over; return once it was accepted.

        Raises:
            DeliveryError: refused for good (`permanent`) or for now.
        """


class Tagger(Protocol):
    """Says which topics texts are about, and why."""

    @property
    def model_id(self) -> str:
        """The hash of all that made the model."""

    def tag(self, batch: "TextBatch") -> Sequence[Tag]:
        """Return a tag for every topic of every text, also where the answer is no."""


TextBatch = Sequence[tuple[int, str, str]]  # (article id, title, text)
