using Harness.Datasets.Text;
using Suites.LlmEdge.Offloading.Running;

namespace Suites.LlmEdge.Metrics;

/// <summary>A number of models whose weights lie on flash; of others it is not defined and not stated.</summary>
/// <param name="card">With its definition.</param>
/// <param name="total">Of the sums over all texts.</param>
sealed class OffloadingMetric(MetricCard card, Func<OffloadingSums, double> total) : IMetric<TextSample, TextPrediction>
{
    public MetricCard Card => card;

    public ITally<TextSample, TextPrediction> Begin() => new Tally(total);

    sealed class Tally(Func<OffloadingSums, double> total) : ITally<TextSample, TextPrediction>
    {
        readonly OffloadingSums _sums = new();

        public void Add(TextSample sample, TextPrediction prediction) => _sums.Add(prediction);

        public double Total() => _sums.Any ? total(_sums) : double.NaN;
    }
}

/// <summary>Sums over texts before anything is divided.</summary>
sealed class OffloadingSums
{
    readonly List<OffloadingReport> _reports = [];

    public bool Any => _reports.Count > 0;
    public double Nats { get; private set; }

    public void Add(TextPrediction prediction)
    {
        if (prediction.Offloading is not { } report) return;
        _reports.Add(report);
        Nats += prediction.Nats;
    }

    public double Of(Func<OffloadingReport, double> number) => _reports.Sum(number);

    /// <summary>Not a number where nothing is counted below.</summary>
    public double Ratio(Func<OffloadingReport, double> above, Func<OffloadingReport, double> below) => Of(above) / Of(below);
}

/// <summary>What offloading costs and gives. Times are of the virtual clock: a model of storage and computation, not a device.</summary>
static class OffloadingMetrics
{
    const string Clock = " Virtual clock: modelled storage and computation, not a device.";

    public static IReadOnlyList<IMetric<TextSample, TextPrediction>> All { get; } =
    [
        Of("virtual-decode-rate", "Decode rate, virtual clock", "token/s", Direction.Higher,
            "Tokens of the texts divided by the time of decoding them one by one." + Clock,
            sums => sums.Ratio(report => report.Tokens, report => report.Seconds)),
        Of("virtual-prefill-rate", "Prefill rate, virtual clock", "token/s", Direction.Higher,
            "Tokens of the prompts divided by the time of the feed-forward layers to read them at once, with empty caches." + Clock,
            sums => sums.Ratio(report => report.PrefillTokens, report => report.PrefillSeconds)),
        Of("flash-bytes-per-token", "Flash read per token", "B/token", Direction.Lower,
            "Bytes of all reads, whole granules, divided by the tokens decoded.",
            sums => sums.Ratio(report => report.FlashBytes, report => report.Tokens)),
        Of("flash-reads-per-token", "Flash reads per token", "1/token", Direction.Lower, "Reads divided by the tokens decoded.",
            sums => sums.Ratio(report => report.Requests, report => report.Tokens)),
        Of("hot-hit-rate", "Hit rate, hot segment", "share", Direction.Higher,
            "Hot clusters that were in memory when they were needed; of policies that stream all weights, blocks.",
            sums => sums.Ratio(report => report.HotHits, report => report.HotLookups)),
        Of("cold-hit-rate", "Hit rate, cold segment", "share", Direction.Higher,
            "Single neurons that were in memory when they were asked for.",
            sums => sums.Ratio(report => report.ColdHits, report => report.ColdLookups)),
        Of("pipeline-bubble", "Pipeline bubble", "share", Direction.Lower,
            "Share of the time of feed-forward layers in which a compute lane waits." + Clock,
            sums => 1 - sums.Ratio(report => report.ComputeSeconds, report => report.LayerSeconds)),
        Of("predictor-recall", "Predictor recall", "share", Direction.Higher, "Open gates that were asked for, of all open gates.",
            sums => sums.Ratio(report => report.Foreseen, report => report.Open)),
        Of("predictor-precision", "Predictor precision", "share", Direction.Higher, "Open gates that were asked for, of all asked for.",
            sums => sums.Ratio(report => report.Foreseen, report => report.Asked)),
        Of("predictor-overhead", "Predictor overhead", "share", Direction.Lower,
            "Share of the time of decoding that predictors compute." + Clock,
            sums => sums.Ratio(report => report.PredictorSeconds, report => report.Seconds)),
        Of("active-neurons", "Active neurons", "share", Direction.Neutral, "Neurons whose gate is open, over all layers and tokens.",
            sums => sums.Ratio(report => report.Open, report => report.Neurons)),
        Of("perplexity-increase", "Increase of perplexity", "share", Direction.Lower,
            "Perplexity over that of the same model with every neuron computed, less 1.",
            sums => Math.Exp((sums.Nats - sums.Of(report => report.DenseNats)) / sums.Of(report => report.Tokens)) - 1),
        Of("memory-share", "Weights in memory", "share", Direction.Lower,
            "Most bytes of weights and predictors that memory may hold, of all bytes of weights.",
            sums => sums.Ratio(report => report.CapBytes, report => report.ModelBytes)),
        Of("direct-reads-per-token", "Direct reads per token", "1/token", Direction.Lower,
            "Bundles read from a file past the page cache divided by the tokens made with them.",
            sums => sums.Ratio(report => report.DirectReads, report => report.DirectTokens)),
    ];

    static OffloadingMetric Of(string id, string title, string unit, Direction direction, string definition,
        Func<OffloadingSums, double> total) => new(new(id, 1, title, unit, direction) { Definition = definition }, total);
}
