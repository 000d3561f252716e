"""When a host may be asked again: exact at any delay, whatever floating point makes of it."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.http.queue import Spacing

EPOCH = 1_772_438_400.0
delays = st.floats(0, 120, allow_nan=False)


@given(delays, st.floats(EPOCH, EPOCH + 1e8))
def test_a_host_never_asked_is_free_at_once(delay: float, now: float) -> None:
    assert Spacing().claim("a.test", now, delay) == 0


@given(delays, st.floats(0, 130))
def test_a_host_is_free_once_its_delay_is_over(delay: float, later: float) -> None:
    spacing = Spacing()
    spacing.started("a.test", EPOCH)
    wait = spacing.claim("a.test", EPOCH + later, delay)
    assert (wait == 0) == (EPOCH + later >= EPOCH + delay)


def test_a_busy_host_is_not_given_twice() -> None:
    spacing = Spacing()
    assert spacing.claim("a.test", EPOCH, 0) == 0
    assert spacing.claim("a.test", EPOCH + 99, 0) > 0
    spacing.free("a.test")
    assert spacing.claim("a.test", EPOCH + 99, 0) == 0


def test_a_clock_set_back_counts_as_waited() -> None:
    spacing = Spacing()
    spacing.started("a.test", EPOCH)
    assert spacing.claim("a.test", EPOCH - 3600, 2.0) == 0
