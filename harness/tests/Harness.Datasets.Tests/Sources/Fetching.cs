using System.IO.Compression;
using System.Security.Cryptography;
using Harness.Datasets.Sources;
using Harness.Testing;

namespace Harness.Datasets.Tests.Sources;

/// <summary>A cache and a data folder of their own, a file to fetch, and a clock that passes whenever someone waits.</summary>
sealed class Fetching : IDisposable
{
    readonly TemporaryFolder _root = new();

    public Fetching(int length = 100_000)
    {
        Content = new byte[length];
        new Random(length).NextBytes(Content);
        (Cache, Data, Packages) = (_root.Sub("cache"), _root.Sub("data"), _root.Sub("packages"));
    }

    public byte[] Content { get; }
    public DirectoryInfo Cache { get; }
    public DirectoryInfo Data { get; }
    public DirectoryInfo Packages { get; }
    public ManualTime Time { get; } = new();

    /// <summary>Where the file lies in the cache.</summary>
    public string Cached => Path.Combine(Cache.FullName, "set", "file");

    public DataSources Sources => new(Data, Offline: false, Time) { Packages = Packages };

    public DataFile File(string? url = null) =>
        new("set/file", Content.Length, $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Content))}", url);

    public static byte[] Zipped(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest)) zip.Write(content);
        return packed.ToArray();
    }

    public static string Put(DirectoryInfo folder, string name, byte[] content)
    {
        var path = Path.Combine(folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Fetches the file; retries cost no real time.</summary>
    public async Task FetchAsync(string? url = null, DataSources? sources = null, string? package = null,
        Action<DataFile, Stream, CancellationToken>? generate = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var fetch = (sources ?? Sources).FetchAsync([File(url)], Cache, cancellation, package, generate).AsTask();
        while (!fetch.IsCompleted)
        {
            // A stall is a minute; what is shorter is a wait between attempts or for a lock.
            if (Time.Pending is [var wait, ..] && wait < TimeSpan.FromMinutes(1)) Time.Advance(wait);
            await Task.Delay(1, cancellation);
        }
        await fetch;
    }

    public async Task<string> RefusalAsync(string? url = null, DataSources? sources = null, string? package = null) =>
        (await Assert.ThrowsAsync<DataUnavailableException>(() => FetchAsync(url, sources, package))).Message;

    /// <summary>The cache holds the file and its stamp, and nothing that was only on the way.</summary>
    public void AssertArrived()
    {
        Assert.Equal(Content, System.IO.File.ReadAllBytes(Cached));
        Assert.Equal(["file", "file.lock", "file.verified"], Names());
    }

    /// <summary>Nothing of the file is in the cache but its lock.</summary>
    public void AssertNothingArrived() => Assert.Equal(["file.lock"], Names());

    public string[] Names() =>
        [.. new FileInfo(Cached).Directory!.EnumerateFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public void Dispose() => _root.Dispose();
}
