using Harness.Publishing.Boards;

namespace Harness.Publishing.Reports;

/// <summary>A reproducibility report: the claims of a paper, what answers them, and all that was spent and tried on the way.</summary>
public sealed class Report
{
    public Report(ClaimSet set, IReadOnlyList<RunRecord> runs, DateTimeOffset at)
    {
        (Set, At) = (set, at);
        Results = [.. set.Claims.Select(claim => ClaimResult.Of(claim, runs))];
        Attempts = [.. Results.SelectMany(result => result.Attempts).DistinctBy(run => run.RunId).OrderBy(run => run.Started)
            .ThenBy(run => run.RunId, StringComparer.Ordinal)];
        Used = Results.SelectMany(result => result.Runs).Select(run => run.RunId).ToHashSet(StringComparer.Ordinal);
        Families = [.. Attempts.Select(run => run.Trial.Family).Distinct().Order(StringComparer.Ordinal)
            .Select(key => (key, Attempts.Where(run => run.Trial.Family == key).Select(run => run.Family).FirstOrDefault(card =>
                card is not null)))];
        Datasets = [.. Attempts.Select(run => run.Dataset).OfType<DatasetCard>().DistinctBy(card => card.Protocol)
            .OrderBy(card => card.Protocol, StringComparer.Ordinal)];
        Devices = [.. Attempts.Select(run => run.Device).DistinctBy(card => card.Id).OrderBy(card => card.Id, StringComparer.Ordinal)];
    }

    public ClaimSet Set { get; }
    public DateTimeOffset At { get; }
    public IReadOnlyList<ClaimResult> Results { get; }
    /// <summary>Every run of every setting of the claims, failed and replaced ones included.</summary>
    public IReadOnlyList<RunRecord> Attempts { get; }
    /// <summary>Ids of the runs that the values come from.</summary>
    public IReadOnlySet<string> Used { get; }
    public IReadOnlyList<(string Key, FamilyCard? Card)> Families { get; }
    public IReadOnlyList<DatasetCard> Datasets { get; }
    public IReadOnlyList<DeviceCard> Devices { get; }

    public double Hours => Attempts.Sum(run => (run.Ended - run.Started).TotalHours);
    public double HoursNotUsed => Attempts.Where(run => !Used.Contains(run.RunId)).Sum(run => (run.Ended - run.Started).TotalHours);

    /// <summary>Joules per sample are no total; a total needs a meter over whole runs, which no reading states yet.</summary>
    public IReadOnlyList<string> EnergyTiers =>
        [.. Attempts.SelectMany(run => run.Metrics).Select(value => value.EnergyTier).OfType<string>().Distinct()
            .Order(StringComparer.Ordinal)];

    public int Count(ClaimVerdict verdict) => Results.Count(result => result.Verdict == verdict);
    public IReadOnlyList<ClaimResult> Changed => [.. Results.Where(result => result.Changed)];
    public IReadOnlyList<string> Commits => [.. Attempts.Select(run => run.Provenance.Commit).Distinct().Order(StringComparer.Ordinal)];
    public bool Dirty => Attempts.Any(run => run.Provenance.Dirty);
    public int Seeds => Results.Select(result => result.Runs.Count).DefaultIfEmpty(0).Max();

    /// <summary>Writes the report's files into a folder of its own; the same runs give the same bytes.</summary>
    /// <param name="reproduce">The shell commands that repeat a run.</param>
    public async Task<IReadOnlyList<string>> WriteAsync(DirectoryInfo output, Func<RunRecord, string> reproduce,
        CancellationToken cancellation)
    {
        var publisher = new Publisher { Reproduce = reproduce };
        var site = new Site(new ResultView(Attempts, [], At), publisher, new History.Changes(new Dictionary<string,
            IReadOnlyList<History.Change>>()));
        var publication = await new OutputFolder(output).WriteAsync(site, [.. ReportFiles.Of(this, reproduce)], ReportFiles.Program(this),
            cancellation);
        return publication.Files;
    }
}
