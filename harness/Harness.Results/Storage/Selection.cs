namespace Harness.Results.Storage;

/// <summary>Which runs a filter lets through, and in which order they are read.</summary>
static class Selection
{
    /// <summary>A family is named with or without its version: <c>spikformer</c> or <c>spikformer@1</c>.</summary>
    public static bool Passes(RunRecord run, ResultFilter filter) =>
        Fits(filter.Suite, run.Trial.Suite) && Fits(filter.Protocol, run.Trial.Protocol) && Fits(filter.Session, run.Provenance.Session)
        && (Fits(filter.Family, run.Trial.Family) || Fits(filter.Family, run.Trial.Family.Split('@')[0]))
        && Fits(filter.RunId, run.RunId) && Fits(filter.TrialId, run.TrialId) && (filter.State is null || filter.State == run.State);

    /// <summary>Groups neighbours that started in the same second: within one, only the records tell the order.</summary>
    public static IEnumerable<IReadOnlyList<string>> BySecond(IEnumerable<string> folders)
    {
        List<string> second = [];
        foreach (var folder in folders)
        {
            if (second.Count > 0 && RunName.StampOf(second[0]) != RunName.StampOf(folder))
            {
                yield return second;
                second = [];
            }
            second.Add(folder);
        }
        if (second.Count > 0) yield return second;
    }

    static bool Fits(string? wanted, string actual) => wanted is null || wanted == actual;
}
