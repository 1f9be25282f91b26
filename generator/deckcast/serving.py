"""Serves a folder of built lessons: with parts of files for players that seek, and nothing that lies elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    import uvicorn
    from starlette.responses import Response
    from starlette.types import Scope

SECONDS_TO_END = 2
"""That connections have when the server is to end."""
MOST = 200
"""Connections at once."""


class _Lessons(StaticFiles):
    """All of a folder but what begins with a dot: there finished work is kept, and files that are being written."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if any(part.startswith(".") and part != "." for part in Path(path).parts):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "no-cache"  # a build may write it anew at any time
        response.headers["x-content-type-options"] = "nosniff"
        return response


def app(folder: Path) -> Starlette:
    """An ASGI application. Links that lead out of the folder are not followed."""
    return Starlette(routes=[Mount("/", _Lessons(directory=folder, html=True, follow_symlink=False))])


def server(folder: Path) -> uvicorn.Server:
    """To be run with sockets that listen."""
    import uvicorn

    config = uvicorn.Config(
        app(folder),
        log_level="error",
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=SECONDS_TO_END,
        limit_concurrency=MOST,
        timeout_keep_alive=5,
    )
    return uvicorn.Server(config)
