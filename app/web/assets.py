"""Static files: compressed once, named by a digest, and cached by the browser for good."""

import gzip
import hashlib
import posixpath
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

import brotli
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from unrolled.app.web.modules import needed

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
"""By ending. An operating system's own table may hold anything: on Windows, any program's wish."""
_FORMS = {"br": ("brotli", "quick_brotli"), "gzip": ("gzip",)}
"""The attributes of a file's compressed forms by their names in HTTP, the best first."""
_LARGE = 1_000_000
_QUICK = 5
_SHARED = 32
"""How many compressed bodies are at hand for equal pages of other applications in this process."""


class Asset:
    """A file's bytes and media type, and their compressed forms."""

    def __init__(self, body: bytes, media_type: str) -> None:
        self.body = body
        self.media_type = media_type
        self.etag = f'"{digest(body)}"'

    @cached_property
    def brotli(self) -> bytes:
        return _brotli(self.body)

    @cached_property
    def quick_brotli(self) -> bytes:
        """The form that is sent while the best one is not there: that of a page takes 0.3 s."""
        return brotli.compress(self.body, quality=_QUICK)

    @cached_property
    def gzip(self) -> bytes:
        return _gzip(self.body)

    def compress(self) -> None:
        """Compress in both forms now, so that the first request need not wait."""
        _ = self.brotli, self.gzip

    async def response(self, request: Request, cache_control: str) -> Response:
        headers = {"Cache-Control": cache_control, "ETag": self.etag, "Vary": "Accept-Encoding"}
        if self.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        accepted = request.headers.get("accept-encoding", "")
        body = self.body
        for name, forms in _FORMS.items():
            if name in accepted:
                form = next((each for each in forms if each in vars(self)), forms[-1])
                if form not in vars(self):
                    await run_in_threadpool(getattr, self, form)
                body = getattr(self, form)
                headers["Content-Encoding"] = name
                break
        return Response(body, media_type=self.media_type, headers=headers)


@lru_cache(maxsize=_SHARED)
def _brotli(body: bytes) -> bytes:
    """Return the bytes compressed by Brotli, less for a large file, which would take seconds."""
    return brotli.compress(body, quality=_QUICK if len(body) > _LARGE else 11)


@lru_cache(maxsize=_SHARED)
def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


class Assets:
    """The files of static/ under one digest, so that modules can import by relative paths."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES)
        self.files = {
            path.relative_to(folder).as_posix(): Asset(path.read_bytes(), media_type(path.name))
            for path in paths
        }
        contents = "".join(f"{name} {asset.etag}\n" for name, asset in self.files.items())
        self.digest = digest(contents.encode())

    def url(self, name: str) -> str:
        """Return a file's address, from the root of the lab."""
        if name not in self.files:
            raise KeyError(f"static/ has no {name}")
        return f"assets/{self.digest}/{name}"

    def modules(self, first: str) -> list[str]:
        """Return the direct and indirect imports of a module, the nearest first."""
        return needed(first, lambda name: self.files[name].body.decode())[1:]


class Vendored:
    """Files of installed packages, each under its own digest."""

    def __init__(self) -> None:
        swagger = files("fastapi_offline") / "static"
        plotly = files("plotly") / "package_data"
        sources = {
            "plotly.js": plotly / "plotly.min.js",
            "swagger-ui.js": swagger / "swagger-ui-bundle.js",
            "swagger-ui.css": swagger / "swagger-ui.css",
        }
        self.files: dict[str, Asset] = {}
        self._urls: dict[str, str] = {}
        for name, source in sources.items():
            asset = Asset(source.read_bytes(), media_type(name))
            stem, _, ending = name.rpartition(".")
            hashed = f"{stem}-{digest(asset.body)}.{ending}"
            self.files[hashed] = asset
            self._urls[name] = f"vendor/{hashed}"

    def url(self, name: str) -> str:
        """Return a file's address, from the root of the lab."""
        return self._urls[name]


@cache
def static(folder: Path) -> Assets:
    """Return the files of static/, read and compressed once per process."""
    return Assets(folder)


@cache
def vendored() -> Vendored:
    return Vendored()


def media_type(name: str) -> str:
    return MEDIA_TYPES.get(posixpath.splitext(name)[1], "application/octet-stream")
