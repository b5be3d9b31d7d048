"""Files of a built page with the headers and media types that Static Web Apps gives them.

Source: Microsoft's page "Configure Azure Static Web Apps" on `globalHeaders`, `routes` and
`mimeTypes`. Of routes, what `web/staticwebapp.template.json` uses: a path, or a folder with `/*`.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SMALLEST = 1024
"""Bytes of a file below which compression gains nothing."""
_COMPRESSIBLE = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Content:
    """Content of a file."""

    plain: bytes
    gzip: bytes | None
    """Its compressed form, if that is smaller."""
    etag: str

    @classmethod
    def of(cls, data: bytes, media_type: str) -> Content:
        """Return the content that has the bytes *data*."""
        compressed = None
        if len(data) >= _SMALLEST and media_type.startswith(_COMPRESSIBLE):
            compressed = gzip.compress(data, mtime=0)
        return cls(data, compressed, f'"{hashlib.sha256(data).hexdigest()[:32]}"')


@dataclass(frozen=True, slots=True)
class Site:
    """A static web app: folder, headers, routes and media types."""

    folder: Path
    headers: Mapping[str, str]
    """Of every response."""
    routes: Mapping[str, Mapping[str, str]]
    """By path, or by folder with `/*`: headers in the place of others; an empty one is removed."""
    media_types: Mapping[str, str]
    """By suffix, before those that Python knows."""

    @classmethod
    def from_configuration(
        cls, folder: Path, configuration: Path, origins: Mapping[str, str]
    ) -> Site:
        """Return the site of a `staticwebapp.config.json`.

        Args:
            folder: of the files
            configuration: the file
            origins: by name: what its placeholders stand for, such as API_ORIGIN

        Raises:
            OSError: the file cannot be read.
            ValueError: it is no JSON.

        """
        text = configuration.read_text(encoding="utf-8")
        for name, origin in origins.items():
            text = text.replace(name, origin)
        document: dict[str, Any] = json.loads(text)
        routes = {route["route"]: route["headers"] for route in document["routes"]}
        return cls(folder.resolve(), document["globalHeaders"], routes, document["mimeTypes"])

    def file(self, path: str) -> Path | None:
        """Return the file at a path of the address, or None; never one outside of the folder."""
        name = f"{path}index.html" if path.endswith("/") else path
        try:
            file = (self.folder / name.lstrip("/")).resolve()
        except ValueError:  # a null character
            return None
        return file if file.is_relative_to(self.folder) and file.is_file() else None

    def media_type(self, file: Path) -> str:
        """Return the media type of a file."""
        guessed = mimetypes.types_map.get(file.suffix, "application/octet-stream")
        media_type = self.media_types.get(file.suffix, guessed)
        return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type

    def headers_of(self, path: str) -> dict[str, str]:
        """Return the headers of what is at a path: the first route that fits has its say."""
        own = next((own for route, own in self.routes.items() if _fits(route, path)), {})
        return {name: value for name, value in {**self.headers, **own}.items() if value}

    def content(self, file: Path) -> Content:
        """Return the content of a file, read and compressed anew only when it has changed.

        Raises:
            OSError: it cannot be read.

        """
        about = file.stat()
        return _content(file, about.st_mtime_ns, about.st_size, self.media_type(file))


@functools.lru_cache(maxsize=256)
def _content(file: Path, _changed: int, _size: int, media_type: str) -> Content:
    return Content.of(file.read_bytes(), media_type)


def _fits(route: str, path: str) -> bool:
    return path.startswith(route[:-1]) if route.endswith("/*") else path == route
