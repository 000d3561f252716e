"""Starting and ending the daemon: one per home, the scheduler, the signals, the heartbeat."""

import logging
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from pipeline import __version__
from pipeline.adapters import lock
from pipeline.adapters.clock import SystemClock
from pipeline.adapters.daemon_state import State, Told
from pipeline.adapters.store.times import to_text
from pipeline.adapters.systemd import Systemd
from pipeline.daemon import configuration
from pipeline.daemon.child import Errand
from pipeline.daemon.logs import to_stderr
from pipeline.daemon.plan import Plan
from pipeline.daemon.pulse import MOST_STUCK_S, Pulse
from pipeline.daemon.spawn import Spawner
from pipeline.daemon.vitals import Vitals, look
from pipeline.daemon.watch import LOCK, Watch
from pipeline.errors import ChipwireError, ConfigError
from pipeline.ports import Clock

logger = logging.getLogger(__name__)

TICK_S = 60
BEAT_S = 30
RENEW = -1  # no exit code: start the program anew
RENEWED_FOR = "CHIPWIRE_RENEWED_FOR"
# Wall clock and monotonic clock further apart than this: the clock was set, or we slept.
JUMP = timedelta(seconds=90)


def serve(home: str | None, *, log: str, listen: str = "") -> int:
    """Watch a home until SIGTERM or SIGINT; return the exit code.

    `listen` is where to answer monitors (HOST:PORT), "" for nowhere.

    Raises:
        ConfigError: the configuration makes no sense; nothing was started.
        StoreLocked: another chipwire works in this home; its name stands in the error.
    """
    clock, spawner = SystemClock(), Spawner()
    to_stderr(log, "daemon")
    pattern = Errand("plan", "plan", home, log=log)
    plan = read_plan(spawner, pattern)
    with ExitStack() as stack:
        make_folder(plan.home)
        held = stack.enter_context(lock.hold(plan.home / LOCK, "chipwire daemon"))
        received = stack.enter_context(signals())
        pattern = Errand(
            "plan", "plan", str(plan.home), str(configuration.in_force(plan.home)), held, log=log
        )
        state = State(plan.home, Told(os.getpid(), to_text(clock.now()) or ""))
        watch = Watch(
            plan, pattern, clock=clock, spawner=spawner, state=state, pulse=(pulse := Pulse())
        )
        if listen:
            stack.enter_context(answering(listen, watch, pulse, clock))
        state.tell()
        stack.callback(state.close)
        if not watch.reload():
            raise ConfigError(
                "the configuration could not be taken over", why=state.told.configuration
            )
        logger.info("daemon_started home=%s pid=%d version=%s", plan.home, os.getpid(), __version__)
        code = live(received, watch, spawner, signs=Signs(state, pulse, Systemd()), clock=clock)
    if code == RENEW:
        renew(watch.newer)
    return code


def live(received: int, watch: Watch, spawner: Spawner, *, signs: "Signs", clock: Clock) -> int:
    """Do what is due until a signal comes; let the child in hand finish; return the exit code."""
    scheduler = start(watch, clock.now())
    signs.systemd.ready()
    try:
        return beat(received, scheduler, watch, signs=signs, clock=clock)
    finally:
        signs.systemd.stopping()
        scheduler.remove_all_jobs()
        spawner.stop()
        # the work thread has no child any more: what it still says must come before our state
        # is taken away. Not waiting would gain nothing: Python joins the thread as it ends.
        scheduler.shutdown(wait=True)
        logger.info("daemon_ended")


def renew(version: str) -> None:
    """Become the program that was installed over this one: the same process, started anew.

    Its supervisor sees no end, the lock is free for a moment. The environment remembers for
    which version it was done: where children come from another installation than the parent,
    it is done once and not for ever.
    """
    os.environ[RENEWED_FOR] = version
    logger.warning("program_renewed from=%s to=%s", __version__, version)
    with suppress(OSError):  # what cannot be said must not keep us from going on
        sys.stderr.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


def answering(
    where: str, watch: Watch, pulse: Pulse, clock: Clock
) -> AbstractContextManager[object]:
    from pipeline.daemon.listen import listening  # http.server: only for those who ask for it

    def looked() -> Vitals:
        return look(watch.plan.home, watch.told, pulse, now=clock.now())

    return listening(where, look=looked, pulse=pulse)


def read_plan(spawner: Spawner, errand: Errand) -> Plan:
    answer = spawner.send(errand)
    assert answer is not None  # nobody has stopped the spawner yet
    if answer.code:
        raise Refused(answer.error, answer.code)
    return Plan.from_json(answer.plan)


class Refused(ChipwireError):
    """What a child said when it could not begin, with its exit code."""

    def __init__(self, what: str, code: int) -> None:
        super().__init__(what)
        self.exit_code = code


def make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be made", why=str(error), fix="choose another folder with --home"
        ) from error


def start(watch: Watch, now: datetime) -> BackgroundScheduler:
    """Schedule the jobs; each runs at once, for what was missed while nobody watched.

    One work thread: passes and upkeep never overlap. `misfire_grace_time` is None because the
    default of one second drops a run that waited for another (HAZARDS, APScheduler).
    """
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone="UTC",
    )
    scheduler.start()
    scheduler.add_job(watch.tick, every(TICK_S), id="pass", next_run_time=now)
    scheduler.add_job(watch.upkeep, every(TICK_S), id="upkeep", next_run_time=now)
    return scheduler


def every(seconds: int) -> IntervalTrigger:
    return IntervalTrigger(seconds=seconds, timezone="UTC")


@dataclass(frozen=True, slots=True)
class Signs:
    """Everybody who is shown that the daemon lives."""

    state: State
    pulse: Pulse
    systemd: Systemd

    @property
    def every_s(self) -> float:
        """How often: every 30 s, or twice in what systemd's watchdog allows."""
        allowed = self.systemd.watchdog_s
        return min(BEAT_S, allowed / 2) if allowed else BEAT_S

    def show(self) -> None:
        """Show it, unless the work hangs: systemd's watchdog then starts the daemon anew."""
        if self.pulse.stuck_s > MOST_STUCK_S:
            logger.error("work_hangs for_s=%d", self.pulse.stuck_s)
            return
        self.state.beat()
        self.pulse.beat()
        self.systemd.alive(self.state.told.doing or "watching")


def beat(
    received: int, scheduler: BackgroundScheduler, watch: Watch, *, signs: Signs, clock: Clock
) -> int:
    """Wait for signals; every 30 seconds show life and look whether the clock was set.

    Returns the exit code, or RENEW where a newer program was installed over this one.

    The scheduler sleeps until the time its next job is due: after the clock is set back that
    could be a day away, and after a suspend its wait does not count the time asleep.
    """
    wall, steady = clock.now(), time.monotonic()
    while True:
        readable, _, _ = select.select([received], [], [], signs.every_s)
        for number in os.read(received, 64) if readable else b"":
            if number == signal.SIGHUP:
                logger.info("reload_asked")
                signs.systemd.reloading()
                scheduler.add_job(watch.take_up)  # no id: one that comes during another waits
                signs.systemd.ready()
                continue
            logger.info("stop_asked signal=%s", signal.Signals(number).name)
            return 130 if number == signal.SIGINT else 0
        if watch.newer not in ("", os.environ.get(RENEWED_FOR)):
            return RENEW
        signs.show()
        now, later = clock.now(), time.monotonic()
        if abs((now - wall) - timedelta(seconds=later - steady)) > JUMP:
            logger.warning("clock_jumped from=%s to=%s", to_text(wall), to_text(now))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)
        wall, steady = now, later


@contextmanager
def signals() -> Iterator[int]:
    """Give a descriptor on which SIGTERM, SIGINT and SIGHUP arrive as bytes.

    A pipe: setting a threading.Event in a handler can deadlock with the wait it interrupts.
    """
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {
        number: signal.signal(number, lambda caught, _frame: note(writable, caught))
        for number in numbers
    }
    try:
        yield readable
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(readable)
        os.close(writable)


def note(writable: int, caught: int) -> None:
    with suppress(BlockingIOError):  # 65,536 signals that nobody has read: enough is known
        os.write(writable, bytes([caught]))
