// The part of API Management's context that policy expressions may use, over a context in JSON.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

public class Headers : Dictionary<string, string[]>
{
    public Headers(JObject fields) : base(StringComparer.OrdinalIgnoreCase)
    {
        foreach (var field in fields) { this[field.Key] = field.Value.Select(value => (string)value).ToArray(); }
    }
    public string GetValueOrDefault(string name, string defaultValue)
    {
        string[] values;
        return TryGetValue(name, out values) ? string.Join(",", values) : defaultValue;
    }
}

public class Claims : Dictionary<string, string[]>
{
    public string GetValueOrDefault(string name, string defaultValue)
    {
        string[] values;
        return TryGetValue(name, out values) ? string.Join(",", values) : defaultValue;
    }
}

public class Jwt
{
    public Claims Claims = new Claims();
    public string Subject { get { return Claims.GetValueOrDefault("sub", null); } }
    public string Id { get { return Claims.GetValueOrDefault("jti", null); } }
    public IEnumerable<string> Audiences { get { return Claims.ContainsKey("aud") ? Claims["aud"] : new string[0]; } }
    public string Issuer { get { return Claims.GetValueOrDefault("iss", null); } }
    static string TextOf(JToken value)
    {
        return value.Type == JTokenType.String ? (string)value : value.ToString(Formatting.None);
    }
    public Jwt(JObject payload)
    {
        foreach (var claim in payload)
        {
            if (claim.Value.Type == JTokenType.Null) { continue; }
            var array = claim.Value as JArray;
            Claims[claim.Key] = array == null ? new[] { TextOf(claim.Value) } : array.Select(TextOf).ToArray();
        }
    }
}

public class Variables : Dictionary<string, object>
{
    public T GetValueOrDefault<T>(string name, T defaultValue = default(T))
    {
        object value;
        return TryGetValue(name, out value) ? (T)value : defaultValue;
    }
}

public class Body
{
    readonly string text;
    public Body(string text) { this.text = text; }
    public T As<T>(bool preserveContent = false)
    {
        if (typeof(T) == typeof(string)) { return (T)(object)text; }
        if (typeof(T) == typeof(byte[])) { return (T)(object)Encoding.UTF8.GetBytes(text); }
        if (typeof(T) == typeof(JObject)) { return (T)(object)JObject.Parse(text); }
        if (typeof(T) == typeof(JArray)) { return (T)(object)JArray.Parse(text); }
        return (T)(object)JToken.Parse(text);
    }
}

public class Port
{
    public string Text;
    public override string ToString() { return Text; }
}

public class Url
{
    public string Scheme, Host, Path, QueryString;
    public Port Port;
    public Headers Query;
    public Url(JObject url)
    {
        Scheme = (string)url["scheme"];
        Host = (string)url["host"];
        Path = (string)url["path"];
        QueryString = (string)url["queryString"];
        Port = new Port { Text = (string)url["port"] };
        Query = new Headers((JObject)url["query"]);
    }
}

public class Request
{
    public string Method, IpAddress;
    public Headers Headers;
    public Url Url, OriginalUrl;
    public Body Body;
    public Dictionary<string, string> MatchedParameters;
}

public class Response
{
    public int StatusCode;
    public string StatusReason;
    public Headers Headers;
    public Body Body;
}

public class Api { public string Id, Name, Path; }
public class Operation { public string Id, Method, UrlTemplate; }
public class LastError { public string Source, Reason, Message, Scope, Section, Path, PolicyId; }

public class Context
{
    public Guid RequestId;
    public Api Api;
    public Operation Operation;
    public Request Request;
    public Response Response;
    public Variables Variables = new Variables();
    public LastError LastError;

    static Body BodyOf(JToken text) { return text.Type == JTokenType.Null ? null : new Body((string)text); }

    static object ValueOf(JObject variable)
    {
        var value = variable["value"];
        switch ((string)variable["type"])
        {
            case "int": return (int)value;
            case "long": return (long)value;
            case "bool": return (bool)value;
            case "Jwt": return new Jwt((JObject)value);
            default: return (string)value;
        }
    }

    public Context(JObject json)
    {
        var request = (JObject)json["request"];
        RequestId = new Guid((string)json["requestId"]);
        Api = new Api { Id = "qjobs", Name = "Quantum jobs", Path = "quantum" };
        if (json["operation"].Type != JTokenType.Null)
        {
            Operation = new Operation { Id = (string)json["operation"], Method = "GET", UrlTemplate = "/jobs/{id}" };
        }
        Request = new Request
        {
            Method = (string)request["method"],
            IpAddress = (string)request["ipAddress"],
            Headers = new Headers((JObject)request["headers"]),
            Url = new Url((JObject)request["url"]),
            OriginalUrl = new Url((JObject)request["url"]),
            Body = BodyOf(request["body"]),
            MatchedParameters = request["matchedParameters"].ToObject<Dictionary<string, string>>(),
        };
        if (json["response"].Type != JTokenType.Null)
        {
            Response = new Response
            {
                StatusCode = (int)json["response"]["statusCode"],
                StatusReason = (string)json["response"]["statusReason"],
                Headers = new Headers((JObject)json["response"]["headers"]),
                Body = BodyOf(json["response"]["body"]),
            };
        }
        foreach (var variable in (JObject)json["variables"])
        {
            Variables[variable.Key] = ValueOf((JObject)variable.Value);
        }
        var error = json["lastError"];
        if (error.Type != JTokenType.Null)
        {
            LastError = new LastError
            {
                Source = (string)error["source"],
                Reason = (string)error["reason"],
                Message = (string)error["message"],
            };
        }
    }

    // Prints what each expression computes in each context of a file, or the exception.
    public static void Run(string file, Func<Context, object>[] expressions)
    {
        var settings = new JsonSerializerSettings { DateParseHandling = DateParseHandling.None };
        var contexts = JsonConvert.DeserializeObject<JArray>(System.IO.File.ReadAllText(file), settings);
        foreach (var expression in expressions)
        {
            foreach (var context in contexts)
            {
                var line = new JObject();
                try
                {
                    var value = expression(new Context((JObject)context));
                    line["type"] = value == null ? "null" : value.GetType().Name;
                    line["text"] = value == null ? "" : value.ToString();
                }
                catch (Exception exception)
                {
                    line["exception"] = exception.GetType().Name;
                }
                Console.WriteLine(line.ToString(Formatting.None));
            }
        }
    }
}
