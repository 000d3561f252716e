"""`chipwire doctor`: what is well, what is not, and exactly what mends it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.output import as_json, print_json, printable
from pipeline.errors import ChipwireError

if TYPE_CHECKING:
    from pipeline.app.checks import Finding


@click.command()
@as_json
@click.pass_obj
def doctor(home: str | None, as_json: bool) -> None:
    """Examine the home, its configuration and its database; say how to mend each fault.

    Exit code 1 when a fault was found.
    """
    findings = examine(home)
    well = all(finding.well for finding in findings)
    if as_json:
        from dataclasses import asdict

        print_json({"well": well, "findings": [asdict(finding) for finding in findings]})
    else:
        show(findings)
    sys.exit(0 if well else 1)


def examine(home: str | None) -> "list[Finding]":
    import os

    from pipeline.app import checks
    from pipeline.app.parts import App
    from pipeline.settings import Settings, find_home, load

    found = find_home(home, os.environ, Path.cwd())
    try:
        settings, faults = load(found.settings, os.environ), []
    except ChipwireError as error:  # the rest can still be looked at
        settings, faults = Settings(), [checks.fault("configuration", error)]
    with App(found, settings) as app:
        return [*faults, *checks.examine(app)]


def show(findings: "list[Finding]") -> None:
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        mark = "✓" if finding.well else "✗"
        click.echo(f"{mark} {finding.subject:<{width}}  {printable(finding.said)}")
        if not finding.well and finding.fix:
            click.echo(f"  {'':<{width}}  fix: {printable(finding.fix)}")
    faults = sum(not finding.well for finding in findings)
    click.echo("\nall is well" if not faults else f"\n{faults} to mend")
