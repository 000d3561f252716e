"""The configuration in force: a copy in the home that children work by until a better one comes.

A pass reads feeds, companies and topics when it needs them; without the copy a half-written
edit would stop the watch at that moment.
"""

import shutil
from pathlib import Path

FILES = ("chipwire.toml", "feeds.opml", "companies.toml")
FOLDERS = ("topics", "templates")
IN_FORCE = ".in-force"

Signature = tuple[tuple[str, int, int], ...]


def in_force(home: Path) -> Path:
    """Return the folder of the configuration in force."""
    return home / IN_FORCE


def candidate(home: Path) -> Path:
    """Copy the home's configuration to where it can be tried; return that folder.

    Nobody else may look into it: addresses of web hooks are secrets, and copies do not keep
    the permissions of their files.
    """
    folder = home / f"{IN_FORCE}.new"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for name in FILES:
        if (home / name).is_file():
            shutil.copyfile(home / name, folder / name)
    for name in FOLDERS:
        if (home / name).is_dir():
            shutil.copytree(home / name, folder / name)
    return folder


def take_over(home: Path) -> None:
    """Put the tried configuration in force; called when no child is at work."""
    target = in_force(home)
    shutil.rmtree(target, ignore_errors=True)
    (home / f"{IN_FORCE}.new").replace(target)


def signature(home: Path) -> Signature:
    """Return what changes when a person edits the configuration: names, times and sizes."""
    paths = [home / name for name in FILES]
    for name in FOLDERS:
        paths += sorted((home / name).glob("*")) if (home / name).is_dir() else []
    return tuple(
        (str(path), found.st_mtime_ns, found.st_size)
        for path in paths
        if path.is_file() and (found := path.stat())
    )
