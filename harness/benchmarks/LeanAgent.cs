using System.Buffers.Text;
using System.Text;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;
using NATS.Client.Core;

namespace Harness.Benchmarks;

/// <summary>
/// A simulated agent that costs as little as it can, so that a machine that carries thousands of them measures the coordinator and the
/// server: it
/// asks for a job, brings a result, and builds both messages by hand. On the wire it is like any other.
/// </summary>
/// <param name="jobs">Ids by seed: the hash of a job need not be computed again.</param>
sealed class LeanAgent(FleetAddress address, DeviceKey key, int number, string[] jobs, string card, string blob, int bytes, bool signed)
    : IAsyncDisposable
{
    static readonly byte[] Lease = "{\"waitSeconds\":0,\"holding\":[]}\n"u8.ToArray();
    static readonly byte[] Clock = "{\"held\":true}\n"u8.ToArray();

    readonly NatsConnection _connection = new(address.Options(key, ServerUsers.InboxOf($"d{number}")) with
    {
        WriterBufferSize = 4096, ReaderBufferSize = 4096, SubPendingChannelCapacity = 64,
    });

    public async Task ConnectAsync() => await AskAsync("clock", Clock);

    /// <summary>Serves until there is no job; each result asks for the next job, as that of an agent does.</summary>
    public async Task ServeAsync(Action completed)
    {
        var lease = JobOrNull(await AskAsync("lease", Lease));
        while (lease is { } held)
        {
            var answer = await AskAsync("done", Done(held.Job, held.Token));
            if (answer.AsSpan().IndexOf("accepted"u8) < 0) throw new HarnessException($"The result of job {held.Job} was not accepted.");
            completed();
            lease = JobOrNull(answer);
        }
    }

    byte[] Done(string job, long token)
    {
        var envelope = $"{{\"bytes\":{bytes},\"card\":{card},\"device\":\"d{number}\",\"ended\":\"2026-01-01T00:00:00+00:00\","
            + $"\"job\":\"{job}\",\"observations\":\"{blob}\","
            + $"\"started\":\"2026-01-01T00:00:00+00:00\",\"state\":\"ok\",\"token\":{token}}}";
        var signature = signed ? key.Sign(Encoding.UTF8.GetBytes(envelope)) : "none";
        return Encoding.UTF8.GetBytes($"{{\"envelope\":\"{envelope.Replace("\"", "\\\"", StringComparison.Ordinal)}\","
            + $"\"signature\":\"{signature}\",\"next\":{{\"waitSeconds\":0,\"holding\":[]}}}}\n");
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    async Task<byte[]> AskAsync(string verb, byte[] message) =>
        (await _connection.RequestAsync<byte[], byte[]>($"fleet.d{number}.{verb}", message)).Data!;

    (string Job, long Token)? JobOrNull(ReadOnlySpan<byte> answer) =>
        Number(answer, "\"seed\":"u8) is { } seed && Number(answer, "\"token\":"u8) is { } token ? (jobs[seed], token) : null;

    static long? Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..], out long value, out _) ? value : null;
    }
}
