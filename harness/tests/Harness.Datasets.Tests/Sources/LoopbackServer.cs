using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Harness.Datasets.Tests.Sources;

/// <summary>A web server on this machine that answers as a test scripts it, over real sockets: it can break off, stall, and lie.</summary>
sealed class LoopbackServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentQueue<string?> _ranges = new();
    readonly Func<Exchange, Task> _answer;
    readonly Task _serving;

    public LoopbackServer(Func<Exchange, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>The Range header of every request so far, null where there was none.</summary>
    public IReadOnlyList<string?> Ranges => [.. _ranges];

    public string Url(string path) => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    async Task ServeAsync()
    {
        var exchanges = new List<Task>();
        try
        {
            while (true) exchanges.Add(ExchangeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(exchanges);
        }
    }

    async Task ExchangeAsync(TcpClient client)
    {
        using (client)
            try
            {
                var stream = client.GetStream();
                var range = await RangeAsync(stream);
                _ranges.Enqueue(range);
                await _answer(new(stream, range, _ranges.Count, _stop.Token));
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                // the client or the test went away
            }
    }

    async Task<string?> RangeAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string? range = null;
        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase)) range = line["Range: bytes=".Length..];
        return range;
    }
}

/// <summary>One request and the means to answer it.</summary>
/// <param name="Number">Counts requests from 1.</param>
sealed record Exchange(NetworkStream Stream, string? Range, int Number, CancellationToken Cancellation)
{
    /// <summary>Where the client wants to go on.</summary>
    public int From => Range is null ? 0 : int.Parse(Range.TrimEnd('-'), CultureInfo.InvariantCulture);

    /// <summary>Answers as an honest server does, with the part that was asked for.</summary>
    public Task FileAsync(byte[] content) => From >= content.Length && Range is not null
        ? HeadAsync("416 Range Not Satisfiable", 0, $"Content-Range: bytes */{content.Length}\r\n")
        : PartAsync(content, content.Length);

    /// <summary>Sends the content up to <paramref name="end"/> and then closes the connection, though more was promised.</summary>
    public async Task PartAsync(byte[] content, int end)
    {
        var range = $"Content-Range: bytes {From}-{content.Length - 1}/{content.Length}\r\n";
        if (Range is null) await HeadAsync("200 OK", content.Length);
        else await HeadAsync("206 Partial Content", content.Length - From, range);
        await BodyAsync(content[From..end]);
    }

    public async Task HeadAsync(string status, long length, string more = "") => await Stream.WriteAsync(
        Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{more}\r\n"), Cancellation);

    public async Task BodyAsync(byte[] bytes) => await Stream.WriteAsync(bytes, Cancellation);

    /// <summary>Says nothing more, and keeps the connection.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, Cancellation);
}
