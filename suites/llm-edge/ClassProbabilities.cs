namespace Suites.LlmEdge;

/// <summary>The probability of each class (softmax), 0..1.</summary>
public sealed record ClassProbabilities(IReadOnlyList<float> Values)
{
    /// <summary>The most likely class, of equals the first.</summary>
    public int Label()
    {
        var best = 0;
        for (var label = 1; label < Values.Count; label++) if (Values[label] > Values[best]) best = label;
        return best;
    }
}
