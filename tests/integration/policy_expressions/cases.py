"""Expressions with contexts: what real C# and the local compiler must agree on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from localdev.gateway.context import (
    Api,
    Context,
    Headers,
    LastError,
    Operation,
    Request,
    Response,
    Token,
    Url,
)
from localdev.gateway.expressions.values import Long

type Json = dict[str, Any]

JOB = '{"status": "Succeeded", "shots": 100, "links": {"result": "x"}, "list": [1, "b"]}'
BASE: Json = {
    "requestId": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "operation": "get-job",
    "request": {
        "method": "GET",
        "ipAddress": "192.0.2.7",
        "headers": {"Content-Type": ["application/json; charset=utf-8"], "Accept": ["a", "b"]},
        "url": {
            "scheme": "https",
            "host": "api.example.com",
            "port": "443",
            "path": "/quantum/jobs/1",
            "queryString": "?redirect=False&x=1&x=2",
            "query": {"redirect": ["False"], "x": ["1", "2"]},
        },
        "body": None,
        "matchedParameters": {"id": "1"},
    },
    "response": {
        "statusCode": 200,
        "statusReason": "OK",
        "headers": {"Content-Type": ["application/json"], "Retry-After": ["5"]},
        "body": JOB,
    },
    "variables": {
        "callerId": {"type": "string", "value": "tenant:alice"},
        "shots": {"type": "int", "value": 7},
        "large": {"type": "long", "value": 5000000000},
        "flag": {"type": "bool", "value": True},
        "token": {
            "type": "Jwt",
            "value": {
                "tid": "t",
                "oid": "o",
                "sub": "s",
                "scp": "jobs.read jobs.submit",
                "roles": ["jobs.reader", "x"],
                "iat": 12,
            },
        },
    },
    "lastError": {"source": "forward-request", "reason": "Timeout", "message": "late"},
}

VALUES = [
    # literals and operators
    "@(1 + 2 * 3)",
    "@(7 / 2)",
    "@(-7 / 2)",
    "@(-7 % 3)",
    "@(2147483647 + context.Response.StatusCode)",
    "@(5000000000 + 1)",
    "@(1 == 1L)",
    "@(1 < 2 && !(2 > 3) || false)",
    "@(true ? 1 : 2L)",
    "@('a' + 1)",
    "@(\"a\" + 'b' + 1 + true + null)",
    '@("tab\\t quote\\" \\u0041")',
    '@(@"C:\\x ""y""")',
    '@($"{context.Api.Path}-{1 + 1}-{true}")',
    '@((string)null ?? "x")',
    "@(2L + 1)",
    "@(-context.Response.StatusCode)",
    "@((long)5 * 1000000000)",
    '@((int)(long)context.Variables["large"])',
    # text
    '@("abc".Length)',
    "@(\"a,b,,c\".Split(',').Length)",
    "@(\"a b;c\".Split(' ', ';')[2])",
    '@("Application/JSON".ToLowerInvariant() + "ß".ToUpperInvariant())',
    '@("application/json".StartsWith("application/"))',
    '@("ABC".StartsWith("ab", StringComparison.OrdinalIgnoreCase))',
    '@("abc".EndsWith("bc") && "abc".Contains("b") && "abc".Contains(""))',
    '@("abcabc".IndexOf("c") + "abcabc".IndexOf("c", 3) + "abc".IndexOf("x"))',
    '@("abc://x/y".IndexOf("/", "abc://x/y".IndexOf("://") + 3, StringComparison.Ordinal))',
    '@("abcdef".Substring(2) + "abcdef".Substring(1, 2) + "abc".Substring(3))',
    '@("  x ".Trim() + "/a/".Trim(\'/\') + "//a".TrimStart(\'/\') + "a/".TrimEnd(\'/\'))',
    '@("aXbX".Replace("X", "") + "a".Replace("a", null))',
    '@(string.IsNullOrEmpty("") && string.IsNullOrWhiteSpace(" ") && !string.IsNullOrEmpty("x"))',
    '@(string.Join("-", new[] { "a", null, "b" }))',
    '@("a" == "A" || "a".Equals("A", StringComparison.OrdinalIgnoreCase))',
    '@("abc"[1])',
    '@(string.Empty + "x")',
    # numbers
    '@(int.Parse(" 42 ") + int.Parse("-1"))',
    '@{ int n; return int.TryParse("12x", out n) ? n : -n; }',
    '@{ long n; if (!long.TryParse("12345678901", out n)) { n = 1; } return n; }',
    '@{ if (int.TryParse("5", out int n)) { return n; } return 0; }',
    "@(Math.Max(3, 4) + Math.Min(3, 4))",
    # statements
    "@{ var a = 1; a = a + 1; if (a == 2) { return a; } else { return 0; } }",
    '@{ string s; if (context.Response != null) s = "a"; else s = "b"; return s; }',
    '@{ foreach (var p in "a,b,c".Split(\',\')) { if (p == "b") { return p; } } return ""; }',
    "@{ /* a comment */ return 1; }",
    # sequences
    '@("a b".Split(\' \').Contains("b"))',
    '@(new[] { "a", "bb" }.Any(x => x.Length == 2) && new[] { "a" }.All(x => x == "a"))',
    '@(new string[] { "a", "bb" }.Where(x => x != "a").First())',
    "@(new[] { 1, 2, 3 }.Where(x => x > 1).ToArray().Length)",
    "@(new[] { 1, 2, 3 }.Count())",
    # the context
    "@(context.RequestId)",
    "@(context.Operation.Id + context.Operation.UrlTemplate + context.Api.Name)",
    "@(context.Request.Method + context.Request.IpAddress)",
    '@(context.Request.MatchedParameters["id"])',
    '@(context.Request.MatchedParameters.ContainsKey("x"))',
    '@(context.Request.Headers.GetValueOrDefault("content-TYPE", "").Split(\';\')[0].Trim())',
    '@(context.Request.Headers.GetValueOrDefault("Accept", "no"))',
    '@(context.Request.Headers["accept"][1])',
    '@(context.Request.Headers.GetValueOrDefault("X", "none"))',
    '@(context.Request.Headers.ContainsKey("ACCEPT"))',
    "@(context.Request.Body == null)",
    '@(context.Request.OriginalUrl.Query.GetValueOrDefault("redirect", "true").ToLowerInvariant())',
    '@(context.Request.OriginalUrl.Query.GetValueOrDefault("x", ""))',
    '@(context.Request.OriginalUrl.Scheme + "://" + context.Request.OriginalUrl.Host)',
    "@(context.Request.OriginalUrl.Port.ToString() + context.Request.Url.Path)",
    "@(context.Request.OriginalUrl.QueryString)",
    '@(context.Response.StatusCode >= 200 && context.Response.StatusReason == "OK")',
    "@(context.LastError.Source + context.LastError.Reason + context.LastError.Message)",
    '@((string)context.Variables["callerId"] + (int)context.Variables["shots"])',
    '@((long)context.Variables["large"] + 1)',
    '@((bool)context.Variables["flag"])',
    '@(context.Variables.ContainsKey("nothing"))',
    '@(context.Variables.GetValueOrDefault<string>("callerId", "x"))',
    '@(context.Variables.GetValueOrDefault("shots", 3))',
    '@(context.Variables.GetValueOrDefault("nothing", 3))',
    '@(context.Variables.GetValueOrDefault<string>("nothing") == null)',
    '@(context.Variables["shots"].ToString() + context.Variables["flag"].ToString())',
    '@(((Jwt)context.Variables["token"]).Claims.GetValueOrDefault("scp", "").Split(\' \')[1])',
    '@{ var t = (Jwt)context.Variables["token"]; return t.Claims.GetValueOrDefault("roles", ""); }',
    '@{ var t = (Jwt)context.Variables["token"]; return t.Claims["roles"].Contains("x"); }',
    '@{ var t = (Jwt)context.Variables["token"]; return t.Subject + t.Claims["iat"][0]; }',
    # JSON
    "@(context.Response.Body.As<string>(preserveContent: true).Length)",
    "@(context.Response.Body.As<byte[]>(preserveContent: true).Length)",
    '@{ var j = context.Response.Body.As<JObject>(true); return (string)j["status"]; }',
    '@{ var j = context.Response.Body.As<JObject>(true); return (int)j["shots"] + 1; }',
    '@{ var j = context.Response.Body.As<JObject>(true); return (string)j["shots"]; }',
    '@{ var j = context.Response.Body.As<JObject>(true); return j["nothing"] == null; }',
    '@{ var j = context.Response.Body.As<JObject>(true); return (string)j["nothing"] == null; }',
    '@{ var j = context.Response.Body.As<JToken>(true); return (string)j["links"]["result"]; }',
    '@{ var j = context.Response.Body.As<JObject>(true); return (string)j["list"][1]; }',
    '@((string)JObject.Parse("{\\"a\\": null}")["a"])',
    '@((int)JObject.Parse("{\\"a\\": \\"12\\"}")["a"])',
    '@((bool)JObject.Parse("{\\"a\\": \\"true\\"}")["a"])',
    '@(JObject.Parse("{\\"a\\": [1, {\\"b\\": \\"x\\\\\\"y\\"}], \\"c\\": {}}").ToString())',
    '@(JObject.Parse("{\\"a\\": true}")["a"].ToString())',
    '@(new JObject(new JProperty("a", 1), new JProperty("b", "é\\n")).ToString())',
    '@(new JObject(new JProperty("a", true)).ToString(Newtonsoft.Json.Formatting.None))',
    '@(new JObject(new JProperty("n", (string)null)).ToString(Newtonsoft.Json.Formatting.None))',
]

EXCEPTIONS = [
    '@((string)context.Variables["shots"])',
    '@((int)context.Variables["callerId"])',
    '@((int)context.Variables["large"])',
    '@((Jwt)context.Variables["callerId"])',
    '@(context.Variables["nothing"])',
    '@(context.Variables.GetValueOrDefault("shots", "x"))',
    '@(context.Request.MatchedParameters["nothing"])',
    '@(context.Request.Headers["nothing"])',
    "@(context.Request.Body.As<string>(preserveContent: true))",
    "@(((string)null).Length)",
    '@("abc".Substring(4))',
    '@("abc".Substring(1, 5))',
    '@("abc".IndexOf("a", 9))',
    '@("abc"[7])',
    "@(\"a\".Split(',')[1])",
    '@(int.Parse("x"))',
    '@(int.Parse("99999999999"))',
    "@(int.Parse(null))",
    "@(1 / (context.Response.StatusCode - 200))",
    '@("a".StartsWith(null))',
    '@("a".Replace("", "b"))',
    '@(new string[] { "a" }.Where(x => x == "b").First())',
    '@(JObject.Parse("hello"))',
    '@(JObject.Parse("[1]"))',
    '@((int)JObject.Parse("{}")["a"])',
    '@((int)JObject.Parse("{\\"a\\": null}")["a"])',
    '@((string)JObject.Parse("{\\"a\\": {}}")["a"])',
    '@((int)JObject.Parse("{\\"a\\": \\"x\\"}")["a"])',
    '@((string)JObject.Parse("{\\"a\\": 1}")["a"]["b"])',
    '@(new JObject(new JProperty("a", 1), new JProperty("a", 2)).ToString())',
]

REFUSED = [
    "@(nothing)",
    "@(context.Nothing)",
    "@(context.Request.Method.Nothing())",
    '@("a" - "b")',
    '@("a" > "b")',
    "@(!1)",
    "@(1 && true)",
    "@(1 ? 2 : 3)",
    '@(true ? 1 : "a")',
    "@(1 + )",
    "@(1",
    '@("a".Substring("b"))',
    '@("a".Substring(1, 2, 3))',
    '@((Jwt)"a")',
    '@((int)"5")',
    "@((string)5)",
    "@(null.Length)",
    "@{ var x = null; return 1; }",
    "@{ int x; return x; }",
    "@{ var x = 1; var x = 2; return x; }",
    '@{ var x = 1; x = "a"; return x; }',
    "@{ var x = 1; }",
    "@{ if (context.Response != null) { return 1; } }",
    "@{ y = 1; return y; }",
    '@{ int n; if (context.Response == null) { int.TryParse("1", out n); } return n; }',
    "@(new JProperty(1, 2))",
    "@(new Nothing())",
    '@(int.Parse("1", 2, 3, 4))',
    '@(new[] { "a" }.Contains(1))',
    '@(new[] { "a" }.Any(x => x.Length))',
    '@(context.Variables.GetValueOrDefault<Nothing>("a"))',
    '@("\\q")',
]


def _url(json: Json) -> Url:
    port = int(json["port"])
    texts = (json["path"], json["queryString"])
    return Url(json["scheme"], json["host"], port, *texts, json["query"])


def _headers(json: Json) -> Headers:
    return Headers((name, value) for name, values in json.items() for value in values)


def _variable(json: Json) -> object:
    kind, value = json["type"], json["value"]
    if kind == "Jwt":
        return Token({}, value)
    return Long(value) if kind == "long" else value


def context(json: Json) -> Context:
    """Return the local context that a context in JSON describes."""
    request, response, error = json["request"], json["response"], json["lastError"]
    return Context(
        UUID(json["requestId"]),
        Api("qjobs", "Quantum jobs", "quantum"),
        Operation(json["operation"], "GET", "/jobs/{id}"),
        Request(
            request["method"],
            _url(request["url"]),
            _url(request["url"]),
            _headers(request["headers"]),
            (request["body"] or "").encode(),
            request["ipAddress"],
            request["matchedParameters"],
        ),
        None
        if response is None
        else Response(
            response["statusCode"],
            response["statusReason"],
            _headers(response["headers"]),
            (response["body"] or "").encode(),
        ),
        {name: _variable(variable) for name, variable in json["variables"].items()},
        None if error is None else LastError(error["source"], error["reason"], error["message"]),
    )
