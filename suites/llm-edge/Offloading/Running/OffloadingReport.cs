namespace Suites.LlmEdge.Offloading.Running;

/// <summary>
/// What decoding a text token by token needed of memory, storage and time. Seconds are of the virtual clock.
/// </summary>
/// <param name="Tokens">Decoded one by one and priced.</param>
/// <param name="Seconds">Of all of them: feed-forward layers under the policy, and all other weights from memory.</param>
/// <param name="LayerSeconds">Feed-forward layers alone.</param>
/// <param name="ComputeSeconds">Of a lane, in these layers.</param>
/// <param name="PredictorSeconds">Of <paramref name="ComputeSeconds"/> those of predictors.</param>
/// <param name="FlashBytes">Read, whole granules.</param>
/// <param name="Requests">Reads.</param>
public sealed record OffloadingReport(long Tokens, double Seconds, double LayerSeconds, double ComputeSeconds, double PredictorSeconds,
    long FlashBytes, long Requests)
{
    /// <summary>Look-ups of hot clusters, or of blocks where all weights are streamed, and those found.</summary>
    public long HotLookups { get; init; }
    public long HotHits { get; init; }
    public long ColdLookups { get; init; }
    public long ColdHits { get; init; }

    /// <summary>Neurons of all layers and tokens; those whose gate was open; those that were asked for; and both.</summary>
    public long Neurons { get; init; }
    public long Open { get; init; }
    public long Asked { get; init; }
    public long Foreseen { get; init; }

    /// <summary>Sum of -ln p of the same tokens with every neuron computed.</summary>
    public double DenseNats { get; init; }

    public long PrefillTokens { get; init; }
    public double PrefillSeconds { get; init; }

    /// <summary>Bytes of weights in memory after the last token, the most there may be, and of the model.</summary>
    public long HeldBytes { get; init; }
    public long CapBytes { get; init; }
    public long ModelBytes { get; init; }

    /// <summary>Hot neurons of a layer.</summary>
    public int Hot { get; init; }

    /// <summary>Tokens made with direct reads of a file of bundles, and these reads; 0 where storage is virtual only.</summary>
    public long DirectTokens { get; init; }
    public long DirectReads { get; init; }

    /// <summary>Stretches of tokens: share of open gates, and time of streaming all weights over that of the policy.</summary>
    public IReadOnlyList<double> OpenShares { get; init; } = [];
    public IReadOnlyList<double> SpeedUps { get; init; } = [];
}
