using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Harness.Results.Storage;

/// <summary>File operations that have reached the disk when they return. A folder's own entry needs its parent to be synced too.</summary>
static class Durable
{
    /// <summary>Writes a new file and waits until its content is on the disk.</summary>
    public static async Task CreateAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using (stream)
        {
            await stream.WriteAsync(content, cancellation);
            stream.Flush(flushToDisk: true);
        }
    }

    /// <summary>
    /// Waits until files and folders are on the disk, all at once: a file system journals them together, so that six take the time
    /// of one. One thread each, because the calls block.
    /// </summary>
    public static void SyncAll(IReadOnlyList<string> paths)
    {
        var failures = new Exception?[paths.Count];
        var threads = paths.Select((path, index) => new Thread(() => failures[index] = SyncOrFailure(path))).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        if (Array.Find(failures, failure => failure is not null) is { } first) throw first;
    }

    /// <summary>Replaces a file as a whole: readers see the old content or the new one.</summary>
    public static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var draft = path + ".new";
        File.Delete(draft);
        await CreateAsync(draft, content, cancellation);
        File.Move(draft, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Creates a folder with the parents it lacks; each new entry is on the disk.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = Path.GetDirectoryName(Path.GetFullPath(path));
        if (parent is not null) CreateFolder(parent);
        Directory.CreateDirectory(path);
        if (parent is not null) SyncFolder(parent);
    }

    /// <summary>Flushes the list of names of a folder. Windows has no such call and journals names itself.</summary>
    public static void SyncFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Open(path, 0);
        if (folder < 0) throw Failed(path);
        var outcome = Sync(folder);
        var failure = Failed(path);
        _ = Close(folder);
        if (outcome < 0) throw failure;
    }

    static Exception? SyncOrFailure(string path)
    {
        try
        {
            if (Directory.Exists(path)) SyncFolder(path);
            else
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
                file.Flush(flushToDisk: true);
            }
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }

    static IOException Failed(string path)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"Cannot flush the folder '{path}': {new Win32Exception(code).Message}.", code);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Sync(int file);

    [DllImport("libc", EntryPoint = "close", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Close(int file);
}
