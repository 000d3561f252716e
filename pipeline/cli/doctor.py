"""`chipwire doctor`: what is well, what is not, and exactly what mends it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.output import as_json, examples, print_json, printable
from pipeline.errors import ChipwireError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.app.findings import Finding

WIDTH = 13  # of the longest subject, "configuration"


@click.command(epilog=examples("chipwire doctor", "chipwire --home /srv/watch doctor --json"))
@as_json
@click.pass_obj
def doctor(home: str | None, as_json: bool) -> None:
    """Find what is wrong and say what mends it.

    Looks at the home, its configuration, its database, mail, clock and feeds. Exit code 1
    when a fault was found.
    """
    findings: list[Finding] = []
    for finding in examine(home):
        findings.append(finding)
        if not as_json:
            show(finding)
    faults = sum(not finding.well for finding in findings)
    if as_json:
        from dataclasses import asdict

        print_json({"well": not faults, "findings": [asdict(finding) for finding in findings]})
    else:
        click.echo("\nall is well" if not faults else f"\n{faults} to mend")
    sys.exit(1 if faults else 0)


def examine(home: str | None) -> "Iterator[Finding]":
    """Yield each thing as it was looked at: reading a large database takes minutes."""
    import os

    from pipeline.app import checks, findings
    from pipeline.app.parts import App
    from pipeline.settings import Settings, find_home, load

    found = find_home(home, os.environ, Path.cwd())
    try:
        settings, faults = load(found.settings, os.environ), []
    except ChipwireError as error:  # the rest can still be looked at
        settings, faults = Settings(), [findings.fault("configuration", error)]
    yield from faults
    with App(found, settings) as app:
        yield from checks.examine(app)


def show(finding: "Finding") -> None:
    mark = "✓" if finding.well else "✗"
    click.echo(f"{mark} {finding.subject:<{WIDTH}}  {printable(finding.said)}")
    if not finding.well and finding.fix:
        click.echo(f"  {'':<{WIDTH}}  fix: {printable(finding.fix)}")
