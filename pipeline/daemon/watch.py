"""The parent at work: asks the database what is due and sends a child to do it."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pipeline import __version__
from pipeline.adapters import lock
from pipeline.adapters.daemon_state import State, Told
from pipeline.adapters.store import Store
from pipeline.adapters.store.times import to_text
from pipeline.daemon import configuration
from pipeline.daemon.child import Errand
from pipeline.daemon.plan import Plan
from pipeline.daemon.pulse import Pulse
from pipeline.daemon.spawn import Answer, Spawner
from pipeline.errors import StoreEmpty, StoreError, StoreTooNew
from pipeline.jobs import due
from pipeline.ports import Clock

logger = logging.getLogger(__name__)

STUCK_S = 15 * 60  # a stage that a whole pass left due is not tried again before
PAUSE_S = 5 * 60  # after a pass that failed for another reason than a lock
# These give themselves a new time with every attempt; only the others can stay due.
MOVE_ON = frozenset({"feeds", "pages", "deliveries"})
LOCK = "chipwire.lock"
LOCKED = 75
SCHEMA = "a later schema"  # in place of a version: no child has told it yet
KEEPING = ("integrity", "backup", "prune")


class Watch:
    """One home: its plan, and what was tried lately. Used by the scheduler's one work thread."""

    def __init__(
        self,
        plan: Plan,
        errand: Errand,
        *,
        clock: Clock,
        spawner: Spawner,
        state: State,
        pulse: Pulse,
    ) -> None:
        """`errand` is the pattern of all: home, lock and log style filled in."""
        self.plan = plan
        self._errand = errand
        self._clock = clock
        self._spawner = spawner
        self._state = state
        self._pulse = pulse
        self._seen = configuration.signature(plan.home)
        self._noticed = self._seen
        self._fresh = True  # no pass has worked by this configuration yet
        self._stuck: dict[str, float] = {}
        self._put_off: dict[str, float] = {}
        self._paused_until = 0.0
        self._sheets = self._saved_sheets()
        self.newer = ""  # the version of a program that was installed over this one

    @property
    def told(self) -> Told:
        """What the daemon tells about itself."""
        return self._state.told

    def tick(self) -> None:
        """Take over a changed configuration, then do a pass if anything is due."""
        self._pulse.turn()
        if self._is_away():
            return
        if self._edited():
            self.reload()
        if time.monotonic() < self._paused_until:
            return
        now = time.monotonic()
        waiting = {name for name, since in self._stuck.items() if now - since < STUCK_S}
        reasons = self._ask(self._of_a_pass) - waiting
        if self._saved_sheets() != self._sheets:
            reasons |= {"sheets"}
        if reasons or self._fresh:
            self._pass(reasons)

    def _is_away(self) -> bool:
        """Return whether the home was moved, unmounted or replaced, and tell so.

        A child would make a folder there and watch the packaged feeds in it.
        """
        home = self.plan.home
        if self._errand.lock is None or lock.is_held_at(home / LOCK, self._errand.lock):
            return False
        why = (
            f"{home} is not the folder it was when the daemon started\n"
            "  fix: mount it or put it back; if another is meant, start the daemon again"
        )
        if self._state.told.problem != why:
            logger.error("home_away error=%r", why)
            self._state.tell(problem=why)
        return True

    def _edited(self) -> bool:
        """Return whether the files changed and then stayed so for a tick: nobody is saving them."""
        before, self._noticed = self._noticed, configuration.signature(self.plan.home)
        return self._noticed != self._seen and self._noticed == before

    def _saved_sheets(self) -> frozenset[tuple[str, int, int]]:
        return due.sheets(self.plan.home / "review")

    def _pass(self, reasons: frozenset[str]) -> None:
        sheets = self._saved_sheets()  # before the pass: what is saved meanwhile is due again
        answer = self._send("pass", why=" ".join(sorted(reasons)) or "new configuration")
        if answer is None or answer.code == LOCKED:
            return
        if answer.code:
            self._paused_until = time.monotonic() + PAUSE_S
            return
        self._fresh = False
        self._sheets = sheets
        left = self._ask(self._of_a_pass) - MOVE_ON
        self._stuck = dict.fromkeys(left, time.monotonic())

    def upkeep(self) -> None:
        """Do the keeping jobs that are due, missed ones included.

        One that fails says so in the database and waits its hour there; one whose child could
        not even do that (killed for its memory, say) is put off here.
        """
        self._pulse.turn()
        if self._is_away():
            return
        found = self._ask(self._of_upkeep)
        for job in KEEPING:
            if job not in found or time.monotonic() < self._put_off.get(job, 0.0):
                continue
            answer = self._send(job, why="its time has come")
            if answer is None:
                return
            if answer.code not in (0, LOCKED):
                self._put_off[job] = time.monotonic() + due.AGAIN.total_seconds()

    def _of_a_pass(self, store: Store, now: datetime) -> frozenset[str]:
        return due.of_a_pass(
            store, self.plan.digests, now, after_labels=self.plan.after_labels,
            rules=self.plan.alerts, labels=self.plan.labels,
        )  # fmt: skip

    def _of_upkeep(self, store: Store, now: datetime) -> frozenset[str]:
        lines = {"backup": self.plan.backup_schedule}
        return frozenset(job for job in KEEPING if due.keeping(store, job, now, schedules=lines))

    def take_up(self) -> None:
        """Re-read the configuration and work by it at once, as SIGHUP asks."""
        self.reload()
        self.tick()

    def reload(self) -> bool:
        """Put the home's files in force if they make sense; else keep the old and say why."""
        home = self.plan.home
        if self._is_away():
            return False
        self._seen = configuration.signature(home)
        try:
            folder = configuration.candidate(home)
        except OSError as error:
            return self._kept(f"the configuration cannot be copied: {error}")
        answer = self._child(replace(self._errand, job="plan", run="plan", config=str(folder)))
        if answer is None or self._spawner.stopped:
            return False
        if answer.code:
            return self._kept(answer.error.replace(str(folder), str(home)))
        try:
            configuration.take_over(home)
        except OSError as error:
            return self._kept(f"the configuration cannot be taken over: {error}")
        self.plan = Plan.from_json(answer.plan)
        self._fresh = True
        self._paused_until = 0.0
        self._state.tell(configuration="")
        logger.info("configuration_taken_over")
        return True

    def _kept(self, why: str) -> bool:
        """Say why the old configuration stays in force; return that nothing was taken over."""
        logger.error("configuration_kept error=%r", why)
        self._state.tell(configuration=why)
        return False

    def _send(self, job: str, *, why: str) -> Answer | None:
        if self._spawner.stopped:
            return None
        run = f"{job}-{self._clock.now():%m%dT%H%M%S}"
        logger.info("started job=%s run=%s why=%r", job, run, why)
        self._state.tell(doing=f"{job} since {to_text(self._clock.now())}")
        began = time.monotonic()
        answer = self._child(replace(self._errand, job=job, run=run))
        if answer is not None:
            self._pulse.note(job, outcome(answer), time.monotonic() - began)
            if answer.code:
                logger.warning(
                    "ended job=%s run=%s code=%d error=%r", job, run, answer.code, answer.error
                )
            # how upkeep went stands in the database, where a pass that went well hides nothing
            of_this = job == "pass" or answer.code
            self._state.tell(doing="", **({"problem": answer.error} if of_this else {}))
        return answer

    def _child(self, errand: Errand) -> Answer | None:
        with self._pulse.waiting():
            answer = self._spawner.send(errand)
        if answer is not None and answer.version not in ("", __version__):
            self.newer = answer.version
        return answer

    def _ask(self, question: Callable[[Store, datetime], frozenset[str]]) -> frozenset[str]:
        """Ask the database what is due; nothing, and the problem told, if it cannot be read.

        It is opened for each question: one that was put back or moved away is noticed.
        """
        database = self.plan.home / "chipwire.db"
        if not database.exists():
            return frozenset({"first pass"})
        try:
            with Store(database, read_only=True) as store:
                return question(store, self._clock.now())
        except StoreEmpty:  # killed while it made the database
            return frozenset({"first pass"})
        except StoreTooNew as error:  # a newer program was here; perhaps it is ours by now
            self.newer = self.newer or SCHEMA
            self._state.tell(problem=str(error))
            return frozenset()
        except StoreError as error:
            if str(error) != self._state.told.problem:
                logger.error("database_unusable error=%r", str(error))
            self._state.tell(problem=str(error))
            return frozenset()


def outcome(answer: Answer) -> str:
    if answer.code == LOCKED:
        return "locked"
    return "failed" if answer.code or answer.error else "ok"
