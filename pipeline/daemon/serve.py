"""Starting and ending the daemon: one per home, the scheduler, the signals, the heartbeat."""

import logging
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from pipeline.adapters import lock
from pipeline.adapters.clock import SystemClock
from pipeline.adapters.daemon_state import State, Told
from pipeline.adapters.store.times import to_text
from pipeline.daemon import configuration
from pipeline.daemon.child import Errand
from pipeline.daemon.logs import to_stderr
from pipeline.daemon.plan import Plan
from pipeline.daemon.spawn import Spawner
from pipeline.daemon.watch import Watch
from pipeline.errors import ChipwireError, ConfigError
from pipeline.ports import Clock

logger = logging.getLogger(__name__)

TICK_S = 60
BEAT_S = 30
# Wall clock and monotonic clock further apart than this: the clock was set, or we slept.
JUMP = timedelta(seconds=90)


def serve(home: str | None, *, log: str) -> int:
    """Watch a home until SIGTERM or SIGINT; return the exit code.

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
        held = stack.enter_context(lock.hold(plan.home / "chipwire.lock", "chipwire daemon"))
        pattern = Errand(
            "plan", "plan", str(plan.home), str(configuration.in_force(plan.home)), held, log=log
        )
        state = State(plan.home, Told(os.getpid(), to_text(clock.now()) or ""))
        state.tell()
        stack.callback(state.close)
        watch = Watch(plan, pattern, clock=clock, spawner=spawner, state=state)
        if not watch.reload():
            raise ConfigError(
                "the configuration could not be taken over", why=state.told.configuration
            )
        received = stack.enter_context(signals())
        logger.info("daemon_started home=%s pid=%d", plan.home, os.getpid())
        scheduler = start(watch, clock.now())
        try:
            return beat(received, scheduler, watch, state=state, clock=clock)
        finally:
            scheduler.remove_all_jobs()
            spawner.stop()
            scheduler.shutdown(wait=False)
            logger.info("daemon_ended")


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


def beat(
    received: int, scheduler: BackgroundScheduler, watch: Watch, *, state: State, clock: Clock
) -> int:
    """Wait for signals; every 30 seconds show life and look whether the clock was set.

    The scheduler sleeps until the time its next job is due: after the clock is set back that
    could be a day away, and after a suspend its wait does not count the time asleep.
    """
    wall, steady = clock.now(), time.monotonic()
    while True:
        readable, _, _ = select.select([received], [], [], BEAT_S)
        for number in os.read(received, 64) if readable else b"":
            if number == signal.SIGHUP:
                logger.info("reload_asked")
                scheduler.add_job(watch.take_up)  # no id: one that comes during another waits
                continue
            logger.info("stop_asked signal=%s", signal.Signals(number).name)
            return 130 if number == signal.SIGINT else 0
        state.beat()
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
    os.write(writable, bytes([caught]))
