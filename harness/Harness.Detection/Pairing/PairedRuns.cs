namespace Harness.Detection.Pairing;

/// <summary>Runs of two builds side by side. A pair of which one run did not end well says nothing, and is left out.</summary>
public sealed record PairedRuns(IReadOnlyList<(RunRecord Base, RunRecord Head)> Pairs)
{
    /// <summary>Differences of cost of a metric, head less base.</summary>
    public IReadOnlyList<double> Differences(string metric) => [.. Values(metric).Select(pair =>
        Cost.Of(pair.Head.Value, pair.Head.Direction) - Cost.Of(pair.Base.Value, pair.Base.Direction))];

    /// <summary>The metric in the order of pairs, where both runs have it.</summary>
    public IReadOnlyList<(MetricValue Base, MetricValue Head)> Values(string metric) =>
        [.. Pairs.Select(pair => (Base: Quantity.Find(pair.Base, metric), Head: Quantity.Find(pair.Head, metric)))
            .Where(pair => pair is { Base: not null, Head: not null }).Select(pair => (pair.Base!, pair.Head!))];

    public IEnumerable<string> Runs => Pairs.SelectMany(pair => new[] { pair.Base.RunId, pair.Head.RunId });
}
