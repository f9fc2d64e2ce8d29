using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Harness.Queue.Nats.Keys;
using Harness.Queue.Nats.Serving;

namespace Harness.Queue.Tests.Fleet;

/// <summary>A client of a few lines that keeps to no limits, for what a library would not send.</summary>
sealed class RawClient : IDisposable
{
    readonly TcpClient _client;
    readonly SslStream _stream;

    RawClient(TcpClient client, SslStream stream) => (_client, _stream) = (client, stream);

    public static async Task<RawClient> ConnectAsync(FleetAddress address, DeviceKey key, CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(address.Url).Port, cancellation);
        var information = new byte[8192];
        var length = await client.GetStream().ReadAsync(information, cancellation);
        var nonce = JsonDocument.Parse(Encoding.UTF8.GetString(information, 0,
            length)["INFO ".Length..]).RootElement.GetProperty("nonce").GetString()!;
        var stream = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await stream.AuthenticateAsClientAsync("127.0.0.1");
        var signature = key.Sign(Encoding.ASCII.GetBytes(nonce)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var raw = new RawClient(client, stream);
        var connect = new { verbose = false, pedantic = false, tls_required = true, protocol = 1, nkey = key.Public, sig = signature };
        await raw.SendAsync($"CONNECT {JsonSerializer.Serialize(connect)}\r\nPING\r\n", cancellation);
        return raw;
    }

    public ValueTask SendAsync(string text, CancellationToken cancellation) =>
        _stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);

    /// <summary>Everything the server says until it hangs up.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancellation)
    {
        using var reader = new StreamReader(_stream, Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellation);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
