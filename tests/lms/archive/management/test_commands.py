import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lms.archive.models import ArchivePackage
from lms.archive.zipping import zip_stream
from lms.common.clock import database_now
from tests.world import county, entry, learner

pytestmark = pytest.mark.django_db


def answer(*arguments):
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_export_seals_what_is_new_then_says_zero():
    entry(learner(), "0.5", at=database_now())

    first, second = answer("export_archive"), answer("export_archive")

    assert (first["entries"], first["hours"]) == (1, "0.50")
    assert Path(first["package"]).is_dir()
    assert second == {"package": None, "entries": 0, "hours": "0.00"}


def test_export_until_a_day_leaves_later_entries(seal):
    entry(learner(), at=database_now())

    assert answer("export_archive", "--until", "2020-01-01")["entries"] == 0


def test_export_of_an_unknown_unit_is_refused_with_code_one():
    county()
    out = StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("export_archive", "--unit", "nowhere", "--json", stdout=out)

    assert refused.value.returncode == 1
    assert json.loads(out.getvalue())["code"] == "unit_unknown"
    assert not ArchivePackage.objects.exists()


def test_a_date_that_is_none_is_misuse():
    with pytest.raises(CommandError, match="--until"):
        call_command("export_archive", "--until", "yesterday")


def test_verify_says_valid_and_after_a_changed_byte_names_it_with_code_one():
    entry(learner(), at=database_now())
    folder = Path(answer("export_archive")["package"])
    assert answer("verify_archive", str(folder)) == {"valid": True, "problems": []}
    with (folder / "data" / "a11" / "a11.csv").open("ab") as file:
        file.write(b"x")
    out = StringIO()

    with pytest.raises(CommandError) as refused:
        call_command("verify_archive", str(folder), "--json", stdout=out)

    found = json.loads(out.getvalue())
    assert refused.value.returncode == 1
    assert not found["valid"]
    assert "data/a11/a11.csv" in {problem["path"] for problem in found["problems"]}


def test_verify_reads_the_zip_an_archivist_downloads(tmp_path):
    entry(learner(), at=database_now())
    folder = Path(answer("export_archive")["package"])
    download = tmp_path / "package.zip"
    download.write_bytes(b"".join(zip_stream(folder, at=database_now())))
    assert answer("verify_archive", str(download)) == {"valid": True, "problems": []}

    with zipfile.ZipFile(download, "a") as archive:
        archive.writestr(f"{folder.name}/data/more.txt", "x")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_archive", str(download), "--json", stdout=out)

    assert json.loads(out.getvalue())["problems"][0]["path"] == "data/more.txt"
