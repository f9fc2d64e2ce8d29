using Harness.Detection.Deciding;
using Harness.Detection.Pairing;
using Harness.Results;
using Harness.Statistics;

namespace Harness.Cli.Nightly;

/// <summary>
/// The base against a copy of itself, once a night: its ratio is the noise of the device, its absolute values are the canary, one pinned
/// program on one pinned trial.
/// </summary>
sealed class ControlNight(Night night)
{
    readonly Dictionary<string, (string Key, MetricValue Value)> _canary = new(StringComparer.Ordinal);
    readonly HashSet<string> _out = new(StringComparer.Ordinal);
    readonly Dictionary<string, NoiseFloor> _floors = new(StringComparer.Ordinal);

    /// <summary>Quantities of which the control left the noise floor twice: nothing of the device counts in them tonight.</summary>
    public IReadOnlyCollection<string> Out => _out;

    /// <exception cref="BuildFailedException">The base does not run its own control trial.</exception>
    public async Task MeasureAsync(Trial trial, CancellationToken cancellation)
    {
        var first = await PairsAsync(trial, cancellation);
        Record(first);
        string[] suspects = [.. night.File.Quantities.Where(metric => IsOut(first, metric))];
        if (suspects.Length == 0) return;
        night.Say($"the control is out of the noise floor in {string.Join(", ", suspects)}: once more");
        var second = await PairsAsync(trial, cancellation);
        Record(second);
        foreach (var metric in suspects.Where(metric => IsOut(second, metric)))
        {
            _out.Add(metric);
            night.Add(new Occurrence(Night.Now, "device_quarantined", night.Device,
                $"the A/A control of {metric} left the noise floor of {Earlier(metric).Floor:P2} twice in session {night.Session}"));
        }
    }

    /// <summary>What the device says of a quantity when nothing is different, from the controls of earlier nights; while those are too
    /// few, from tonight's too.</summary>
    public NoiseFloor Floor(string metric) => Earlier(metric) is { IsKnown: true } known ? known : NoiseFloor.Of(
        [.. night.History.Controls(metric), .. NightHistory.ControlsOf(night.Comparisons, metric)], night.Policy);

    NoiseFloor Earlier(string metric) => _floors.TryGetValue(metric, out var known) ? known
        : _floors[metric] = NoiseFloor.Of(night.History.Controls(metric), night.Policy);

    /// <summary>Cost of the canary on every night of a series and tonight.</summary>
    public IReadOnlyList<double?> Canary(string series, string metric, Direction direction) => _canary.TryGetValue(metric, out var tonight)
        ? [.. night.History.Canary(series, tonight.Key, direction), Cost.Of(tonight.Value.Value, direction)]
        : [.. night.History.Series(series).Nights.Select(_ => (double?)null), null];

    async Task<PairedRuns> PairsAsync(Trial trial, CancellationToken cancellation)
    {
        var copy = night.Builds.Copy(night.Base);
        await night.Bench.PairsAsync(night.Base, copy, trial, 1, PairBench.Copy, cancellation);
        var pairs = await night.Bench.PairsAsync(night.Base, copy, trial, night.Policy.Pairs, PairBench.Copy, cancellation);
        // A single failure may be the machine's, and costs a pair; when none is left, it is the base that does not run.
        return pairs.Pairs.All(pair => pair.Base.State != RunState.Ok || pair.Head.State != RunState.Ok)
            ? throw new BuildFailedException($"The base {night.Base.Commit[..12]} cannot run its control trial: "
                + $"{pairs.Pairs[0].Base.Reason ?? pairs.Pairs[0].Head.Reason} Pin another base, or name another trial under 'control'.")
            : pairs;
    }

    void Record(PairedRuns pairs)
    {
        foreach (var metric in night.File.Quantities)
        {
            if (pairs.Values(metric) is not { Count: >= 2 } values) continue;
            var first = pairs.Pairs[0];
            var key = ComparabilityKey.Of(first.Base, values[0].Base);
            var estimate = PairedEstimate.Of([.. pairs.Differences(metric)], Chance.From($"{night.Session} {key}"));
            var typical = values[0].Base with { Value = Quantiles.Median([.. values.Select(pair => pair.Base.Value)]) };
            _canary.TryAdd(metric, (key, typical));
            night.Add(TimeNight.ComparisonOf(estimate, values, first, metric, "inconclusive") with
            {
                Entry = night.Entry(key, SeriesEntry.Control, night.Base.Commit, Word.Of(Outcome.Quiet), "the base against its copy") with
                {
                    Head = night.Base.Commit, Deviation = estimate.Deviation, NoiseFloor = Earlier(metric).Floor, Before = typical.Value,
                    After = Quantiles.Median([.. values.Select(pair => pair.Head.Value)]), Unit = typical.Unit, Runs = [.. pairs.Runs],
                },
            });
        }
    }

    bool IsOut(PairedRuns pairs, string metric) => pairs.Differences(metric) is { Count: > 0 } differences
        && !Earlier(metric).Contains(new(HodgesLehmann.Estimate([.. differences]), null, differences.Count));
}
