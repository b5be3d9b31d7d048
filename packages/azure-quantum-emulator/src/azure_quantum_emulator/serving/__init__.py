"""Parts of local servers: certificates, token validation, ready files."""

from __future__ import annotations
