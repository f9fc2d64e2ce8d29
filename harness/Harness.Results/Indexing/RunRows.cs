using Harness.Results.Storage;

namespace Harness.Results.Indexing;

/// <summary>What the index says of one stored run: every column comes from its run.json or from its line in the chain.</summary>
static class RunRows
{
    public static void Add(IndexRows rows, RunRecord run, ChainEntry entry)
    {
        var device = CanonicalJson.Hash(run.Device);
        rows[IndexTables.Runs].Add(Run(run, entry, device, run.Metrics.FirstOrDefault(metric => metric.Primary)));
        foreach (var metric in run.Metrics) rows[IndexTables.Metrics].Add(Metric(run.RunId, metric));
        rows[IndexTables.Devices].Add(Device(run.Device, device));
        if (run.Dataset is { } card) rows[IndexTables.Datasets].Add(Dataset(card));
    }

    /// <summary>A run that cannot be read keeps its row, so that reading by the index reports it as reading the folders does.</summary>
    public static void AddDamaged(IndexRows rows, ChainEntry entry)
    {
        var row = new object?[IndexTables.Runs.Columns.Count];
        row[IndexTables.Runs.IndexOf("run_id")] = entry.RunId;
        row[IndexTables.Runs.IndexOf("run_hash")] = entry.RunHash;
        row[IndexTables.Runs.IndexOf("state")] = IndexReader.Damaged;
        row[IndexTables.Runs.IndexOf("folder")] = entry.Folder;
        rows[IndexTables.Runs].Add(row);
    }

    static object?[] Run(RunRecord run, ChainEntry entry, string device, MetricValue? primary) =>
    [
        run.RunId, entry.RunHash, run.TrialId, Words.Of(run.State), run.Reason, Time(run.Started), Time(run.Ended),
        (run.Ended - run.Started).TotalSeconds, run.Provenance.Session, run.Provenance.Plan, run.Provenance.Purpose,
        run.Pair?.Id, run.Pair?.Arm, Long(run.Pair?.Order), run.Provenance.Purpose == Words.Imported, run.Trial.Suite,
        run.Trial.Benchmark, run.Trial.Family, run.Trial.Family.Split('@')[0],
        run.Family?.Kind, run.Footprint?.Parameters, run.Footprint?.Bytes, run.Footprint?.BitsPerWeight, run.Trial.Protocol.Split('@')[0],
        run.Trial.Protocol, RunFiles.ProtocolHash(run), run.Dataset?.StandIn, Count(run.Dataset, Split.Test), Long(run.Trial.Limit),
        run.Device.Id, run.Device.Class, device, run.Device.Emulated, Long(run.Trial.Threads), CanonicalJson.Write(run.Trial.Configuration),
        CanonicalJson.Hash(run.Trial.Configuration), Long(run.Trial.Seed), run.Provenance.HarnessVersion, run.Provenance.Commit,
        run.Provenance.Dirty, run.Device.Runtime, run.Device.OperatingSystem, run.Provenance.CommandLine, entry.Key, entry.Folder,
        primary?.Metric, primary?.Value, primary?.Unit, primary is null ? null : Words.Of(primary.Direction),
    ];

    static object?[] Metric(string run, MetricValue metric) =>
    [
        run, metric.Metric, Long(metric.Version), metric.Value, metric.Unit, Words.Of(metric.Direction), Long(metric.Samples), metric.Low,
        metric.High, metric.Interval, metric.Source, metric.EnergyTier, metric.Primary,
    ];

    static object?[] Device(DeviceCard card, string hash) =>
    [
        card.Id, hash, null, null, null, card.Class, card.Processor, Long(card.Cores), card.MemoryBytes, card.OperatingSystem, card.Runtime,
        card.Emulated, card.Instructions, card.Allocator, string.Join(", ", card.Sensors),
    ];

    static object?[] Dataset(DatasetCard card) =>
    [
        card.Protocol, CanonicalJson.Hash(card), null, null, null, card.Id, Long(card.Version), card.Title, card.Licence, card.Citation,
        card.Encoding, card.SplitRule, Long(card.Classes), Count(card, Split.Train), Count(card, Split.Validation),
        Count(card, Split.Test), card.StandIn, CanonicalJson.Write(card.Files),
    ];

    static object? Count(DatasetCard? card, Split split) =>
        card is not null && card.Counts.TryGetValue(split, out var count) ? Long(count) : null;

    static object? Long(int? value) => value is { } number ? (long)number : null;

    // Whole microseconds, rounded down, so that a time is the same before and after it was in a file.
    internal static object Time(DateTimeOffset at) => new DateTime(at.UtcTicks / 10 * 10, DateTimeKind.Utc);
}
