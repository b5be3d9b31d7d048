from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from localdev.page.server import application
from localdev.page.site import Site
from localdev.repository import ROOT

ORIGIN = "http://127.0.0.1:7077"
ORIGINS = {
    "API_ORIGIN": "http://127.0.0.1:7070",
    "LOGIN_ORIGIN": "http://127.0.0.1:7073",
    "CHANNEL_ORIGIN": "ws://127.0.0.1:7076",
}
CONFIG = {"api": "http://127.0.0.1:7070/quantum", "clientId": "page"}
SCRIPT = "console.log('hello');\n" * 200
SITE = ROOT / "web" / "staticwebapp.template.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a small page, with a file beside it that is nobody's business."""
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<h1>The page</h1>")
    (built / "redirect.html").write_text("<p>Signing in</p>")
    (built / "assets" / "main-4f2a.js").write_text(SCRIPT)
    (built / "assets" / "plex-91c3.woff2").write_bytes(b"wOF2" + bytes(2000))
    (tmp_path / "secret.txt").write_text("secret")
    (built / "outside").symlink_to(tmp_path / "secret.txt")
    return built


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client of the page's server that asks for uncompressed files."""
    site = Site.from_configuration(folder, SITE, ORIGINS)
    transport = httpx.ASGITransport(application(site, ORIGIN, CONFIG))
    headers = {"accept-encoding": "identity"}
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as http:
        yield http


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/redirect.html", "text/html; charset=utf-8"),
        ("/assets/main-4f2a.js", "text/javascript; charset=utf-8"),
        ("/assets/plex-91c3.woff2", "font/woff2"),
        ("/config.json", "application/json"),
    ],
)
async def test_a_file_has_its_media_type(
    client: httpx.AsyncClient, path: str, media_type: str
) -> None:
    """A browser that guesses nothing still knows what each file is."""
    answer = await client.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_configuration_is_of_the_stack(client: httpx.AsyncClient) -> None:
    """`/config.json` is what the server was started with."""
    assert (await client.get("/config.json")).json() == CONFIG


async def test_the_policy_names_the_servers_of_the_stack(client: httpx.AsyncClient) -> None:
    """The page may talk to API, issuer and channel, and no placeholder is left."""
    policy = (await client.get("/")).headers["content-security-policy"]
    directives = dict(one.strip().split(" ", 1) for one in policy.split(";"))

    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"].split() == ["'self'", *ORIGINS.values()]
    assert directives["frame-ancestors"] == "'none'"
    assert "_ORIGIN" not in policy


async def test_the_redirect_page_is_cut_off_from_no_opener(client: httpx.AsyncClient) -> None:
    """The page that ends a sign-in has no opener policy, and only the page itself may frame it."""
    redirect, page = await client.get("/redirect.html"), await client.get("/")

    assert "cross-origin-opener-policy" in page.headers
    assert "cross-origin-opener-policy" not in redirect.headers
    assert "frame-ancestors 'self'" in redirect.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/", "no-cache"),
        ("/config.json", "no-cache"),
        ("/assets/main-4f2a.js", "public, max-age=31536000, immutable"),
        ("/assets/old-0000.js", "no-cache"),
    ],
)
async def test_only_what_has_a_hash_in_its_name_is_kept(
    client: httpx.AsyncClient, path: str, caching: str
) -> None:
    """A browser asks again for whatever can change, and for what is not there."""
    assert (await client.get(path)).headers["cache-control"] == caching


async def test_what_a_browser_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    """The entity tag of a file is answered with 304 and no body, until the file changes."""
    first = await client.get("/")

    again = await client.get("/", headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"


async def test_a_new_build_is_served_at_once(client: httpx.AsyncClient, folder: Path) -> None:
    """A file that is built again while the server runs has new content and another entity tag."""
    before = await client.get("/")
    (folder / "index.html").write_text("<h1>The page, built again</h1>")

    after = await client.get("/", headers={"if-none-match": before.headers["etag"]})

    assert after.text == "<h1>The page, built again</h1>"


async def test_a_file_is_sent_compressed_to_who_takes_that(client: httpx.AsyncClient) -> None:
    """The compressed form is a tenth here, and caches are told what it depends on."""
    async with client.stream(
        "GET", "/assets/main-4f2a.js", headers={"accept-encoding": "br, gzip;q=0.8"}
    ) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert int(answer.headers["content-length"]) == len(sent) < len(SCRIPT) / 10
    assert gzip.decompress(sent).decode() == SCRIPT


@pytest.mark.parametrize(
    ("path", "accepted"),
    [
        ("/assets/main-4f2a.js", "gzip;q=0"),
        ("/assets/main-4f2a.js", "gzip;q=0.0, br"),
        ("/assets/main-4f2a.js", "br"),
        ("/assets/plex-91c3.woff2", "gzip"),
        ("/", "gzip"),
    ],
)
async def test_a_file_is_sent_as_it_is_otherwise(
    client: httpx.AsyncClient, path: str, accepted: str
) -> None:
    """To who does not take gzip, and where compression gains nothing."""
    answer = await client.get(path, headers={"accept-encoding": accepted})

    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/assets/",
        "/assets",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "//secret.txt",
        "/outside",
        "/index.html%00.js",
        "/C:/windows",
    ],
)
async def test_nothing_else_is_served(client: httpx.AsyncClient, path: str) -> None:
    """What is no file of the build is 404, also when its path leads out of the folder."""
    answer = await client.get(httpx.URL(ORIGIN).copy_with(raw_path=path.encode()))

    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_nothing_can_be_sent(client: httpx.AsyncClient, method: str) -> None:
    """Files are read."""
    assert (await client.request(method, "/")).status_code == 405


async def test_another_name_leads_to_the_one_that_the_api_knows(client: httpx.AsyncClient) -> None:
    """Opened as localhost, the page would be an origin that neither API nor issuer lets in."""
    answer = await client.get("/", headers={"host": "localhost:7077"})

    assert (answer.status_code, answer.headers["location"]) == (307, f"{ORIGIN}/")
