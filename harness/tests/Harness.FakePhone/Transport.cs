using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Harness.FakePhone;

/// <summary>
/// One connection of adbd's protocol: messages of six little-endian words (command, two arguments, length, sum, complement of the
/// command) and a payload. Streams are opened by OPEN, answered by OKAY, carried by WRTE, each answered by OKAY, and closed by CLSE.
/// </summary>
sealed class Transport(Socket socket, Phone phone)
{
    const uint Connect = 0x4e584e43, Open = 0x4e45504f, Okay = 0x59414b4f, Close = 0x45534c43, Write = 0x45545257;
    const uint Version = 0x01000001;
    const int MaximumPayload = 256 * 1024;
    const int HeaderBytes = 24;

    readonly NetworkStream stream = new(socket, ownsSocket: true);
    readonly SemaphoreSlim writing = new(1);
    readonly ConcurrentDictionary<uint, ServiceStream> streams = new();
    uint last;

    public async Task ServeAsync()
    {
        var header = new byte[HeaderBytes];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header);
                var words = Enumerable.Range(0, 6).Select(index => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4 * index)))
                    .ToArray();
                if (words[5] != ~words[0] || words[3] > 4 * MaximumPayload) return;
                var payload = new byte[words[3]];
                await stream.ReadExactlyAsync(payload);
                await TakeAsync(words[0], words[1], words[2], payload);
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException) { return; }
        finally { Drop(); }
    }

    public void Drop()
    {
        stream.Dispose();
        foreach (var service in streams.Values) service.HangUp();
        streams.Clear();
    }

    async Task TakeAsync(uint command, uint theirs, uint ours, byte[] payload)
    {
        switch (command)
        {
            case Connect:
                await SendAsync(Connect, Version, MaximumPayload, Encoding.UTF8.GetBytes(
                    $"device::ro.product.name=fake;ro.product.model={Commands.Model};ro.product.device=fake;features={phone.Features}"));
                break;
            case Open:
                await OpenAsync(theirs, Encoding.UTF8.GetString(payload).TrimEnd('\0'));
                break;
            case Write when streams.TryGetValue(ours, out var service):
                // The acknowledgement asks for more, so it waits until the service has taken this.
                await service.TakeAsync(payload, () => SendAsync(Okay, ours, theirs, default));
                break;
            case Okay when streams.TryGetValue(ours, out var service):
                service.Acknowledge();
                break;
            case Close when streams.TryRemove(ours, out var service):
                service.HangUp();
                break;
        }
    }

    async Task OpenAsync(uint theirs, string name)
    {
        phone.Note(name);
        if (!phone.Commands.Knows(name))
        {
            await SendAsync(Close, 0, theirs, default);
            return;
        }
        var ours = ++last;
        var service = new ServiceStream(MaximumPayload, payload => SendAsync(Write, ours, theirs, payload));
        streams[ours] = service;
        await SendAsync(Okay, ours, theirs, default);
        _ = RunAsync();

        async Task RunAsync()
        {
            try { await Task.Run(() => phone.Commands.ServeAsync(name, service)); }
            catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException) { service.HangUp(); }
            if (!streams.TryRemove(ours, out _)) return;
            try { await SendAsync(Close, ours, theirs, default); }
            catch (Exception end) when (end is IOException or ObjectDisposedException) { return; }
        }
    }

    async Task SendAsync(uint command, uint first, uint second, ReadOnlyMemory<byte> payload)
    {
        var message = new byte[HeaderBytes + payload.Length];
        var sum = (uint)payload.ToArray().Sum(value => (long)value);
        uint[] words = [command, first, second, (uint)payload.Length, sum, ~command];
        for (var index = 0; index < words.Length; index++)
            BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4 * index), words[index]);
        payload.CopyTo(message.AsMemory(HeaderBytes));
        await writing.WaitAsync();
        try { await stream.WriteAsync(message); }
        finally { writing.Release(); }
    }
}
