using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Harness.Agent.Drivers.Adb;

/// <summary>A device as the adb server lists it. <paramref name="State"/> is <c>device</c> for one that takes commands.</summary>
sealed record AdbEntry(string Serial, string State);

/// <summary>
/// Speaks to an adb server through its smart socket: a request is four hexadecimal digits of length and a service, the answer is
/// <c>OKAY</c>, or <c>FAIL</c> with a text of the same form. After a service of a device, the socket belongs to that service.
/// </summary>
/// <param name="host">Name or address of the machine that runs the server.</param>
/// <param name="port">5037 unless the server was told otherwise.</param>
sealed class AdbServer(string host, int port)
{
    const int LengthDigits = 4;

    /// <summary>The version of the server's protocol, 41 since 2018.</summary>
    /// <exception cref="HarnessException">No adb server answers.</exception>
    public async Task<int> VersionAsync(CancellationToken cancellation) =>
        int.Parse(await AskAsync("host:version", cancellation), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public async Task<IReadOnlyList<AdbEntry>> DevicesAsync(CancellationToken cancellation) =>
        [.. (await AskAsync("host:devices-l", cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts.Length > 1)
            .Select(parts => new AdbEntry(parts[0], parts[1]))];

    /// <summary>Tells the server of a device in the network.</summary>
    /// <param name="address">Host and port, e.g. <c>192.0.2.7:5555</c>.</param>
    /// <exception cref="HarnessException">The server cannot reach it.</exception>
    public async Task ConnectAsync(string address, CancellationToken cancellation)
    {
        var answer = await AskAsync($"host:connect:{address}", cancellation);
        string[] connected = ["connected to", "already connected"];
        if (!connected.Any(words => answer.StartsWith(words, StringComparison.Ordinal)))
            throw new HarnessException($"The adb server cannot connect to {address}: {answer.Trim()}.");
    }

    /// <summary>Features that both the server and a device have, such as <c>shell_v2</c>.</summary>
    public async Task<IReadOnlyList<string>> FeaturesAsync(string serial, CancellationToken cancellation) =>
        (await AskAsync($"host-serial:{serial}:features", cancellation)).Split(',');

    /// <summary>Opens a service of a device, such as <c>sync:</c>.</summary>
    /// <exception cref="HarnessException">There is no such device, it takes no commands, or it refuses the service.</exception>
    public async Task<NetworkStream> OpenAsync(string serial, string service, CancellationToken cancellation)
    {
        var stream = await DialAsync(cancellation);
        try
        {
            await RequestAsync(stream, $"host:transport:{serial}", cancellation);
            await RequestAsync(stream, service, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    async Task<string> AskAsync(string service, CancellationToken cancellation)
    {
        await using var stream = await DialAsync(cancellation);
        await RequestAsync(stream, service, cancellation);
        return await TextAsync(stream, cancellation);
    }

    async Task<NetworkStream> DialAsync(CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new HarnessException($"No adb server answers at {host}:{port} ({error.Message}); start one with `adb start-server`.",
                error);
        }
    }

    static async Task RequestAsync(NetworkStream stream, string service, CancellationToken cancellation)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(service);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(bytes.Length.ToString("x4", CultureInfo.InvariantCulture)), cancellation);
            await stream.WriteAsync(bytes, cancellation);
            var answer = new byte[LengthDigits];
            await stream.ReadExactlyAsync(answer, cancellation);
            if (Encoding.ASCII.GetString(answer) is var word && word != "OKAY")
                throw new HarnessException($"adb refuses '{service}': {(word == "FAIL" ? await TextAsync(stream, cancellation) : word)}.");
        }
        catch (IOException error)
        {
            throw new HarnessException($"The adb server closed the connection at '{service}': {error.Message}", error);
        }
    }

    static async Task<string> TextAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var digits = new byte[LengthDigits];
        await stream.ReadExactlyAsync(digits, cancellation);
        var text = new byte[int.Parse(Encoding.ASCII.GetString(digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(text, cancellation);
        return Encoding.UTF8.GetString(text);
    }
}
