namespace Harness.Datasets.Cochlea;

/// <summary>
/// A bushy cell of the cochlear nucleus: a leaky integrate-and-fire neuron on which 40 hair cells converge, each refractory after a release
/// (Cramer et al. 2022, constants of LAUSCHER). The 40 releases are drawn together: how many of the cells that are not refractory release
/// is binomial, which is the same distribution as drawing each.
/// </summary>
static class BushyCell
{
    const int HairCells = 40;
    const double MembraneTime = 1e-3;
    const double SynapseTime = 5e-4;
    const double Refractory = 1e-3;
    const double Weight = 13_000.0 / HairCells;

    /// <summary>Steps at which the cell spikes.</summary>
    public static void Respond(ReadOnlySpan<double> probability, double rate, Chance chance, List<int> spikes)
    {
        var step = 1 / rate;
        var (membraneDecay, synapseDecay) = (Math.Exp(-step / MembraneTime), Math.Exp(-step / SynapseTime));
        var pause = (int)Math.Ceiling(Refractory * rate);
        var recent = new int[Math.Max(pause - 1, 1)];
        var (available, current, voltage, silent) = (HairCells, 0.0, 0.0, 0);
        for (var i = 0; i < probability.Length; i++)
        {
            ref var oldest = ref recent[i % recent.Length];
            if (pause > 1) available += oldest;
            var released = Binomial(chance, available, probability[i]);
            if (pause > 1) (available, oldest) = (available - released, released);
            current = current * synapseDecay + released;
            if (silent-- > 0) continue;
            voltage = voltage * membraneDecay + current * Weight * step;
            if (voltage < 1) continue;
            spikes.Add(i);
            (voltage, silent) = (0, pause);
        }
    }

    /// <summary>
    /// Number of successes in <paramref name="trials"/> by inversion, with multiplications and one division per outcome only.
    /// </summary>
    static int Binomial(Chance chance, int trials, double probability)
    {
        if (trials == 0 || probability <= 0) return 0;
        if (probability >= 1) return trials;
        var (odds, mass, square) = (probability / (1 - probability), 1.0, 1 - probability);
        for (var power = trials; power > 0; power >>= 1, square *= square)
            if ((power & 1) != 0) mass *= square;
        var (draw, count) = (chance.Unit(), 0);
        for (; draw >= mass && count < trials; count++)
        {
            draw -= mass;
            mass *= odds * (trials - count) / (count + 1);
        }
        return count;
    }
}
