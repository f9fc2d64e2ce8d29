using System.Text.Json;
using Harness.Core.Registry;

namespace Harness.Core.Planning;

/// <summary>What a run may cost; null is no limit.</summary>
public sealed record PlanLimits(TimeSpan? Time, long? MemoryBytes);

/// <summary>One block of a plan: each dataset × each family configuration.</summary>
public sealed record PlannedBlock(BenchmarkEntry Benchmark, IReadOnlyList<DatasetEntry> Datasets, IReadOnlyList<PlannedFamily> Families);

/// <summary>A family and its grid, already bound and canonical, in grid order.</summary>
public sealed record PlannedFamily(FamilyEntry Family, IReadOnlyList<JsonElement> Configurations);

/// <summary>Keeps trials by word; null keeps all. Ids may be given with or without <c>@version</c>.</summary>
public sealed record TrialFilter(IReadOnlyList<string>? Suites = null, IReadOnlyList<string>? Benchmarks = null,
    IReadOnlyList<string>? Datasets = null, IReadOnlyList<string>? Families = null, IReadOnlyList<int>? Seeds = null)
{
    public static TrialFilter All { get; } = new();

    public bool Keeps(Trial trial) => Has(Suites, trial.Suite) && Has(Benchmarks, trial.Benchmark) && Has(Datasets, trial.Protocol)
        && Has(Families, trial.Family) && (Seeds is null || Seeds.Contains(trial.Seed));

    static bool Has(IReadOnlyList<string>? words, string value) =>
        words is null || words.Any(word => word == value || word == value.Split('@')[0]);
}

/// <summary>A checked plan: everything in it exists and every configuration is valid.</summary>
/// <param name="Limit">Test samples for each trial; null is all.</param>
/// <param name="DeviceClasses">The classes the plan asks for, each trial on each of them; empty leaves it to the caller.</param>
public sealed record Plan(string Name, string Purpose, IReadOnlyList<int> Seeds, int Threads, PlanLimits Limits, int? Limit,
    IReadOnlyList<string> DeviceClasses, IReadOnlyList<PlannedBlock> Blocks)
{
    /// <summary>
    /// The trials in running order: blocks, then datasets, then families, then configurations (the first knob of a grid varies
    /// slowest), then seeds, then device classes, each in file order. The same plan always gives the same list; a repeated trial is
    /// listed once.
    /// </summary>
    /// <param name="deviceClass">The class to run on when the plan names none.</param>
    public IReadOnlyList<Trial> Expand(string deviceClass, TrialFilter? filter = null)
    {
        var trials =
            from block in Blocks
            from dataset in block.Datasets
            from family in block.Families
            from configuration in family.Configurations
            from seed in Seeds
            from wanted in DeviceClasses.Count > 0 ? DeviceClasses : [deviceClass]
            select new Trial(block.Benchmark.Suite, block.Benchmark.Id, dataset.Card.Protocol, family.Family.Reference, configuration,
                seed, wanted, Threads) { Limit = Limit };
        return [.. trials.Where((filter ?? TrialFilter.All).Keeps).DistinctBy(trial => trial.Id)];
    }
}
