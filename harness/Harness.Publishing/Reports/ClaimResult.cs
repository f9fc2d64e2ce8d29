using System.Text.Json;
using Harness.Publishing.Text;

namespace Harness.Publishing.Reports;

public enum ClaimVerdict { Reproduced, NotReproduced, OtherScale, NotRun }

/// <summary>A claim with what the stored runs say of it.</summary>
/// <param name="Runs">The newest ok run of each seed that answers the claim.</param>
/// <param name="Attempts">Every run of the setting: replaced and failed ones too.</param>
/// <param name="Value">Mean over the seeds, in the stored unit; null without a run.</param>
public sealed record ClaimResult(Claim Claim, IReadOnlyList<RunRecord> Runs, IReadOnlyList<RunRecord> Attempts, double? Value,
    double? Low, double? High)
{
    /// <summary>Stored numbers are derived from the same observations again, so they agree to the last digits or not at all.</summary>
    const double Exactness = 1e-9;

    public ClaimVerdict Verdict => Value is not { } value ? ClaimVerdict.NotRun
        : Claim.Scale != ClaimScale.Full ? ClaimVerdict.OtherScale
        : Math.Abs(InPaperUnit(value) - Claim.Value) <= Claim.Tolerance ? ClaimVerdict.Reproduced : ClaimVerdict.NotReproduced;

    /// <summary>True when a value was recorded and the runs no longer yield it, be it another one or none.</summary>
    public bool Changed => Claim.Recorded is { } recorded &&
        (Value is not { } value || Math.Abs(value - recorded) > Exactness * Math.Max(Math.Abs(recorded), 1e-300));

    public double InPaperUnit(double value) => Claim.Unit == "%" ? 100 * value : value;

    public string Word => Verdict switch
    {
        ClaimVerdict.Reproduced => "reproduced",
        ClaimVerdict.NotReproduced => "not reproduced",
        ClaimVerdict.OtherScale => "other scale: not judged",
        _ => Claim.Scale == ClaimScale.None ? "not run here" : "no run stored",
    };

    public string Paper => Number(Claim.Value);

    public string Ours => Value is not { } value ? "none"
        : Number(InPaperUnit(value)) + (Low is { } low && High is { } high ? $" [{Bare(InPaperUnit(low))}, {Bare(InPaperUnit(high))}]"
            : "");

    string Number(double value) => Claim.Unit is "%" ? $"{Bare(value)} %" : Claim.Unit is "1" or "" ? Bare(value)
        : $"{Bare(value)} {Claim.Unit}";

    string Bare(double value) => Claim.Unit is "%" ? value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)
        : value % 1 == 0 ? Scale.Whole((long)value) : value.ToString("G5", System.Globalization.CultureInfo.InvariantCulture);

    public static ClaimResult Of(Claim claim, IEnumerable<RunRecord> runs)
    {
        if (claim.Ours is not { } ours) return new(claim, [], [], null, null, null);
        RunRecord[] attempts = [.. runs.Where(run => Answers(run, ours)).OrderByDescending(run => run.Started)
            .ThenByDescending(run => run.RunId, StringComparer.Ordinal)];
        var found = attempts.Where(run => run.State == RunState.Ok).Select(run => (Run: run, Value: ValueOrNull(run, ours.Metric)))
            .Where(pair => pair.Value is not null).DistinctBy(pair => pair.Run.Trial.Seed).OrderBy(pair => pair.Run.Trial.Seed).ToArray();
        if (found.Length == 0) return new(claim, [], attempts, null, null, null);
        var stated = found.All(pair => pair.Value is { Low: not null, High: not null });
        return new(claim, [.. found.Select(pair => pair.Run)], attempts, found.Average(pair => pair.Value!.Value),
            stated ? found.Min(pair => pair.Value!.Low) : null, stated ? found.Max(pair => pair.Value!.High) : null);
    }

    static bool Answers(RunRecord run, OurSetting ours) => run.Trial.Protocol == ours.Protocol && run.Trial.Family == ours.Family
        && run.Trial.Limit == ours.Limit && (ours.With is not { } wanted || wanted.EnumerateObject().All(member =>
            run.Trial.Configuration.ValueKind == JsonValueKind.Object && run.Trial.Configuration.TryGetProperty(member.Name, out var value)
            && CanonicalJson.Write(value) == CanonicalJson.Write(member.Value)));

    static MetricValue? ValueOrNull(RunRecord run, string metric) =>
        run.Metrics.Where(value => value.Metric == metric).MaxBy(value => value.Version);
}
