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
    "options of bindings": Reason(
        Kind.REFUSED,
        "An output binding, a retry policy, and a timer that sets `useMonitor` stop the start.",
        "Writes what is set, JSON anew, without waking a listener; repeats the function within one "
        "delivery of its message; keeps no status for the timer.",
    ),
    "wrong apps": Reason(
        Kind.BETTER,
        "An app, a setting or a host.json that is wrong in any way stops the start with a sentence "
        "that says where.",
        "Starts: the function is left out, everything is 404, or everything is 503; it takes "
        "comments, trailing commas, schedules of five fields and time spans of one number.",
    ),
    "answers that cannot be sent": Reason(
        Kind.BETTER,
        "A status that is none, a wrong Content-Length, any Transfer-Encoding and a header that "
        "cannot be sent are an empty 500; a body where none may be is left out.",
        "Cuts the body off, hangs, closes the connection or lets the Content-Type stand.",
    ),
    "stop": Reason(
        Kind.BETTER,
        "SIGINT lets what runs end within 30 s, timers too; SIGTERM within 5 s, so that a stack "
        "stops quickly.",
        "SIGTERM is not heard; SIGINT waits half a minute for requests, longer for messages, and "
        "not for timers.",
    ),
    "worker": Reason(
        Kind.NOT_COVERED,
        "The functions run in the host's own process: what kills it, or takes longer than "
        "functionTimeout, ends the host, and the stack starts it again.",
        "Starts another worker within half a second; its third death ends the host.",
    ),
    "unreachable storage": Reason(
        Kind.NOT_COVERED,
        "Without storage the host starts, and ends after half a minute.",
        "Does not listen until there is storage.",
    ),
    "one timer of two hosts": Reason(
        Kind.NOT_COVERED,
        "Each host on the same storage runs every timer.",
        "One of them does, by a lease; another takes over within a minute.",
    ),
    "host id": Reason(
        Kind.NOT_COVERED,
        "The blobs of the host are the timers' status, under the name localdev.",
        "Has blobs for keys and locks besides, under the name of the site or the machine.",
    ),
    "host settings": Reason(
        Kind.NOT_COVERED,
        "The settings of the platform, and of host.json those besides `extensions.queues`, the "
        "route prefix and functionTimeout, are not read.",
        "Has custom headers, limits of bodies and of requests at a time, bundles, a choice of "
        "functions, dynamic concurrency, workers, a trace context with Application Insights, and "
        "more.",
    ),
    "platform in front": Reason(
        Kind.NOT_COVERED,
        "The headers of the platform's front end are headers like others.",
        "Builds the request's URL from them.",
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
    "home page": Reason(
        Kind.NOT_COVERED, "`/` is 404.", "Shows a page that the app is running, or 204."
    ),
    "unusual requests": Reason(
        Kind.NOT_COVERED,
        "What is not HTTP/1.1 by the letter is 400 with a sentence, a verb that HTTP's registry "
        "has not, too; `#` ends a target; header values are Latin-1; trailers reach the function.",
        "Is more lenient here and stricter there, and answers 400, 500 or 505 with an empty body.",
    ),
    "large bodies": Reason(
        Kind.NOT_COVERED, "A body may have any size.", "A body over 100 MiB is an empty 500."
    ),
    "response headers": Reason(
        Kind.NOT_COVERED,
        "Cookies, an empty Content-Type and names that differ in case are sent as they are.",
        "Writes cookies anew, leaves out an empty Content-Type, and of such names sends the first.",
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
}

DIFFERENT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "http.json": {
        "route constraints": (
            "constraints/alpha:*",
            "constraints/bool:*",
            "constraints/datetime:*",
            "constraints/decimal:*",
            "constraints/double:*",
            "constraints/float:*",
            "constraints/guid:*",
            "constraints/int:*",
            "constraints/length:*",
            "constraints/long:*",
            "constraints/max:*",
            "constraints/maxlength:*",
            "constraints/min:*",
            "constraints/minlength:*",
            "constraints/range:*",
            "constraints/regex:*",
            "constraints/required:*",
            "constraints/default-*",
            "constraints/mixed*",
            "constraints/optional-given",
            "constraints/optional-missing*",
            "constraints/order-int",
            "path/catch-all*",
        ),
        "home page": ("routing/root",),
        "unusual requests": (
            "routing/verb-FOO*",
            "routing/verb-get*",
            "routing/unknown-verb",
            "routing/lower-case-verb",
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
            "routing/absolute-form*",
            "path/hash",
            "path/fragment",
            "query/only-question",
            "query/hash-in-target",
            "request-headers/latin1",
            "request-headers/utf8",
            "request-headers/h2c",
            "request-body/chunked-extension-and-trailer",
            "request-body/expect-continue-with-body",
            "protocol/http-1.0*",
            "response/http-1.0-body",
        ),
        "large bodies": (
            "request-body/expect-continue-too-large",
            "request-body/of-100-mib-and-one",
        ),
        "response headers": (
            "response/no-mimetype",
            "response/content-type-empty",
            "response/header-twice-other-case",
            "response/set-cookie",
            "response/set-cookie-twice",
            "response/set-cookie-expires",
            "response/set-cookie-quoted",
        ),
        "answers that cannot be sent": (
            "response/204-with-body",
            "response/205-with-body",
            "response/304-with-body",
            "response/600",
            "response/999",
            "response/1000",
            "response/99",
            "response/0",
            "response/-1",
            "response/100",
            "response/101",
            "response/199",
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
        "options of bindings": ("retry/*",),
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
        "host settings": ("batches/dynamic-concurrency",),
        "one timer of two hosts": (
            "singletons/singleton-listener",
            "timers/timer-two-hosts",
        ),
        "stop": ("timers/timer-stop-while-running",),
    },
    "timers.json": {
        "one timer of two hosts": (
            "timer-every-10-seconds-after-the-stop",
            "timer-run-on-startup-after-the-stop",
            "timer-two-hosts",
            "timer-two-hosts-first-stopped-in-order",
        ),
        "options of bindings": ("timer-every-minute-without-monitor",),
    },
    "startup.json": {
        "wrong apps": (
            "import-*",
            "no-function*",
            "two-apps",
            "same-*",
            "reserved-*",
            "bad-template",
            "unknown-constraint",
            "wrong-parameter-name",
            "setting-of-timer-missing",
            "schedule-*",
            "storage-missing",
            "storage-nonsense",
            "host-json-missing",
            "host-json-broken",
            "host-json-empty",
            "host-json-no-version",
            "host-json-version-*",
            "host-json-comment",
            "host-json-trailing-comma",
            "host-json-batch-*",
            "host-json-max-dequeue-0",
            "host-json-encoding-wrong",
            "host-json-polling-*",
            "host-json-visibility-wrong",
            "host-json-threshold-negative",
            "host-json-timeout-wrong",
            "host-json-timeout-zero",
            "host-json-prefix-slashes",
        ),
        "unreachable storage": ("storage-unreachable",),
        "host settings": ("only-some-functions", "host-json-bundle", "runtime-*"),
    },
    "settings.json": {
        "host settings": (
            "custom-headers",
            "outstanding-2*",
            "concurrent-1",
            "body-limit-of-100-bytes",
            "body-limit-of-zero",
            "environment-of-the-worker",
        ),
        "home page": ("homepage-off", "kubernetes"),
        "administration": ("auth-enabled",),
        "platform in front": ("flex",),
        "stop": (
            "sigterm-*",
            "SIG*",
        ),
        "host id": ("host-id-*", "containers-and-queues-in-storage"),
    },
    "worker.json": {
        "worker": ("worker-*", "function-timeout-*"),
        "host settings": ("two-processes",),
    },
    "queue-functions.json": {
        "options of bindings": (
            "output-binding-none",
            "output-binding-base64",
            "what-is-written-*",
        ),
        "worker": (
            "a-message-that-ends-the-worker",
            "a-message-that-takes-longer-than-function-timeout",
        ),
        "stop": ("SIGTERM-during-a-message",),
    },
}
"""The cases by file and reason; a name that ends with * stands for all that begin so."""
