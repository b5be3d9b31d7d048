"""Reproducible zip: the same bytes for the same files, on every machine and at any time."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

_UNIX = 3
_MODE = stat.S_IFREG | 0o644


def pack(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """Return a zip of *files*, whose paths have slashes.

    Everything that would differ between machines is fixed: the order, the times, the modes, the
    system that wrote it. Nothing is compressed, because compressors differ too; the package is so
    small that its transfer takes no time either way.

    Args:
        files: what goes in
        moment: the time that every file gets; a zip knows none before 1980

    """
    moment = max(moment.astimezone(UTC), datetime(1980, 1, 1, tzinfo=UTC))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, moment.timetuple()[:6])
            entry.create_system = _UNIX
            entry.external_attr = _MODE << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()
