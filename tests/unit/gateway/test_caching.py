"""Cached responses: the requests they are for, and those that are never cached."""

from __future__ import annotations

import httpx
import pytest

from localdev.gateway.context import Response
from tests.unit.gateway.conftest import Door, Seen, answered, opened

LINKS = {"result": "https://api.example.com/quantum/jobs/1/result"}
RESULT = {"id": "1", "status": "Succeeded", "result": {"caller": "alice"}}


def job(status: str) -> dict[str, object]:
    """Return the document of a job."""
    return {"id": "1", "status": status, "links": LINKS}


EXPIRES = "Tue, 29 Dec 2026 09:00:00 GMT"


def functions(status: str, left: int = 30 * 24 * 3600) -> Response:
    """Return what the functions answer for a job's status, *left* seconds before it expires."""
    final = status in {"Succeeded", "Failed", "Canceled"}
    headers = {"Expires": EXPIRES, "CDN-Cache-Control": f"max-age={left}"} if final else {}
    return answered(200, job(status), **{"Cache-Control": "no-store", **headers})


def result(left: int = 30 * 24 * 3600, tag: str = '"1"') -> Response:
    """Return what the functions answer for a result, *left* seconds before it expires."""
    headers = {
        "ETag": tag,
        "Cache-Control": "private, immutable",
        "Expires": EXPIRES,
        "CDN-Cache-Control": f"max-age={left}",
        "Vary": "Authorization",
    }
    return answered(200, RESULT, **headers)


def assert_same(miss: httpx.Response, hit: httpx.Response) -> None:
    """Hold the cached answer to the first one: status, body, and every header."""
    ours = {"x-cache", "date"}
    headers = [
        {name: value for name, value in answer.headers.items() if name not in ours}
        for answer in (miss, hit)
    ]
    assert (miss.status_code, miss.content) == (hit.status_code, hit.content)
    assert headers[0] == headers[1]


async def asked(door: Door, path: str, *, hits: bool, caller: str = "alice") -> httpx.Response:
    """Ask for a path; check that the functions were asked, or that they were not."""
    before = len(door.backend.seen)
    answer = await door.ask("GET", path, caller)
    assert (len(door.backend.seen) == before) is hits
    assert answer.headers["x-cache"] == ("HIT" if hits else "MISS")
    return answer


@pytest.mark.parametrize("status", ["Succeeded", "Failed", "Canceled"])
async def test_a_finished_job_is_answered_from_the_cache(door: Door, status: str) -> None:
    """Once it is final, a job costs the functions nothing, and the answer is the same."""
    door.backend.answer = lambda _: functions(status)

    first = await asked(door, "/jobs/1", hits=False)
    second = await asked(door, "/jobs/1", hits=True)

    assert_same(first, second)


CACHED = ["/jobs/1", "/jobs/1/result", "/algorithms", "/algorithms/ghz"]


@pytest.mark.parametrize("path", CACHED)
@pytest.mark.parametrize("query", ["redirect=false", "x=", "x=1&x=2", "x"])
async def test_a_parameter_is_for_the_functions(door: Door, path: str, query: str) -> None:
    """The cache does not answer what the functions would refuse."""
    door.backend.answer = lambda _: result()
    await asked(door, path, hits=False)

    await asked(door, f"{path}?{query}", hits=False)


async def test_what_a_parameter_changes_is_not_kept(door: Door) -> None:
    """An answer to a request with a query is no answer to the one without."""
    door.backend.answer = lambda seen: answered(200, {"path": seen.path})
    await asked(door, "/algorithms?x=1", hits=False)

    assert (await asked(door, "/algorithms", hits=False)).json() == {"path": "/algorithms"}


@pytest.mark.parametrize("path", CACHED)
async def test_a_preference_is_for_the_functions(door: Door, path: str) -> None:
    """Who wants to wait is told by the functions whether that was honoured."""
    door.backend.answer = lambda _: result()
    await asked(door, path, hits=False)

    before = len(door.backend.seen)
    answer = await door.ask("GET", path, headers={"prefer": "wait=3"})

    assert (answer.headers["x-cache"], len(door.backend.seen)) == ("MISS", before + 1)


async def test_an_id_in_capitals_is_the_same_job(door: Door) -> None:
    """Both spellings have one entry, and one entity tag."""
    door.backend.answer = lambda _: result(tag='"ab"')
    await asked(door, "/jobs/AB/result", hits=False)

    assert (await asked(door, "/jobs/ab/result", hits=True)).headers["etag"] == '"ab"'
    assert (await asked(door, "/jobs/Ab/result", hits=True)).headers["etag"] == '"ab"'


@pytest.mark.parametrize("path", ["/jobs/1", "/jobs/1/result"])
async def test_nothing_is_kept_beyond_the_time_that_it_expires(door: Door, path: str) -> None:
    """What expires before the cache would forget it is asked for every time."""

    def answer_before(left: int) -> Response:
        return functions("Succeeded", left) if path == "/jobs/1" else result(left)

    for left, hits in [(0, False), (3599, False), (3600, False), (0, True)]:
        door.backend.answer = lambda _, left=left: answer_before(left)  # type: ignore[misc]

        answer = await asked(door, path, hits=hits)

        assert answer.headers["expires"] == EXPIRES
        assert "cdn-cache-control" not in answer.headers


@pytest.mark.parametrize("path", ["/jobs/1", "/jobs/1/result"])
@pytest.mark.parametrize("lasts", [None, "", "max-age", "no-store", "max-age=", "max-age=x"])
async def test_what_does_not_say_how_long_it_lasts_is_not_kept(
    door: Door, path: str, lasts: str | None
) -> None:
    """An answer without a time, or with one that cannot be read, is passed on as it is."""
    answer = answered(200, RESULT, **{"ETag": '"1"', "CDN-Cache-Control": lasts})
    door.backend.answer = lambda _: answer

    for _ in range(2):
        assert (await asked(door, path, hits=False)).json() == RESULT


@pytest.mark.parametrize("status", ["Queued", "Submitted", "Running", "Canceling"])
async def test_a_running_job_is_never_cached(door: Door, status: str) -> None:
    """Every poll of a job that is not final sees how it is now."""
    door.backend.answer = lambda _: functions(status)
    await asked(door, "/jobs/1", hits=False)
    await asked(door, "/jobs/1", hits=False)
    door.backend.answer = lambda _: functions("Succeeded")

    assert (await asked(door, "/jobs/1", hits=False)).json()["status"] == "Succeeded"


@pytest.mark.parametrize("path", ["/jobs/1", "/jobs/1/result"])
@pytest.mark.parametrize("status", [404, 409, 422, 503])
async def test_a_refusal_is_never_cached(door: Door, path: str, status: int) -> None:
    """A job that is not there, or has no result yet, may be there the next time."""
    problem = answered(status, {"status": "Succeeded", "code": "x"})
    problem.headers["Content-Type"] = "application/problem+json"
    door.backend.answer = lambda _: problem

    await asked(door, path, hits=False)
    await asked(door, path, hits=False)


NO_JOBS = [
    *(b"", b"<html>", b"[1]", b'"a"', b"null", b'{"status": "Succ', b"{}{}", b"\xff"),
    *(b'{"status": "Succeeded"}', b'{"status": "Succeeded", "links": {}}'),
    *(b"{}", b'{"status": null}', b'{"status": {}}', b'{"status": ["Succeeded"]}'),
]


@pytest.mark.parametrize("body", NO_JOBS)
async def test_what_is_no_job_passes_and_is_not_cached(door: Door, body: bytes) -> None:
    """An answer without a job in it, such as a page of the platform, is passed on as it is."""
    door.backend.answer = lambda _: Response(200, body=body)

    for _ in range(2):
        answer = await asked(door, "/jobs/1", hits=False)
        assert (answer.status_code, answer.content) == (200, body)


async def test_a_result_is_answered_from_the_cache(door: Door) -> None:
    """After the first time a result costs the functions nothing."""
    door.backend.answer = lambda _: result()

    first = await asked(door, "/jobs/1/result", hits=False)
    second = await asked(door, "/jobs/1/result", hits=True)

    assert_same(first, second)


async def test_a_cached_304_is_the_first_one(door: Door) -> None:
    """Whoever has the result is told so with the same headers, from the cache or not."""

    def conditional(seen: Seen) -> Response:
        answer = result()
        return Response(304, headers=answer.headers) if "If-None-Match" in seen.headers else answer

    door.backend.answer = conditional
    tags = {"if-none-match": '"1"'}

    first = await door.ask("GET", "/jobs/1/result", headers=tags)
    await asked(door, "/jobs/1/result", hits=False)
    second = await door.ask("GET", "/jobs/1/result", headers=tags)

    assert (first.status_code, second.headers["x-cache"]) == (304, "HIT")
    assert_same(first, second)


@pytest.mark.parametrize("path", ["/jobs/1", "/jobs/1/result", "/algorithms", "/openapi.json"])
@pytest.mark.parametrize("cached_for", ["no-store", "private, max-age=7", "public, max-age=300"])
async def test_the_headers_are_those_of_the_first_answer(path: str, cached_for: str) -> None:
    """However long the functions let a client keep an answer, the cache says the same."""
    async with opened({"public-host": "api.example.com"}) as door:
        kind = {
            "Content-Type": "application/json; charset=x",
            "Cache-Control": cached_for,
            "CDN-Cache-Control": "max-age=3600",
        }
        door.backend.answer = lambda _: answered(
            200, RESULT, ETag='"7"' if path.endswith("result") else None, **kind
        )

        first = await asked(door, path, hits=False)
        second = await asked(door, path, hits=True)

    assert second.headers["cache-control"] == cached_for
    assert first.headers["content-type"] == second.headers["content-type"]


async def test_what_is_no_result_passes_and_is_not_cached(door: Door) -> None:
    """An answer without an entity tag, such as a page of the platform, is passed on as it is."""
    door.backend.answer = lambda _: Response(200, body=b"<html>")

    for _ in range(2):
        assert (await asked(door, "/jobs/1/result", hits=False)).content == b"<html>"


async def test_a_cached_result_answers_304(door: Door) -> None:
    """Whoever has the result is told so from the cache."""
    door.backend.answer = lambda _: result()
    await asked(door, "/jobs/1/result", hits=False)

    known = await door.ask("GET", "/jobs/1/result", headers={"if-none-match": 'W/"0", "1"'})
    star = await door.ask("GET", "/jobs/1/result", headers={"if-none-match": " * "})

    for answer in (known, star):
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"1"')
        assert answer.headers["expires"] == EXPIRES
    for tags in ('"2"', '"*"', "1", '"2", "*"'):
        other = await door.ask("GET", "/jobs/1/result", headers={"if-none-match": tags})
        assert other.status_code == 200
    assert len(door.backend.seen) == 1


@pytest.mark.parametrize("path", ["/jobs/1", "/jobs/1/result"])
async def test_another_caller_finds_nothing_in_the_cache(door: Door, path: str) -> None:
    """What is cached for one caller is not there for another."""
    door.backend.answer = lambda _: result()
    await asked(door, path, hits=False)
    door.backend.answer = lambda _: Response(404)

    assert (await door.ask("GET", path, "bob")).status_code == 404
    assert (await asked(door, path, hits=True)).status_code == 200


async def test_the_cache_ends(door: Door) -> None:
    """After its time a finished job is asked for again."""
    door.backend.answer = lambda _: functions("Succeeded")
    await asked(door, "/jobs/1", hits=False)

    door.time.now += 3599
    await asked(door, "/jobs/1", hits=True)
    door.time.now += 1
    await asked(door, "/jobs/1", hits=False)


@pytest.mark.parametrize("path", ["/algorithms", "/algorithms/ghz", "/openapi.json"])
async def test_the_catalogue_is_cached_for_everybody(path: str) -> None:
    """What is the same for all callers is asked for once in its time."""
    async with opened({"public-host": "api.example.com"}) as door:
        door.backend.answer = lambda _: answered(200, {"value": []}, Cache_Control="max-age=1")

        first = await asked(door, path, hits=False, caller="alice")
        second = await asked(door, path, hits=True, caller="bob")
        door.time.now += 300
        await asked(door, path, hits=False)

    assert_same(first, second)


@pytest.mark.parametrize("public_host", ["auto", "api.example.com"])
async def test_a_stranger_cannot_fill_the_cache(public_host: str) -> None:
    """Whatever hosts a request without a token names, the cache holds at most one answer."""
    async with opened({"public-host": public_host}) as door:
        door.backend.answer = lambda _: answered(200, {"openapi": "3.0.3"})
        for number in range(5):
            await door.client.get(f"https://host-{number}.example.com/quantum/openapi.json")

        assert len(door.backend.seen) == (5 if public_host == "auto" else 1)
        again = await door.client.get("https://host-0.example.com/quantum/openapi.json")
        assert again.headers["x-cache"] == ("MISS" if public_host == "auto" else "HIT")


async def test_entries_of_the_catalogue_are_not_mixed_up(door: Door) -> None:
    """Each address, on each host, has an answer of its own."""

    def echo(seen: Seen) -> Response:
        return answered(200, {"path": seen.path, "host": seen.headers.get("x-forwarded-host")})

    door.backend.answer = echo
    urls = [
        f"https://{host}/quantum/algorithms{path}"
        for host in ("api.example.com", "other.example.com")
        for path in ("", "/ghz", "/emoticons", "/ghz%2F")
    ]
    for _ in range(2):
        for url in urls:
            answer = (await door.ask("GET", "/x")).request.headers["authorization"]
            found = await door.client.get(url, headers={"authorization": answer})
            expected = {"path": found.request.url.raw_path.decode(), "host": found.url.host}
            assert {**found.json(), "path": f"/quantum{found.json()['path']}"} == expected
    asked_for = [seen for seen in door.backend.seen if seen.path.startswith("/algorithms")]
    assert len(asked_for) == len(urls)


async def test_lists_and_targets_are_never_cached(door: Door) -> None:
    """What changes at any time is asked for every time."""
    door.backend.answer = lambda _: answered(200, {"value": []})
    for path in ("/jobs", "/targets"):
        for _ in range(2):
            await door.ask("GET", path)

    assert len(door.backend.seen) == 4
