namespace Harness.Publishing.Boards;

/// <summary>A family with every run of it, newest first.</summary>
public sealed record FamilyEntry(string Key, FamilyCard? Card, IReadOnlyList<RunRecord> Runs)
{
    public string Title => Card?.Title ?? Key;
}

/// <summary>A protocol with every run on it, newest first.</summary>
public sealed record DatasetEntry(string Protocol, DatasetCard? Card, IReadOnlyList<RunRecord> Runs)
{
    public string Title => Card?.Title ?? Protocol;
}

/// <summary>A device as its newest run describes it, with every run on it, newest first.</summary>
public sealed record DeviceEntry(DeviceCard Card, IReadOnlyList<RunRecord> Runs);

/// <summary>A suite with its boards.</summary>
public sealed record SuiteEntry(string Id, string Title, IReadOnlyList<Board> Boards)
{
    /// <summary>What others report of the task of this suite.</summary>
    public IReadOnlyList<ReportedTable> Reported { get; init; } = [];
}
