"""Tells when a disk is full, which programs say in many words, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

MEGABYTE = 2**20


def shortage(directory: Path, least: int) -> str | None:
    """Return the shortage on the disk of *directory*, in words, or None if there is none.

    Args:
        directory: a directory that exists
        least: bytes that must be free

    """
    disk = os.statvfs(directory)
    free = disk.f_bavail * disk.f_frsize
    if free < least:
        return f"the disk of {directory} is full: {free / MEGABYTE:.1f} MB are free"
    if disk.f_files and not disk.f_favail:
        return f"the disk of {directory} is full: it can take no more files"
    return None
