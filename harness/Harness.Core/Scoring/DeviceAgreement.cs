using System.Text.Json;

namespace Harness.Core.Scoring;

/// <summary>How far a device gives the same answers as the reference did in the same trial.</summary>
/// <param name="Samples">Compared ones.</param>
/// <param name="Agreement">Share with the same answer.</param>
/// <param name="Divergence">
/// The largest difference of a number inside the predictions of one sample; whole numbers are names of classes and no amounts. Null where
/// the predictions hold no other numbers.
/// </param>
public sealed record DeviceAgreement(int Samples, double Agreement, double? Divergence)
{
    /// <summary>Below it, the speed of the device says nothing about the model that the reference ran.</summary>
    public const double Enough = 0.99;

    public static MetricCard AgreementCard { get; } = new("equivalence.agreement", 1, "Agreement with the reference", "share",
        Direction.Higher)
    { Definition = "Share of test samples for which the device gave the answer of the reference device in the same trial." };

    public static MetricCard DivergenceCard { get; } = new("equivalence.divergence", 1, "Largest divergence from the reference", "1",
        Direction.Lower)
    { Definition = "Largest absolute difference of a number, whole ones left out, between the predictions of both for one sample." };

    public static IReadOnlyList<MetricCard> Cards { get; } = [AgreementCard, DivergenceCard];

    public bool Equivalent => Agreement >= Enough;

    /// <summary>Why the speed of the device must not stand beside that of the reference; null where it may.</summary>
    public string? Warning => Equivalent ? null
        : $"the device agrees with the reference on {100 * Agreement:0.##} % of {Samples} samples, below {100 * Enough:0.##} %: "
            + "its speed is not that of the same model";

    /// <summary>True for two runs of one trial; their predictions are not looked at.</summary>
    public static bool OfOneTrial(RunRecord reference, RunRecord device) => Odd(reference, device) is null;

    /// <summary>True for two runs of one trial with a prediction of each sample from both.</summary>
    public static bool Compares(RunRecord reference, RunRecord device) => OfOneTrial(reference, device)
        && device.Samples.Count > 0
        && reference.Samples.Select(row => row.Sample).Order().SequenceEqual(device.Samples.Select(row => row.Sample).Order());

    /// <exception cref="HarnessException">The runs are not of one trial, or one has no predictions; the message says which.</exception>
    public static DeviceAgreement Of(RunRecord reference, RunRecord device)
    {
        if (Odd(reference, device) is { } odd)
            throw new HarnessException($"Runs {reference.RunId} and {device.RunId} differ in their {odd}: equivalence is of one trial on "
                + "two devices.");
        var answers = reference.Samples.ToDictionary(row => row.Sample);
        var pairs = device.Samples.Where(row => answers.ContainsKey(row.Sample)).Select(row => (Of: answers[row.Sample], Is: row)).ToList();
        if (pairs.Count == 0 || pairs.Count != reference.Samples.Count || pairs.Count != device.Samples.Count)
            throw new HarnessException($"Run {reference.RunId} has {reference.Samples.Count} predictions and {device.RunId} has "
                + $"{device.Samples.Count}; equivalence needs one of each sample from both.");
        var differences = pairs.SelectMany(pair => Differences(pair.Of.Prediction, pair.Is.Prediction)).ToList();
        return new(pairs.Count, (double)pairs.Count(pair => pair.Of.Answer == pair.Is.Answer) / pairs.Count,
            differences.Count == 0 ? null : differences.Max());
    }

    /// <summary>The device's run with the comparison among its metrics, and a reading that warns where the answers differ.</summary>
    public RunRecord On(RunRecord device) => device with
    {
        Metrics = [.. device.Metrics, Value(AgreementCard, Agreement), .. Divergence is { } most ? [Value(DivergenceCard, most)]
            : Array.Empty<MetricValue>()],
        Readings = Warning is { } warning ? [.. device.Readings, new(AgreementCard.Id, Agreement, warning)] : device.Readings,
    };

    MetricValue Value(MetricCard card, double value) =>
        new(card.Id, card.Version, value, card.Unit, card.Direction, "derived") { Samples = Samples };

    static string? Odd(RunRecord one, RunRecord other)
    {
        var (first, second) = (one.Trial, other.Trial);
        return first.Protocol != second.Protocol ? "protocols" : first.Family != second.Family ? "families"
            : first.ConfigurationHash != second.ConfigurationHash ? "configurations" : first.Seed != second.Seed ? "seeds"
            : first.Limit != second.Limit ? "numbers of samples" : (first.Suite, first.Benchmark) != (second.Suite, second.Benchmark)
            ? "benchmarks" : null;
    }

    static IEnumerable<double> Differences(JsonElement one, JsonElement other) => (one.ValueKind, other.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => Amounts(one.GetDouble(), other.GetDouble()),
        (JsonValueKind.Array, JsonValueKind.Array) => one.EnumerateArray().Zip(other.EnumerateArray())
            .SelectMany(pair => Differences(pair.First, pair.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => one.EnumerateObject()
            .SelectMany(member => other.TryGetProperty(member.Name, out var same) ? Differences(member.Value, same) : []),
        _ => [],
    };

    static IEnumerable<double> Amounts(double one, double other) =>
        double.IsInteger(one) && double.IsInteger(other) ? [] : [Math.Abs(one - other)];
}
