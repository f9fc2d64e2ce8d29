using System.Collections.Concurrent;
using System.Net.Sockets;
using Harness.Queue.Protocol;

namespace Harness.Queue.Local;

/// <summary>A link to a coordinator of this machine over its socket, without a broker between. It connects when it is asked to.</summary>
/// <param name="name">Of the device, or the hash of the token; an operator has none.</param>
public sealed class LocalFleetLink(FileInfo socket, LocalCaller caller, string name, IDeviceKey key) : IFleetLink
{
    readonly SemaphoreSlim _gate = new(1, 1);
    Connection? _connection;
    int _number;

    public async ValueTask<ReadOnlyMemory<byte>> AskAsync(string verb, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        if (request.Length > Frame.MaximumBytes)
            throw new RefusedException(Refusal.Oversized, $"A message of {request.Length} bytes is above the limit.");
        var connection = await ConnectedAsync(cancellation);
        try
        {
            return await connection.AskAsync(new(Interlocked.Increment(ref _number), verb, request), _gate, cancellation);
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException)
        {
            throw new LinkDownException($"The connection broke: {broken.Message}", broken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _gate.Dispose();
    }

    async ValueTask<Connection> ConnectedAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        try
        {
            if (_connection is { Broken: false } open) return open;
            if (_connection is not null) await _connection.DisposeAsync();
            return _connection = await OpenAsync(cancellation);
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            throw new LinkDownException($"No coordinator listens at '{socket.FullName}': {broken.Message}", broken);
        }
        finally
        {
            _gate.Release();
        }
    }

    async Task<Connection> OpenAsync(CancellationToken cancellation)
    {
        var stream = await StreamAsync(cancellation);
        try
        {
            var challenge = await LocalMessage.ReadOrNullAsync(stream, cancellation) ?? throw new IOException("It closed at once.");
            var signature = key.Sign(LocalClaim.Statement(caller, name, challenge.Content.Span));
            await LocalMessage.WriteAsync(stream, new(0, "", Frame.Write(new LocalClaim(caller, name, signature))), cancellation);
            if (await LocalMessage.ReadOrNullAsync(stream, cancellation) is null) throw new IOException("It refused the key.");
            return new(stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    async Task<NetworkStream> StreamAsync(CancellationToken cancellation)
    {
        var plug = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await plug.ConnectAsync(new UnixDomainSocketEndPoint(socket.FullName), cancellation);
            return new(plug, ownsSocket: true);
        }
        catch
        {
            plug.Dispose();
            throw;
        }
    }

    sealed class Connection : IAsyncDisposable
    {
        readonly NetworkStream _stream;
        readonly ConcurrentDictionary<int, TaskCompletionSource<ReadOnlyMemory<byte>>> _open = new();
        readonly Task _reading;

        public Connection(NetworkStream stream)
        {
            _stream = stream;
            _reading = ReadAsync();
        }

        public bool Broken { get; private set; }

        public async Task<ReadOnlyMemory<byte>> AskAsync(LocalMessage message, SemaphoreSlim writing, CancellationToken cancellation)
        {
            var answer = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
            _open[message.Number] = answer;
            try
            {
                await writing.WaitAsync(cancellation);
                // A message that is begun is written whole: half of one would be read as the head of the next.
                try { await LocalMessage.WriteAsync(_stream, message, CancellationToken.None); }
                finally { writing.Release(); }
                if (Broken) throw new IOException("The coordinator has closed it.");
                return await answer.Task.WaitAsync(cancellation);
            }
            finally
            {
                _open.TryRemove(message.Number, out _);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stream.DisposeAsync();
            await _reading;
        }

        async Task ReadAsync()
        {
            var why = new IOException("The coordinator has closed it.");
            try
            {
                while (await LocalMessage.ReadOrNullAsync(_stream, CancellationToken.None) is { } message)
                    if (_open.TryRemove(message.Number, out var answer)) answer.TrySetResult(message.Content);
            }
            catch (Exception broken) when (broken is IOException or ObjectDisposedException or RefusedException)
            {
                why = new IOException(broken.Message, broken);
            }
            Broken = true;
            foreach (var answer in _open.Values) answer.TrySetException(why);
        }
    }
}
