using System.Globalization;

namespace Harness.Results.Tests.Indexing;

/// <summary>
/// The writer that gets killed: stores the runs that are not stored yet, one after another, compacting now and then, and notes each run
/// in <c>acknowledged</c> once the store has said that it is durable.
/// </summary>
static class CrashWriter
{
    public const string Word = "crash-writer";
    /// <summary>What it prints when it begins to open the store, and after the first run it has stored.</summary>
    public const string Opening = "opening";
    public const string Storing = "storing";
    const int CompactEvery = 7;

    public static string Acknowledged(DirectoryInfo folder) => folder.FullName + ".acknowledged";

    public static async Task<int> RunAsync(DirectoryInfo folder, int runs, TextWriter? signs = null)
    {
        signs?.WriteLine(Opening);
        var none = CancellationToken.None;
        using var store = await ResultStore.OpenForWritingAsync(folder, TimeProvider.System, none, _ => { });
        var stored = await store.ReadAsync(new(), none).Select(run => run.RunId).ToHashSetAsync(cancellationToken: none);
        for (var number = 0; number < runs; number++)
        {
            if (stored.Contains(Example.Id(number))) continue;
            await store.AppendAsync(Example.Run(number, samples: 3), none);
            await File.AppendAllTextAsync(Acknowledged(folder), number.ToString(CultureInfo.InvariantCulture) + "\n", none);
            signs?.WriteLine(Storing);
            if (number % CompactEvery == 0) await store.CompactIndexAsync(none);
        }
        return 0;
    }
}
