using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Harness.Agent.Running;

/// <summary>Reads and writes single lines of the worker protocol. Unknown members are skipped, unknown types are errors.</summary>
public static class WorkerLine
{
    /// <summary>The version this code speaks.</summary>
    public const int Protocol = 1;
    /// <summary>No line may be longer, in bytes of UTF-8 without its line end.</summary>
    public const int MaximumBytes = 16 * 1024 * 1024;

    const int QuotedCharacters = 200;

    /// <summary>A worker in another language may put the type anywhere in the object.</summary>
    static readonly JsonSerializerOptions Options = new(CanonicalJson.Options) { AllowOutOfOrderMetadataProperties = true };

    static readonly Dictionary<string, string[]> RequiredOfObservations = new(StringComparer.Ordinal)
    {
        ["hello"] = ["protocol", "worker", "version"],
        ["phase"] = ["phase"],
        ["trained"] = ["point.epoch", "point.loss", "point.seconds"],
        ["described"] = ["footprint.parameters", "footprint.bytes", "footprint.bitsPerWeight"],
        ["predicted"] = ["first", "predictions"],
        ["timed"] = ["stage", "operations", "nanoseconds"],
        ["read"] = ["reading.metric"],
        ["traced"] = ["trace.sensor", "trace.quantity", "trace.unit", "trace.seconds", "trace.values"],
        ["finished"] = ["state"],
    };

    static readonly Dictionary<string, string[]> RequiredOfRequests = new(StringComparer.Ordinal)
    {
        ["run"] = ["protocol", "trial.suite", "trial.benchmark", "trial.protocol", "trial.family", "trial.configuration", "trial.seed",
            "cache", "threads"],
        ["cancel"] = [],
    };

    /// <summary>The line of an observation, without its line end.</summary>
    /// <exception cref="ProtocolException">It holds NaN or an infinity, which JSON does not have, or it is too long.</exception>
    public static string Write(Observation observation) => Bounded(Serialize(observation, observation.GetType().Name));

    public static string Write(WorkerRequest request) => Bounded(Serialize(request, request.GetType().Name));

    /// <summary>A value as it may stand inside a line.</summary>
    /// <param name="what">Names the value in the message, e.g. <c>prediction 17</c>.</param>
    /// <exception cref="ProtocolException">It holds NaN or an infinity, which JSON does not have.</exception>
    public static JsonElement ToElement<T>(T value, string what)
    {
        try { return JsonSerializer.SerializeToElement(value, Options); }
        catch (Exception error) when (error is ArgumentException or JsonException) { throw Unwritable(value, what, error); }
    }

    /// <exception cref="ProtocolException">Not one complete observation.</exception>
    public static Observation ReadObservation(ReadOnlyMemory<byte> line) => Checked(Read<Observation>(line, RequiredOfObservations), line);

    /// <summary>The observations of a stream of lines, one after another.</summary>
    /// <exception cref="ProtocolException">A line is not one complete observation, or too long.</exception>
    public static async IAsyncEnumerable<Observation> ReadAllAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lines = new LineReader(stream, MaximumBytes);
        while (await lines.ReadOrNullAsync(cancellation) is { } line) yield return ReadObservation(line);
    }

    /// <exception cref="ProtocolException">Not one complete request.</exception>
    public static WorkerRequest ReadRequest(string line) => Read<WorkerRequest>(Encoding.UTF8.GetBytes(line), RequiredOfRequests);

    /// <summary>The beginning of a line on one printable line, for messages.</summary>
    public static string Quote(ReadOnlyMemory<byte> line)
    {
        var text = Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 4 * QuotedCharacters)]);
        var shown = string.Concat(text.Take(QuotedCharacters).Select(c => char.IsControl(c) ? '·' : c));
        return $"'{shown}'" + (shown.Length < text.Length || line.Length > 4 * QuotedCharacters ? $"… ({line.Length} bytes)" : "");
    }

    static string Serialize<T>(T value, string what)
    {
        try { return JsonSerializer.Serialize(value, Options); }
        catch (Exception error) when (error is ArgumentException or JsonException) { throw Unwritable(value, what, error); }
    }

    static ProtocolException Unwritable<T>(T value, string what, Exception error) =>
        new($"{what} cannot be written as JSON: {error.Message} Value: {value}. NaN and infinities must not leave a worker.", error);

    static string Bounded(string line) => Encoding.UTF8.GetByteCount(line) is var bytes && bytes <= MaximumBytes
        ? line
        : throw new ProtocolException($"A line of {bytes} bytes is above the limit of {MaximumBytes}: send fewer predictions per line.");

    static T Read<T>(ReadOnlyMemory<byte> line, Dictionary<string, string[]> required)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var type = TypeOf(document.RootElement, required.Keys, line);
            if (required[type].FirstOrDefault(path => !Holds(document.RootElement, path)) is { } missing)
                throw new ProtocolException($"A {type} line needs '{missing}': {Quote(line)}");
            return document.RootElement.Deserialize<T>(Options)!;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new ProtocolException($"Not a line of the worker protocol: {Quote(line)} ({error.Message})", error);
        }
    }

    static string TypeOf(JsonElement root, IEnumerable<string> known, ReadOnlyMemory<byte> line)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            throw new ProtocolException($"A line must be a JSON object with a 'type': {Quote(line)}");
        return known.Contains(type.GetString()!, StringComparer.Ordinal)
            ? type.GetString()!
            : throw new ProtocolException($"Unknown type '{type.GetString()}', allowed are {string.Join(", ", known)}: {Quote(line)}");
    }

    static bool Holds(JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return false;
        return element.ValueKind != JsonValueKind.Null;
    }

    static Observation Checked(Observation observation, ReadOnlyMemory<byte> line)
    {
        var fault = observation switch
        {
            Timed { Operations: <= 0 } or Timed { Nanoseconds: < 0 } => "a timed call has at least one operation and no negative time",
            Read { Reading: { Value: null, Reason: null or "" } } => "a reading without a value needs a reason",
            Traced { Trace: var trace } when trace.Seconds.Count != trace.Values.Count
                => "a trace has a value or null for each of its times",
            Traced { Trace: var trace } when trace.Seconds.Zip(trace.Seconds.Skip(1)).Any(pair => pair.Second < pair.First)
                => "the times of a trace ascend",
            Finished finished when !Enum.IsDefined(finished.State) => $"state is none of {string.Join(", ", Enum.GetNames<RunState>())}",
            Described { Footprint: var footprint } when footprint.Parameters < 0 || footprint.Bytes < 0 => "a footprint is not negative",
            _ => null,
        };
        return fault is null ? observation : throw new ProtocolException($"Not allowed, {fault}: {Quote(line)}");
    }
}
