using System.Text;
using System.Text.Json;

namespace Harness.Results.Storage;

/// <summary>Who writes into a store.</summary>
public sealed record Writer(int ProcessId, string Host, DateTimeOffset Since);

/// <summary>
/// One writer per store, by an operating-system lock on <c>.lock</c> that ends with its process however the process ends.
/// Who holds it stands in <c>.incoming/writer.json</c>, because a locked file cannot be read everywhere.
/// </summary>
sealed class WriterLock : IDisposable
{
    public const string OwnerFile = "writer.json";
    readonly FileStream _held;
    readonly string _owner;

    WriterLock(FileStream held, string owner) => (_held, _owner) = (held, owner);

    /// <exception cref="ResultsLockedException">Another writer holds the lock; the message names it.</exception>
    public static WriterLock Take(string folder, TimeProvider time)
    {
        var path = Path.Combine(folder, ".lock");
        var owner = Path.Combine(folder, StoreFolder.Incoming, OwnerFile);
        FileStream held;
        try
        {
            held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new ResultsLockedException(
                $"The result store '{folder}' is being written by {Holder(owner)}. One coordinator writes at a time: wait for it or stop " +
                "it, or give --results another folder. Reading needs no lock.", error);
        }
        Durable.CreateFolder(Path.GetDirectoryName(owner)!);
        var writer = new Writer(Environment.ProcessId, Environment.MachineName, time.GetUtcNow());
        File.WriteAllText(owner, CanonicalJson.Write(writer) + "\n", new UTF8Encoding(false));
        return new(held, owner);
    }

    static string Holder(string owner)
    {
        try
        {
            var writer = JsonSerializer.Deserialize<Writer>(File.ReadAllText(owner), CanonicalJson.Options)!;
            return $"process {writer.ProcessId} on {writer.Host}, since {writer.Since:yyyy-MM-dd HH:mm:ss}Z";
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return "another process (its name could not be read)";
        }
    }

    public void Dispose()
    {
        File.Delete(_owner);
        _held.Dispose();
    }
}
