using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;

namespace Harness.Benchmarks.Fleet;

/// <summary>
/// A simulated agent that costs as little as it can, so that a machine that carries thousands of them measures the coordinator and the
/// server: it speaks the protocol of the server itself, asks for a job, brings a result, and builds both messages by hand. On the wire it
/// is like any other.
/// </summary>
sealed class LeanAgent(int number, DeviceKey key, FleetOrder order) : IDisposable
{
    static readonly byte[] Lease = "{\"waitSeconds\":0,\"holding\":[]}\n"u8.ToArray();
    static readonly byte[] Clock = "{\"held\":true}\n"u8.ToArray();

    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    readonly string _name = $"d{number}", _answer = $"{ServerUsers.InboxOf($"d{number}")}.1";
    byte[] _received = new byte[4096];
    int _start, _end;

    public async Task ConnectAsync()
    {
        var address = new Uri(order.Url);
        await _socket.ConnectAsync(address.Host, address.Port);
        var information = Encoding.UTF8.GetString(await LineAsync());
        var nonce = System.Text.Json.JsonDocument.Parse(information["INFO ".Length..]).RootElement.GetProperty("nonce").GetString()!;
        var signature = key.Sign(Encoding.ASCII.GetBytes(nonce)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await SendAsync($"CONNECT {{\"verbose\":false,\"pedantic\":false,\"lang\":\"lean\",\"version\":\"1\",\"protocol\":1,"
            + $"\"nkey\":\"{key.Public}\",\"sig\":\"{signature}\"}}\r\nSUB {_answer} 1\r\nPING\r\n");
        for (var line = await LineAsync(); !line.AsSpan().StartsWith("PONG"u8); line = await LineAsync())
            if (line.AsSpan().StartsWith("-ERR"u8)) throw new HarnessException(Encoding.UTF8.GetString(line));
        await AskAsync("clock", Clock);
    }

    /// <summary>Serves until there is no job and gives their number; each result asks for the next, as that of an agent does.</summary>
    public async Task<int> ServeAsync()
    {
        var done = 0;
        var lease = JobOrNull((await AskAsync("lease", Lease)).Span);
        for (; lease is { } held; done++)
        {
            var answer = await AskAsync("done", Done(held.Job, held.Token));
            if (answer.Span.IndexOf("accepted"u8) < 0) throw new HarnessException($"The result of job {held.Job} was not accepted.");
            lease = JobOrNull(answer.Span);
        }
        return done;
    }

    public void Dispose() => _socket.Dispose();

    byte[] Done(string job, long token)
    {
        var envelope = $"{{\"bytes\":{order.Bytes},\"card\":{order.Card},\"device\":\"{_name}\",\"ended\":\"2026-01-01T00:00:00+00:00\","
            + $"\"job\":\"{job}\",\"observations\":\"{order.Blob}\","
            + $"\"started\":\"2026-01-01T00:00:00+00:00\",\"state\":\"ok\",\"token\":{token}}}";
        var signature = order.Signed ? key.Sign(Encoding.UTF8.GetBytes(envelope)) : "none";
        return Encoding.UTF8.GetBytes($"{{\"envelope\":\"{envelope.Replace("\"", "\\\"", StringComparison.Ordinal)}\","
            + $"\"signature\":\"{signature}\",\"next\":{{\"waitSeconds\":0,\"holding\":[]}}}}\n");
    }

    (string Job, long Token)? JobOrNull(ReadOnlySpan<byte> answer) =>
        Number(answer, "\"seed\":"u8) is { } seed && Number(answer, "\"token\":"u8) is { } token ? (order.Jobs[seed], token) : null;

    static long? Number(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..], out long value, out _) ? value : null;
    }

    /// <summary>The content of the answer, valid until the next question.</summary>
    async ValueTask<ReadOnlyMemory<byte>> AskAsync(string verb, byte[] message)
    {
        byte[] question = [.. Encoding.ASCII.GetBytes($"PUB fleet.{_name}.{verb} {_answer} {message.Length}\r\n"), .. message,
            .. "\r\n"u8];
        await _socket.SendAsync(question);
        while (true)
        {
            var line = await LineAsync();
            if (line.AsSpan().StartsWith("PING"u8)) await SendAsync("PONG\r\n");
            else if (line.AsSpan().StartsWith("-ERR"u8)) throw new HarnessException(Encoding.UTF8.GetString(line));
            else if (line.AsSpan().StartsWith("MSG "u8))
            {
                var length = (int)Number(line, " 1 "u8)!.Value;
                while (_end - _start < length + 2) await ReceiveAsync();
                var content = _received.AsMemory(_start, length);
                _start += length + 2;
                return content;
            }
        }
    }

    async ValueTask SendAsync(string text) => await _socket.SendAsync(Encoding.ASCII.GetBytes(text));

    async ValueTask<byte[]> LineAsync()
    {
        int length;
        while ((length = _received.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0) await ReceiveAsync();
        var line = _received.AsSpan(_start, length).ToArray();
        _start += length + 2;
        return line;
    }

    async ValueTask ReceiveAsync()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        if (_end == _received.Length) Array.Resize(ref _received, 2 * _end);
        var count = await _socket.ReceiveAsync(_received.AsMemory(_end));
        if (count == 0) throw new HarnessException($"The server ended the connection of {_name}.");
        _end += count;
    }
}
