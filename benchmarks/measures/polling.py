"""Polling feeds beside a bare urllib3 loop."""

from benchmarks.polling import BARE, FEEDS, HOSTS, LATENCY_S, POLLS, cpu_costs, running_server
from benchmarks.polling import wall_costs as on_the_clock
from benchmarks.results import OURS, Bar, Group, Measured, Options


def measure(options: Options) -> Measured:
    with running_server() as port:
        cpu = cpu_costs(port, rounds=max(3, options.rounds))
        wall = on_the_clock(port)
    bare, ours = list(wall)
    away = f"{1000 * LATENCY_S:.0f} ms away"
    groups = [
        Group(
            "Asking one feed", "ms of processor time",
            dict(sorted(cpu.items(), key=lambda pair: not pair[0].startswith(OURS))),
        ),
        Group(
            f"{FEEDS} unchanged feeds, {away}", "s on the clock",
            {ours: wall[ours][1], bare: wall[bare][1]},
        ),
    ]  # fmt: skip
    bars = [
        Bar(
            "polling, processor time against a bare urllib3 loop",
            cpu[f"{POLLS}, 304"] / cpu[f"{BARE}, 304"], sign="≤", limit=1.5,
        ),
        Bar(
            f"polling, the same {away}", wall[ours][0] / wall[bare][0], sign="≤", limit=1.5,
        ),
        Bar(f"polling, speed against the loop {away}", wall[bare][1] / wall[ours][1]),
        # 500 unchanged feeds a minute under a tenth of a core
        Bar(
            "polling 500 unchanged feeds a minute, of one core",
            100 * 500 * cpu[f"{POLLS}, 304"] / 60_000, "%", "≤", 10,
        ),
    ]  # fmt: skip
    said = f"{FEEDS} feeds on {HOSTS} loopback hosts, medians of rounds in turn"
    return Measured(groups, bars, said)
