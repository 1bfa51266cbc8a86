"""The command line: one thin module over the three floors. `lamplighter --help` lists the commands."""

from __future__ import annotations

import os
import sys

import click

import dashboard.commands
import detectors.commands
import workorders.commands
from detectors.errors import LamplighterError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def app() -> None:
    """Watches cameras over public spaces, finds what is wrong with the assets there, and raises work orders."""


for floor in (detectors.commands, workorders.commands, dashboard.commands):
    for command in floor.COMMANDS:
        app.add_command(command)


def main() -> None:
    """Run the command line; a user's mistake ends in one line on standard error and a non-zero exit status."""
    try:
        status = app.main(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(2)
    except click.ClickException as error:
        print(f"lamplighter: {error.format_message()} (see lamplighter --help)", file=sys.stderr)
        sys.exit(2)
    except LamplighterError as error:
        print(f"lamplighter: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
