using System.Diagnostics;
using System.Globalization;

namespace Harness.Results.Tests.Indexing;

public sealed class KillTests
{
    const int Stores = 4;

    /// <summary>HARNESS_KILLS=200 takes three minutes; the few of every day find what is broken, not what is rare.</summary>
    static readonly int Kills = Environment.GetEnvironmentVariable("HARNESS_KILLS") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture) : 32;

    [Fact]
    public async Task A_writer_killed_at_random_moments_loses_and_duplicates_nothing_and_leaves_the_same_index()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var moments = new int[Stores];
        await Parallel.ForAsync(0, Stores, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation },
            async (number, token) => moments[number] = await KillAsync(number, Kills / Stores, token));
        TestContext.Current.TestOutputHelper?.WriteLine($"killed while opening or between runs of {string.Join(", ", moments)} runs");
    }

    static async Task<int> KillAsync(int seed, int kills, CancellationToken cancellation)
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Folder.CreateSubdirectory("store");
        var random = new Random(seed);
        for (var kill = 0; kill < kills; kill++)
        {
            using var writer = Start(folder, runs: int.MaxValue);
            // Every other one is killed while it opens and recovers the store, the rest while they store and compact.
            var sign = kill % 2 == 0 ? CrashWriter.Opening : CrashWriter.Storing;
            while (await writer.StandardOutput.ReadLineAsync(cancellation) is { } line && line != sign) { }
            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(kill % 2 == 0 ? 150_000 : 60_000)), cancellation);
            if (writer.HasExited) Assert.Fail(await writer.StandardError.ReadToEndAsync(cancellation));
            writer.Kill();
            await writer.WaitForExitAsync(cancellation);
        }
        return await CheckAsync(folder, cancellation);
    }

    static async Task<int> CheckAsync(DirectoryInfo folder, CancellationToken cancellation)
    {
        var acknowledged = File.Exists(CrashWriter.Acknowledged(folder))
            ? (await File.ReadAllLinesAsync(CrashWriter.Acknowledged(folder), cancellation)).Select(int.Parse).ToList() : [];
        using var store = await ResultStore.OpenForWritingAsync(folder, TimeProvider.System, cancellation, _ => { });
        var runs = await store.ReadAsync(new(Detail: true), cancellation).ToListAsync(cancellation);
        Assert.Equal(Enumerable.Range(0, runs.Count).Select(Example.Id), runs.Select(run => run.RunId));
        Assert.All(runs, (run, number) => Assert.Equal(Example.Text(Example.Run(number, samples: 3)), Example.Text(run)));
        Assert.Equal(acknowledged.Distinct(), acknowledged);
        Assert.InRange(runs.Count, Math.Max(acknowledged.Count, 1), acknowledged.Count + Kills);
        Assert.Empty(await store.VerifyAsync(cancellation));
        await store.CompactIndexAsync(cancellation);
        var incremental = IndexBytes.Of(folder);
        await store.RebuildIndexAsync(cancellation);
        Assert.Equal(incremental, IndexBytes.Of(folder));
        Assert.Equal(await UndisturbedAsync(runs.Count, cancellation), IndexBytes.Tables(folder));
        return runs.Count;
    }

    // What a writer that nothing happens to makes of the same runs.
    static async Task<IReadOnlyDictionary<string, string>> UndisturbedAsync(int runs, CancellationToken cancellation)
    {
        using var temporary = new TemporaryFolder();
        var folder = temporary.Folder.CreateSubdirectory("store");
        await CrashWriter.RunAsync(folder, runs);
        using var store = await ResultStore.OpenForWritingAsync(folder, TimeProvider.System, cancellation);
        await store.CompactIndexAsync(cancellation);
        return IndexBytes.Tables(folder);
    }

    static Process Start(DirectoryInfo folder, int runs) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!,
        [CrashWriter.Word, folder.FullName, runs.ToString(CultureInfo.InvariantCulture)])
    { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
}
