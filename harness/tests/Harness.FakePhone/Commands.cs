using System.Buffers.Binary;
using System.Diagnostics;

namespace Harness.FakePhone;

/// <summary>The services of the phone: <c>shell,v2,raw:</c> and <c>sync:</c>.</summary>
sealed class Commands : IDisposable
{
    public const string Model = "Fake Phone";

    const string Shell = "shell,v2,raw:";
    const string Emulator = "qemu-aarch64-static";
    const ushort Arm64 = 183;

    readonly DirectoryInfo storage;
    readonly string programs;
    readonly SyncService files;

    public Commands(DirectoryInfo storage)
    {
        this.storage = storage;
        storage.Create();
        Directory.CreateDirectory(Folder);
        programs = Path.Combine(storage.FullName, "system", "bin");
        PhoneSystem.Install(storage, programs);
        files = new(storage);
    }

    public string Folder => Path.Combine(storage.FullName, "data", "local", "tmp", "harness");

    public long TakenBytes => files.TakenBytes;

    public bool Knows(string service) => service == "sync:" || service.StartsWith(Shell, StringComparison.Ordinal);

    public Task ServeAsync(string service, ServiceStream stream) =>
        service == "sync:" ? files.ServeAsync(stream) : RunAsync(service[Shell.Length..], stream);

    public void Dispose() => files.Dispose();

    async Task RunAsync(string command, ServiceStream stream)
    {
        // As adbd does, so that the number of the shell names everything that it starts.
        using var process = Process.Start(new ProcessStartInfo("setsid", ["--", "/bin/sh", "-c", Emulated(Mapped(command))])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            WorkingDirectory = storage.FullName,
            Environment = { ["PATH"] = $"{programs}:{Environment.GetEnvironmentVariable("PATH")}" },
        })!;
        using var hungUp = stream.Gone.Register(() => HangUp(process));
        using var writing = new SemaphoreSlim(1);
        var input = FeedAsync(process, stream);
        await Task.WhenAll(PassAsync(process.StandardOutput.BaseStream, 1), PassAsync(process.StandardError.BaseStream, 2));
        await process.WaitForExitAsync();
        await SendAsync(3, new[] { (byte)process.ExitCode });

        async Task PassAsync(Stream source, byte kind)
        {
            var block = new byte[32 * 1024];
            while (await source.ReadAsync(block) is var read and > 0) await SendAsync(kind, block.AsMemory(0, read));
        }

        async Task SendAsync(byte kind, ReadOnlyMemory<byte> content)
        {
            var packet = new byte[5 + content.Length];
            packet[0] = kind;
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(1), content.Length);
            content.CopyTo(packet.AsMemory(5));
            await writing.WaitAsync();
            try { await stream.WriteAsync(packet); }
            finally { writing.Release(); }
        }
    }

    static async Task FeedAsync(Process process, ServiceStream stream)
    {
        var header = new byte[5];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(header);
                var content = new byte[BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(1))];
                await stream.ReadExactlyAsync(content);
                if (header[0] == 4) process.StandardInput.Close();
                if (header[0] != 0) continue;
                await process.StandardInput.BaseStream.WriteAsync(content);
                await process.StandardInput.BaseStream.FlushAsync();
            }
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException or OperationCanceledException) { return; }
    }

    // adbd closes the pipes and sends SIGHUP to the session of a command whose stream is closed.
    static void HangUp(Process process)
    {
        try { Process.Start("/bin/sh", ["-c", $"kill -HUP -{process.Id} 2>/dev/null"])?.Dispose(); }
        catch (InvalidOperationException) { return; }
    }

    string Mapped(string command) => command.Replace("/sys/devices/", $"{storage.FullName}/sys/devices/");

    // This machine's processor does not run the phone's programs.
    string Emulated(string command)
    {
        const string Execute = "exec ";
        var start = command.IndexOf(Execute, StringComparison.Ordinal);
        if (start < 0) return command;
        var path = command[(start + Execute.Length)..].Split(' ')[0];
        return IsForArm(path) ? command.Insert(start + Execute.Length, $"{Emulator} ") : command;
    }

    static bool IsForArm(string path)
    {
        if (!File.Exists(path)) return false;
        using var file = File.OpenRead(path);
        var header = new byte[20];
        return file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length
            && header.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(18)) == Arm64;
    }
}
