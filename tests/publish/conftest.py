"""What the tests of pages in browsers share."""

from __future__ import annotations

from pathlib import Path

import pytest

from once import once
from publish import watched


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson that is really built, with all that can be made of it."""
    made = once(tmp_path_factory, "watched", lambda place: watched.build(place, zip=True, scorm=True))
    return made / "output" / "roots"
