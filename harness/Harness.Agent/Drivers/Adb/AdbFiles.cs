using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Harness.Agent.Drivers.Far;

namespace Harness.Agent.Drivers.Adb;

/// <summary>
/// Files of a device over the service <c>sync:</c>: four letters, a little-endian length, and as many bytes.
/// </summary>
sealed class AdbFiles(AdbServer server, string serial)
{
    const int BlockBytes = 64 * 1024;
    const int HeaderBytes = 8;
    const int Executable = 0x1ED;

    /// <summary>Fetches a file and checks it against the hash that the device computes.</summary>
    /// <exception cref="HarnessException">There is none, or what came is not what the device holds.</exception>
    public async Task PullAsync(string path, FileInfo file, CancellationToken cancellation)
    {
        var hash = await new AdbShell(server, serial).HashOrNullAsync(path, cancellation)
            ?? throw new HarnessException($"The device has no file {path} to fetch.");
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var target = file.Create())
        await using (var stream = await server.OpenAsync(serial, "sync:", cancellation))
        {
            var name = Encoding.UTF8.GetBytes(path);
            await stream.WriteAsync(Packet("RECV", name.Length, name), cancellation);
            while (await BlockOrNullAsync(stream, path, cancellation) is { } block)
            {
                sum.AppendData(block);
                await target.WriteAsync(block, cancellation);
            }
        }
        if (Convert.ToHexStringLower(sum.GetHashAndReset()) is var arrived && arrived != hash)
            throw new HarnessException($"{path} came as {arrived}, the device holds {hash}: fetch it again, or check the cable.");
    }

    /// <summary>Sends a file over whatever is there.</summary>
    /// <exception cref="HarnessException">The device refuses it.</exception>
    public async Task SendAsync(FileInfo file, string path, CancellationToken cancellation)
    {
        await using var content = file.OpenRead();
        await SendAsync(content, path, cancellation);
    }

    async Task SendAsync(FileStream content, string path, CancellationToken cancellation)
    {
        await using var stream = await server.OpenAsync(serial, "sync:", cancellation);
        var target = Encoding.UTF8.GetBytes($"{path},{Executable | 0x8000}");
        await stream.WriteAsync(Packet("SEND", target.Length, target), cancellation);
        var block = new byte[BlockBytes];
        try
        {
            while (await content.ReadAsync(block, cancellation) is var read and > 0)
                await stream.WriteAsync(Packet("DATA", read, block.AsSpan(0, read)), cancellation);
            await stream.WriteAsync(Packet("DONE", (int)new DateTimeOffset(File.GetLastWriteTimeUtc(content.Name)).ToUnixTimeSeconds(), []),
                cancellation);
        }
        catch (IOException) { /* A device that refuses closes its end first; the reason is still to be read. */ }
        var (word, length) = await HeaderAsync(stream, path, cancellation);
        if (word != "OKAY") throw await RefusalAsync(stream, word, length, path, cancellation);
    }

    static async Task<byte[]?> BlockOrNullAsync(Stream stream, string path, CancellationToken cancellation)
    {
        var (word, length) = await HeaderAsync(stream, path, cancellation);
        if (word == "DONE") return null;
        if (word != "DATA" || length > BlockBytes) throw await RefusalAsync(stream, word, length, path, cancellation);
        var block = new byte[length];
        await stream.ReadExactlyAsync(block, cancellation);
        return block;
    }

    static async Task<HarnessException> RefusalAsync(Stream stream, string word, int length, string path, CancellationToken cancellation)
    {
        if (word != "FAIL") return new($"The device answered '{word}' about {path}, allowed are OKAY, DATA, DONE and FAIL.");
        var text = new byte[Math.Clamp(length, 0, BlockBytes)];
        await stream.ReadExactlyAsync(text, cancellation);
        return new($"The device refuses {path}: {Encoding.UTF8.GetString(text)}.");
    }

    static async Task<(string Word, int Length)> HeaderAsync(Stream stream, string path, CancellationToken cancellation)
    {
        try
        {
            var header = new byte[HeaderBytes];
            await stream.ReadExactlyAsync(header, cancellation);
            return (Encoding.ASCII.GetString(header, 0, 4), BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)));
        }
        catch (IOException error)
        {
            throw new HarnessException($"The device broke off while {path} was under way: {error.Message}", error);
        }
    }

    static byte[] Packet(string word, int length, ReadOnlySpan<byte> content)
    {
        var packet = new byte[HeaderBytes + content.Length];
        Encoding.ASCII.GetBytes(word, packet);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(4), length);
        content.CopyTo(packet.AsSpan(HeaderBytes));
        return packet;
    }
}
