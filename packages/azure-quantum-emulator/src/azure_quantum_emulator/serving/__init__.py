"""What a local server needs: a certificate, token validation, a file that says it is ready."""

from __future__ import annotations
