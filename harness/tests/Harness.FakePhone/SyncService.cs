using System.Buffers.Binary;
using System.Text;

namespace Harness.FakePhone;

/// <summary>The service <c>sync:</c>, first version: STAT, SEND, RECV and QUIT.</summary>
sealed class SyncService(DirectoryInfo storage) : IDisposable
{
    const int BlockBytes = 64 * 1024;
    const int RegularFile = 0x81A4;

    readonly SemaphoreSlim taking = new(1);
    long takenBytes;

    public long TakenBytes => Interlocked.Read(ref takenBytes);

    public async Task ServeAsync(ServiceStream stream)
    {
        while (true)
        {
            var (word, length) = await HeaderAsync(stream);
            if (word == "QUIT") return;
            var name = new byte[length];
            await stream.ReadExactlyAsync(name);
            var path = Encoding.UTF8.GetString(name);
            switch (word)
            {
                case "STAT": await stream.WriteAsync(Status(path)); break;
                case "SEND": await TakeAsync(stream, path[..path.LastIndexOf(',')]); break;
                case "RECV": await GiveAsync(stream, path); break;
                default: await FailAsync(stream, $"unknown command {word}"); return;
            }
        }
    }

    public void Dispose() => taking.Dispose();

    static byte[] Status(string path)
    {
        var file = new FileInfo(path);
        return Packet("STAT", file.Exists ? RegularFile : 0, file.Exists ? (int)file.Length : 0, 0);
    }

    async Task TakeAsync(ServiceStream stream, string path)
    {
        var allowed = Path.GetFullPath(path).StartsWith(storage.FullName + "/", StringComparison.Ordinal);
        await taking.WaitAsync(stream.Gone);
        try
        {
            await using Stream target = allowed ? File.Create(path) : Stream.Null;
            while (await HeaderAsync(stream) is { Word: "DATA" } header)
            {
                var block = new byte[header.Length];
                await stream.ReadExactlyAsync(block);
                await target.WriteAsync(block);
                Interlocked.Add(ref takenBytes, block.Length);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            await FailAsync(stream, $"couldn't create file: {error.Message}");
            return;
        }
        finally { taking.Release(); }
        if (allowed) await stream.WriteAsync(Packet("OKAY", 0));
        else await FailAsync(stream, "couldn't create file: Permission denied");
    }

    static async Task GiveAsync(ServiceStream stream, string path)
    {
        if (!File.Exists(path))
        {
            await FailAsync(stream, "open failed: No such file or directory");
            return;
        }
        await using var source = File.OpenRead(path);
        var block = new byte[BlockBytes];
        while (await source.ReadAsync(block) is var read and > 0)
            await stream.WriteAsync((byte[])[.. Packet("DATA", read), .. block[..read]]);
        await stream.WriteAsync(Packet("DONE", 0));
    }

    static Task FailAsync(ServiceStream stream, string reason)
    {
        var text = Encoding.UTF8.GetBytes(reason);
        return stream.WriteAsync((byte[])[.. Packet("FAIL", text.Length), .. text]);
    }

    static async Task<(string Word, int Length)> HeaderAsync(ServiceStream stream)
    {
        var header = new byte[8];
        await stream.ReadExactlyAsync(header);
        return (Encoding.ASCII.GetString(header, 0, 4), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)));
    }

    static byte[] Packet(string word, params int[] values)
    {
        var packet = new byte[4 + (4 * values.Length)];
        Encoding.ASCII.GetBytes(word, packet);
        for (var index = 0; index < values.Length; index++)
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(4 + (4 * index)), values[index]);
        return packet;
    }
}
