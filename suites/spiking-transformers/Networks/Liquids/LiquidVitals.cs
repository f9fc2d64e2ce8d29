namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>
/// What a liquid did over samples: spikes of each neuron, the range of the depression strength, and the branching factor: with windows of
/// 4 ms, each spike's mean number of spikes in the next window that it is one cause of, a spike with several possible causes being shared
/// out evenly among them.
/// </summary>
sealed class LiquidVitals(LiquidWiring wiring)
{
    const int Window = 4;

    readonly int[] counts = new int[wiring.Neurons];
    int[] before = new int[wiring.Neurons];
    int[] now = new int[wiring.Neurons];
    int steps;
    double descendants;
    long ancestors;

    /// <summary>[neuron] spikes since <see cref="Clear"/>.</summary>
    public ReadOnlySpan<int> Counts => counts;
    public long Spikes { get; private set; }
    public long InputSpikes { get; private set; }
    public long Steps { get; private set; }
    public double LeastDepression { get; private set; } = double.PositiveInfinity;
    public double MostDepression { get; private set; } = double.NegativeInfinity;
    public double Branching => ancestors == 0 ? 0 : descendants / ancestors;

    /// <summary>Before another sample, which no spike of the one before leads to.</summary>
    public void Clear()
    {
        foreach (var numbers in new[] { counts, before, now }) Array.Clear(numbers);
        steps = 0;
    }

    /// <summary>Takes note of a step.</summary>
    public void See(Liquid liquid)
    {
        Steps++;
        LeastDepression = Math.Min(LeastDepression, liquid.Depression);
        MostDepression = Math.Max(MostDepression, liquid.Depression);
        foreach (var source in liquid.Fired)
        {
            if (source < wiring.Inputs)
            {
                InputSpikes++;
                continue;
            }
            Spikes++;
            counts[source - wiring.Inputs]++;
            now[source - wiring.Inputs]++;
        }
        if (++steps % Window != 0) return;
        Branch();
        (before, now) = (now, before);
        Array.Clear(now);
    }

    void Branch()
    {
        for (var target = 0; target < now.Length; target++)
        {
            if (now[target] == 0) continue;
            for (var at = wiring.IncomingStarts[target]; at < wiring.IncomingStarts[target + 1]; at++)
            {
                if (wiring.Sources[wiring.Incoming[at]] - wiring.Inputs is not (>= 0 and var source) || before[source] == 0) continue;
                descendants += now[target];
                break;
            }
        }
        foreach (var spikes in before) ancestors += spikes;
    }
}
