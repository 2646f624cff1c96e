"""Style sheets and scripts: named by their content, so that browsers may keep them for good."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import resources

from fastapi import APIRouter, HTTPException, Response

router = APIRouter(include_in_schema=False)
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}


@lru_cache(maxsize=64)
def _content(name: str) -> bytes:
    return resources.files(__package__).joinpath("static", name).read_bytes()


@lru_cache(maxsize=64)
def address(name: str) -> str:
    """Where the file ``name`` is served: its address changes when its content does."""
    return f"/static/{hashlib.sha256(_content(name)).hexdigest()[:10]}/{name}"


@router.get("/static/{digest}/{name}")
def file(digest: str, name: str) -> Response:
    """A file of the folder ``static``."""
    kind = _KINDS.get(name[name.rfind(".") :])
    if "/" in name or "\\" in name:
        raise HTTPException(404, "there is no such file")
    try:
        known = kind is not None and address(name) == f"/static/{digest}/{name}"
    except (OSError, ValueError):
        known = False
    if not known:
        raise HTTPException(404, "there is no such file")
    return Response(_content(name), media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})
