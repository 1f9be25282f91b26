"""What the tests of pages in browsers share."""

from __future__ import annotations

from pathlib import Path

import pytest

from publish import watched


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson that is really built, with all that can be made of it."""
    return watched.build(tmp_path_factory.mktemp("watched"), zip=True, scorm=True)
