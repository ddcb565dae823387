#!/usr/bin/env python
"""Django's command line. Starts the embedded servers first for commands that need them."""

import os
import sys

# Before anything of ours: the Celery application falls back to the production settings.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

from django.core.management import execute_from_command_line

from config.env import RUN_DIR

# These read code and files only; everything else finds its servers running.
COMMANDS_WITHOUT_SERVICES = {
    *("help", "version", "--help", "--version", "-h"),
    *("check", "collectstatic", "compilemessages", "makemessages", "startapp", "diffsettings"),
}


def needs_services(arguments: list[str]) -> bool:
    """Whether the command talks to the database or the broker."""
    asks_for_help = any(argument in {"--help", "-h"} for argument in arguments[1:])
    return (
        len(arguments) > 1 and not asks_for_help and arguments[1] not in COMMANDS_WITHOUT_SERVICES
    )


def main() -> None:
    given = os.environ.get("DATABASE_URL") and os.environ.get("VALKEY_URL")
    if not given and needs_services(sys.argv):
        # Not at the top: an installation with servers of its own has no embedded ones to import.
        from config.runtime.services import ensure_services

        ensure_services(RUN_DIR)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
