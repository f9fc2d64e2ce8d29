using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Harness.Queue.Coordinating;

/// <summary>Serves <c>GET /metrics</c> on a loopback port, for a Prometheus beside the coordinator.</summary>
public sealed class MetricsEndpoint : IAsyncDisposable
{
    readonly HttpListener _listener = new();
    readonly Coordinator _coordinator;
    readonly Task _serving;

    /// <exception cref="HarnessException">The port is taken.</exception>
    public MetricsEndpoint(Coordinator coordinator, int port)
    {
        _coordinator = coordinator;
        Url = $"http://127.0.0.1:{port}/metrics";
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        try
        {
            _listener.Start();
        }
        catch (HttpListenerException taken)
        {
            throw new HarnessException($"The metrics cannot be served at {Url}: {taken.Message}. Choose another --metrics port.", taken);
        }
        _serving = ServeAsync();
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try { context = await _listener.GetContextAsync(); }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException) { return; }
            await AnswerAsync(context);
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types",
        Justification = "A question that cannot be answered ends none of the next.")]
    async Task AnswerAsync(HttpListenerContext context)
    {
        var response = context.Response;
        try
        {
            var parts = _coordinator.Parts;
            var found = context.Request is { HttpMethod: "GET", Url.AbsolutePath: "/metrics" };
            var text = found ? MetricsText.Of(parts.Devices.Statuses, await parts.Ledger.DepthsAsync(CancellationToken.None),
                parts.Journal.Counts)
                : "There is GET /metrics and nothing else.\n";
            (response.StatusCode, response.ContentType) = (found ? 200 : 404, found ? MetricsText.ContentType : "text/plain");
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text));
            response.Close();
        }
        catch (Exception failure)
        {
            _coordinator.Refused("coordinator", "metrics", Protocol.Refusal.Unavailable, failure.Message);
            response.Abort();
        }
    }
}
