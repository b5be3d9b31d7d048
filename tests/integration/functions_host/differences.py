"""Where `localdev/host` is not the real Functions host, case by case.

The lists can only shrink: a case that differs and is in none fails, and so does one that is in a
list and the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Why a difference is left."""

    BETTER = "better"
    """On purpose."""
    REFUSED = "refused by name"
    """The host does not start, and says what it is that it does not have."""
    NOT_COVERED = "not covered"
    """No app here meets it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some cases differ, in words of those who use the host."""

    kind: Kind
    here: str
    """What happens on the laptop."""
    azure: str
    """What Azure does."""


REASONS: Mapping[str, Reason] = {
    "route constraints": Reason(
        Kind.REFUSED,
        "A route parameter with a constraint, a default, `?` or `*` stops the start.",
        "Takes the route, and the requests that fit.",
    ),
    "home page": Reason(Kind.NOT_COVERED, "`/` is 404.", "Shows a page that the app is running."),
    "verbs": Reason(
        Kind.NOT_COVERED,
        "A verb that is not in HTTP's registry, or not in capitals, is 400.",
        "Any word is a verb, in any case.",
    ),
    "malformed requests": Reason(
        Kind.NOT_COVERED,
        "What is not HTTP/1.1 by the letter is 400, with a sentence.",
        "Is more lenient here and stricter there, and answers with an empty body.",
    ),
    "odd request targets": Reason(
        Kind.NOT_COVERED,
        "A `#` in a target ends it, a `?` without a query is lost, a whole URL is taken.",
        "Keeps the first two, and refuses the third.",
    ),
    "headers beyond ASCII": Reason(
        Kind.NOT_COVERED,
        "The values of request headers are read as Latin-1.",
        "Reads them as UTF-8, and refuses what is none.",
    ),
    "connection headers": Reason(
        Kind.NOT_COVERED,
        "Trailers reach the function, `Connection` as it came, and `100 Continue` always comes.",
        "Drops trailers and the name of HTTP/2's settings, and is silent if the body is there.",
    ),
    "body limit": Reason(
        Kind.NOT_COVERED, "A body may have any size.", "A body over 100 MiB is an empty 500."
    ),
    "HTTP/1.0": Reason(
        Kind.NOT_COVERED,
        "An answer to HTTP/1.0 has a Content-Length.",
        "It ends with the connection.",
    ),
    "response headers": Reason(
        Kind.NOT_COVERED,
        "An empty Content-Type is sent; of names that differ in case the last counts.",
        "An empty Content-Type is left out; of such names the first counts.",
    ),
    "cookies": Reason(
        Kind.NOT_COVERED,
        "A cookie is sent as the function wrote it.",
        "Writes it anew, with an empty domain, small letters and encoded characters.",
    ),
    "body of no body": Reason(
        Kind.BETTER,
        "A body of a 204, 205 or 304 is left out.",
        "Closes the connection as well.",
    ),
    "status": Reason(
        Kind.BETTER,
        "A status below 200 or above 599 is an empty 500.",
        "Sends it, and the caller may wait for ever.",
    ),
    "unsendable answers": Reason(
        Kind.BETTER,
        "A wrong Content-Length, any Transfer-Encoding or a header that cannot be sent is an "
        "empty 500.",
        "Cuts the body off, hangs, or answers 500 with a Content-Type.",
    ),
    "trace context": Reason(
        Kind.NOT_COVERED,
        "A function is given the request's trace context, as with Application Insights.",
        "Without Application Insights, as recorded, it is given none.",
    ),
    "function keys": Reason(
        Kind.NOT_COVERED, "There are two keys, host and master.", "Each function has a key too."
    ),
    "administration": Reason(
        Kind.NOT_COVERED,
        "The administration has ping, status and functions, says little of them, and starts no "
        "HTTP function; a message sent by hand has no times.",
        "Has keys, logs, configuration and files besides.",
    ),
    "retry policies": Reason(
        Kind.REFUSED,
        "A function with a retry policy stops the start.",
        "Repeats a function that failed, within one delivery of its message.",
    ),
    "option values": Reason(
        Kind.BETTER,
        "An option of host.json that is no time span hh:mm:ss, or a number for a name, is refused.",
        "Takes `24:00:00` for 24 days, `2` for two, and a time below zero.",
    ),
    "features of C#": Reason(
        Kind.NOT_COVERED,
        "A function gets text, learns of no stop, and is cancelled when its time is over.",
        "C# asks for bytes, objects, tokens and locks; what ignores its token goes on.",
    ),
    "dynamic concurrency": Reason(
        Kind.NOT_COVERED,
        "`concurrency` of host.json is not read: `batchSize` counts.",
        "With dynamic concurrency it begins with one message at a time.",
    ),
    "one timer of two hosts": Reason(
        Kind.NOT_COVERED,
        "Each host on the same storage runs every timer.",
        "One of them does, by a lease; another takes over within a minute.",
    ),
    "useMonitor": Reason(
        Kind.REFUSED,
        "A timer without `useMonitor` stops the start.",
        "Keeps no status for it.",
    ),
    "stop": Reason(
        Kind.BETTER,
        "SIGTERM and SIGINT let what runs end within 5 s, timers too.",
        "SIGTERM is not heard; SIGINT waits up to half a minute, and not for timers.",
    ),
}

DIFFERENT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "http.json": {
        "route constraints": (
            *(
                f"constraints/{constraint}:*"
                for constraint in (
                    *("alpha", "bool", "datetime", "decimal", "double", "float", "guid", "int"),
                    *("length", "long", "max", "maxlength", "min", "minlength", "range", "regex"),
                    "required",
                )
            ),
            "constraints/default-*",
            "constraints/mixed*",
            "constraints/optional-given",
            "constraints/optional-missing*",
            "constraints/order-int",
            "path/catch-all*",
        ),
        "home page": ("routing/root",),
        "verbs": (
            "routing/verb-FOO*",
            "routing/verb-get*",
            "routing/unknown-verb",
            "routing/lower-case-verb",
        ),
        "malformed requests": (
            "routing/connect",
            "path/raw-*",
            "query/raw-utf8",
            "request-headers/space-before-colon",
            "request-headers/no-colon",
            "request-headers/empty-name",
            "request-headers/fold",
            "request-headers/bad-token",
            "request-headers/control",
            "request-headers/nul",
            "request-headers/del",
            "request-headers/empty-host",
            "request-body/chunked-bad-size",
            "request-body/chunked-and-length",
            "request-body/transfer-encoding-unknown",
            "request-body/two-*",
            "request-body/length-negative",
            "request-body/length-word",
            "request-body/length-plus",
            "request-body/length-huge",
            "protocol/http-1.2",
            "protocol/http-2.0",
            "protocol/nonsense",
            "protocol/line-feeds-only",
            "protocol/leading-space",
            "protocol/no-slash",
            "protocol/empty-target",
            "protocol/tls-hello",
            "protocol/http2-preface",
        ),
        "odd request targets": (
            "routing/absolute-form*",
            "path/hash",
            "path/fragment",
            "query/only-question",
            "query/hash-in-target",
        ),
        "headers beyond ASCII": ("request-headers/latin1", "request-headers/utf8"),
        "connection headers": (
            "request-headers/h2c",
            "request-body/chunked-extension-and-trailer",
            "request-body/expect-continue-with-body",
        ),
        "body limit": ("request-body/expect-continue-too-large", "request-body/of-100-mib-and-one"),
        "HTTP/1.0": ("protocol/http-1.0*", "response/http-1.0-body"),
        "response headers": (
            "response/no-mimetype",
            "response/content-type-empty",
            "response/header-twice-other-case",
        ),
        "cookies": (
            "response/set-cookie",
            "response/set-cookie-twice",
            "response/set-cookie-expires",
            "response/set-cookie-quoted",
        ),
        "body of no body": (
            "response/204-with-body",
            "response/205-with-body",
            "response/304-with-body",
        ),
        "status": (
            "response/600",
            "response/999",
            "response/1000",
            "response/99",
            "response/0",
            "response/-1",
            "response/100",
            "response/101",
            "response/199",
        ),
        "unsendable answers": (
            "response/header-emoji",
            "response/header-control",
            "response/header-del",
            "response/header-nul",
            "response/header-name-colon",
            "response/header-name-empty",
            "response/content-length-short",
            "response/content-length-long",
            "response/content-length-word",
            "response/transfer-encoding*",
            "response/content-disposition",
        ),
        "trace context": ("returned/trace-*",),
    },
    "keys.json": {
        "function keys": (
            "keys in blobs, as a container has it/fun-header-<function>",
            "keys in blobs, as a container has it/fun-code-<function>",
            "keys in blobs, as a container has it/name-in-other-case",
        ),
        "administration": (
            "administration/function-status-*",
            "administration/keys-*",
            "administration/function-keys-*",
            "administration/log-*",
            "administration/drain-status-*",
            "administration/config-*",
            "administration/extensions-*",
            "administration/vfs-*",
            "administration/status-master",
            "administration/status-code",
            "administration/functions-master",
            "administration/function-master",
            "administration/function-case-master",
            "administration/run-http-master",
            "by hand",
        ),
    },
    "queues.json": {
        "retry policies": ("retry/*",),
        "option values": (
            "options/maxPollingInterval=2",
            "options/maxPollingInterval=500",
            "options/maxPollingInterval=24:00:00",
            "options/visibilityTimeout=-00:00:01",
            "options/visibilityTimeout=5",
            "options/messageEncoding=1",
        ),
        "features of C#": (
            "contents/base64-invalid-utf8-bytes",
            "contents/poco-not-json",
            "contents/poco-wrong-type",
            "stop/stop-sigterm-5s-heeds-token",
            "failures/function-timeout-2s-ignores-token",
            "singletons/singleton-function",
        ),
        "dynamic concurrency": ("batches/dynamic-concurrency",),
        "one timer of two hosts": ("singletons/singleton-listener", "timers/timer-two-hosts"),
        "stop": ("timers/timer-stop-while-running",),
    },
    "timers.json": {
        "one timer of two hosts": (
            "timer-every-10-seconds-after-the-stop",
            "timer-run-on-startup-after-the-stop",
            "timer-two-hosts",
            "timer-two-hosts-first-stopped-in-order",
        ),
        "useMonitor": ("timer-every-minute-without-monitor",),
    },
}
"""The cases by file and reason; a name that ends with * stands for all that begin so."""
