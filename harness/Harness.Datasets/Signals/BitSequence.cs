namespace Harness.Datasets.Signals;

/// <summary>Bits, and a bit to be answered at each of them; both are 0 or 1, axis [position].</summary>
/// <param name="Targets">Empty when withheld.</param>
public sealed record BitSequence(ReadOnlyMemory<byte> Bits, ReadOnlyMemory<byte> Targets)
{
    public int Length => Bits.Length;

    /// <summary>How many positions are answered rightly.</summary>
    /// <param name="answer">A digit 0 or 1 for each.</param>
    public int RightBits(string answer)
    {
        var right = 0;
        for (var position = 0; position < Length; position++)
            if (answer[position] - '0' == Targets.Span[position]) right++;
        return right;
    }
}

/// <summary>What a model that thinks in ticks says after each of them.</summary>
/// <param name="Answers">[tick]: a digit 0 or 1 for each position.</param>
/// <param name="Certainties">[tick], 0..1: one less the normalised entropy of the answers, the mean over positions.</param>
public sealed record TickedBits(IReadOnlyList<string> Answers, IReadOnlyList<float> Certainties)
{
    /// <summary>The tick that counts, from 0: the first of the greatest certainty.</summary>
    public int MostCertain
    {
        get
        {
            var best = 0;
            for (var tick = 1; tick < Certainties.Count; tick++)
                if (Certainties[tick] > Certainties[best]) best = tick;
            return best;
        }
    }
}
