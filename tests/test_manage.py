import pytest

from manage import needs_services


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("migrate", True),
        ("makemigrations --check", True),
        ("import_roster people.xlsx --json", True),
        ("check", False),
        ("collectstatic --noinput", False),
        ("migrate --help", False),
        ("", False),
    ],
)
def test_servers_are_started_for_commands_that_need_them(command, expected):
    assert needs_services(["manage.py", *command.split()]) is expected
