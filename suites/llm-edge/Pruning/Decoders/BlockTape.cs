namespace Suites.LlmEdge.Pruning.Decoders;

/// <summary>What a block computed of all positions, kept for the way back: [positions, width of the layer] each.</summary>
sealed record BlockTape
{
    public required float[] Input { get; init; }
    public required float[] AttentionIn { get; init; }

    /// <summary>Turned by their positions, as the keys are.</summary>
    public required float[] Queries { get; init; }

    public required float[] Keys { get; init; }
    public required float[] Values { get; init; }

    /// <summary>[sequence, head, position, position]: how much of each value goes into the result.</summary>
    public required float[] Shares { get; init; }

    public required float[] Attended { get; init; }
    public required float[] Middle { get; init; }
    public required float[] FeedForwardIn { get; init; }
    public required float[] Gates { get; init; }
    public required float[] Ups { get; init; }
    public required float[] Hidden { get; init; }
}
