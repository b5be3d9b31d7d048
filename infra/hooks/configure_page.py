"""Write into the built page what is different in each deployment: `config.json`, and its headers.

The headers are those of web/staticwebapp.template.json, with the addresses of this deployment. Only
the standard library: it runs on whichever Python 3 the machine has that deploys.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

WEB = Path(__file__).resolve().parents[2] / "web"
LOGIN = "https://login.microsoftonline.com"
SCOPES = ("jobs.read", "jobs.submit")


def config(settings: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of `config.json`, which everybody may read."""
    tenant = settings["AZURE_TENANT_ID"]
    key = settings.get("QJOBS_PAGE_SUBSCRIPTION_KEY")
    return {
        "api": settings["QJOBS_API_URL"],
        "clientId": settings["QJOBS_PAGE_CLIENT_ID"],
        "tenant": tenant,
        "scopes": [f"api://{settings['QJOBS_API_CLIENT_ID']}/{scope}" for scope in SCOPES],
        "authority": f"{LOGIN}/{tenant}",
        **({"subscriptionKey": key} if key else {}),
    }


def origins(settings: Mapping[str, str]) -> dict[str, str]:
    """Return what the placeholders in the headers stand for."""
    channel = urlsplit(settings.get("QJOBS_CHANNEL_URL", "")).netloc
    return {
        "API_ORIGIN": f"https://{urlsplit(settings['QJOBS_API_URL']).netloc}",
        "LOGIN_ORIGIN": LOGIN,
        "CHANNEL_ORIGIN": f"wss://{channel}" if channel else "",
    }


def write(settings: Mapping[str, str], web: Path) -> None:
    """Write both files into `dist` of the folder *web*.

    Raises:
        OSError: the page is not built.

    """
    headers = (web / "staticwebapp.template.json").read_text("utf-8")
    for name, origin in origins(settings).items():
        headers = headers.replace(name, origin)
    dist = web / "dist"
    (dist / "staticwebapp.config.json").write_text(headers, "utf-8")
    (dist / "config.json").write_text(json.dumps(config(settings), indent=2) + "\n", "utf-8")


def main() -> int:
    """Write the files; return the exit code."""
    try:
        write(os.environ, WEB)
    except OSError as error:
        message = f"configure-page: {error}; azd package web builds the page"
        print(message, file=sys.stderr)  # noqa: T201 - its output
        return 1
    return 0


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    sys.exit(main())
