import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.places import Places
from config.runtime.services import stop_services


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """A run directory of its own, with embedded servers whatever the environment offers."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "VALKEY_URL"):
            patch.delitem(os.environ, name, raising=False)
        run_dir = Path(tmp_path_factory.mktemp("run"))
        yield Places(run_dir)
        stop_services(run_dir)
