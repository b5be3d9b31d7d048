"""App registration of the web page: a public client of the platform "single-page application"."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from localdev.identity.directory import PAGE_CLIENT_ID


@dataclass(frozen=True, slots=True)
class PageClient:
    """A registered single-page application; browsers alone may redeem its codes."""

    redirect_uris: tuple[str, ...]
    """Compared as they are, at sign-in and at sign-out."""
    client_id: str = PAGE_CLIENT_ID

    @classmethod
    def at(cls, url: str) -> PageClient:
        """Return the registration of the page at an address that ends with a slash.

        Raises:
            ValueError: it is no such address.

        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path != "/":
            raise ValueError(f"{url!r} is not like http://127.0.0.1:7077/")
        return cls((f"{url}redirect.html", url))

    @property
    def origin(self) -> str:
        """The origin of which scripts may read tokens."""
        parts = urlsplit(self.redirect_uris[0])
        return f"{parts.scheme}://{parts.netloc}"
