using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harness.Queue.Coordinating;
using Harness.Queue.Protocol;

namespace Harness.Queue.Local;

/// <summary>
/// Carries requests to a coordinator over a socket that only its own user may open, without a broker. Who asks proves it: every connection
/// begins with a challenge, and the caller signs it with the key of the device, of the operator, or of a token.
/// </summary>
public sealed class LocalGate : IAsyncDisposable
{
    const int MostAtOnce = 16, ChallengeBytes = 32;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    /// <summary>What a path of a socket may be long on Linux, without its end.</summary>
    const int LongestPath = 107;

    readonly FileInfo _file;
    readonly Coordinator _coordinator;
    readonly string _operatorKey;
    readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly CancellationTokenSource _ended = new();
    readonly ConcurrentDictionary<Task, bool> _connections = new();
    readonly Task _accepting;

    /// <param name="operatorKey">Public key of those who steer the fleet.</param>
    /// <exception cref="HarnessException">The path is too long, or another coordinator listens there.</exception>
    public LocalGate(FileInfo file, Coordinator coordinator, string operatorKey)
    {
        (_file, _coordinator, _operatorKey) = (file, coordinator, operatorKey);
        if (System.Text.Encoding.UTF8.GetByteCount(file.FullName) > LongestPath)
            throw new HarnessException($"The path '{file.FullName}' is longer than a socket's may be ({LongestPath} bytes).");
        if (file.Exists && Answers(file))
            throw new HarnessException($"Another coordinator listens at '{file.FullName}'; end it first, or choose another folder.");
        file.Delete();
        _socket.Bind(new UnixDomainSocketEndPoint(file.FullName));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file.FullName, OwnerOnly);
        _socket.Listen();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _file.Delete();
        _ended.Dispose();
    }

    static bool Answers(FileInfo file)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(file.FullName));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = ServeAsync(await _socket.AcceptAsync(_ended.Token));
                _connections[connection] = true;
                _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out _), TaskScheduler.Default);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    async Task ServeAsync(Socket plug)
    {
        await using var stream = new NetworkStream(plug, ownsSocket: true);
        LocalClaim? claim = null;
        try
        {
            claim = await ProvenOrNullAsync(stream);
            if (claim is not null) await AnswerAllAsync(stream, claim);
        }
        catch (RefusedException refused)
        {
            _coordinator.Refused(claim?.Name ?? "somebody", "message", refused.Refusal, refused.Message);
        }
        catch (Exception end) when (end is IOException or OperationCanceledException) { }
    }

    async Task<LocalClaim?> ProvenOrNullAsync(NetworkStream stream)
    {
        var challenge = RandomNumberGenerator.GetBytes(ChallengeBytes);
        await LocalMessage.WriteAsync(stream, new(0, "", challenge), _ended.Token);
        if (await LocalMessage.ReadOrNullAsync(stream, _ended.Token) is not { } message) return null;
        var claim = ClaimOf(message);
        if (KeyOrNull(claim) is not { } key
            || !_coordinator.Parts.Signatures(key, LocalClaim.Statement(claim.Caller, claim.Name, challenge), claim.Signature))
            throw new RefusedException(Refusal.NotEnrolled,
                $"{claim.Caller} '{RefusedException.Shown(claim.Name)}' did not prove that it holds a key of the fleet.");
        await LocalMessage.WriteAsync(stream, new(0, "", default), _ended.Token);
        return claim;
    }

    static LocalClaim ClaimOf(LocalMessage message) =>
        Frame.Read<LocalClaim>(message.Content) is { Name: not null, Signature: not null } claim ? claim
            : throw new RefusedException(Refusal.Malformed, "The claim lacks a name or a signature.");

    string? KeyOrNull(LocalClaim claim) => claim.Caller switch
    {
        LocalCaller.Operator => _operatorKey,
        LocalCaller.Token => _coordinator.Parts.Devices.TokensLetIn.FirstOrDefault(token => token.Hash == claim.Name)?.PublicKey,
        _ => _coordinator.Parts.Devices.FindOrNull(claim.Name) is { Revoked: false } device ? device.PublicKey : null,
    };

    async Task AnswerAllAsync(NetworkStream stream, LocalClaim claim)
    {
        using SemaphoreSlim writing = new(1, 1), room = new(MostAtOnce, MostAtOnce);
        try
        {
            while (await LocalMessage.ReadOrNullAsync(stream, _ended.Token) is { } message)
            {
                await room.WaitAsync(_ended.Token);
                _ = Task.Run(async () =>
                {
                    try { await AnswerAsync(stream, claim, message, writing); }
                    finally { room.Release(); }
                }, CancellationToken.None);
            }
        }
        finally
        {
            // Those that are being answered use both.
            for (var slot = 0; slot < MostAtOnce; slot++) await room.WaitAsync(CancellationToken.None);
        }
    }

    async Task AnswerAsync(NetworkStream stream, LocalClaim claim, LocalMessage message, SemaphoreSlim writing)
    {
        var answer = await (claim.Caller switch
        {
            LocalCaller.Device => _coordinator.AskedByDeviceAsync(claim.Name, message.Verb, message.Content, _ended.Token),
            LocalCaller.Operator => _coordinator.AskedByOperatorAsync(message.Verb, message.Content, _ended.Token),
            _ => _coordinator.AskedByTokenAsync(claim.Name, message.Content, _ended.Token),
        });
        await writing.WaitAsync(CancellationToken.None);
        try
        {
            await LocalMessage.WriteAsync(stream, new(message.Number, "", answer), _ended.Token);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException) { }
        finally
        {
            writing.Release();
        }
        if (claim.Caller == LocalCaller.Token) _coordinator.Parts.Devices.Answered(claim.Name);
    }
}
