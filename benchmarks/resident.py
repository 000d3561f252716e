"""How much memory a process holds, by /proc: its peak starts anew with its program.

Not getrusage: a child begins with the peak of the process that started it. Linux only.
"""

from pathlib import Path


def held_mib(process: int | str = "self") -> float:
    """Return what a process holds now."""
    return table_mib(Path(f"/proc/{process}/status"), "VmRSS")


def peak_mib(process: int | str = "self") -> float:
    """Return the most that a process has held."""
    return table_mib(Path(f"/proc/{process}/status"), "VmHWM")


def share_mib(process: int | str = "self") -> float:
    """Return what a process holds, pages shared with others by its share of them."""
    return table_mib(Path(f"/proc/{process}/smaps_rollup"), "Pss:")


def table_mib(path: Path, key: str) -> float:
    lines = path.read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(key))
