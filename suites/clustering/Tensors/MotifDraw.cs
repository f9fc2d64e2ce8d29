using Harness.Datasets;

namespace Suites.Clustering.Tensors;

/// <summary>One simulated tensor.</summary>
/// <param name="nodes">At least 9, the largest motif.</param>
sealed class MotifDraw(int nodes, int times, int animals, Chance chance)
{
    const double Period = 14;

    /// <summary>What is planted of a motif.</summary>
    /// <param name="Loadings">Axis [node]; 0 of nodes that do not belong to it.</param>
    /// <param name="Window">Axis [time], 0..1.</param>
    /// <param name="Gains">Axis [animal].</param>
    sealed record Plan(double[] Loadings, double[] Window, double[] Gains)
    {
        public int[] Groups => [.. Loadings.Select(loading => loading > 0 ? 1 : 0)];
    }

    /// <summary>The products themselves, with normal noise of the same mean square.</summary>
    public PairTensor Planted()
    {
        Motif[] motifs = [.. Plans().Select(plan => new Motif(
            [.. PairTensor.PairsOf(nodes).Select(pair => plan.Loadings[pair.One] * plan.Loadings[pair.Other])], plan.Window, plan.Gains,
            plan.Groups))];
        var values = new double[motifs[0].Pairs.Count * times * animals];
        for (var pair = 0; pair < motifs[0].Pairs.Count; pair++)
            for (var time = 0; time < times; time++)
                for (var animal = 0; animal < animals; animal++)
                    values[(pair * times + time) * animals + animal] =
                        motifs.Sum(motif => motif.Pairs[pair] * motif.Times[time] * motif.Animals[animal]);
        var noise = Math.Sqrt(values.Average(value => value * value));
        return new(Array.ConvertAll(values, value => value + noise * chance.Normal()), nodes, times, animals) { Motifs = motifs };
    }

    /// <summary>
    /// Affinities of traces. Of a motif they are nearly a product: of roots of loadings, of the slopes of its oscillation, and of gains.
    /// </summary>
    public PairTensor OfTraces()
    {
        Plan[] plans = [.. Plans()];
        double[][] waves = [.. plans.Select(Wave)];
        var (affinity, values) = (new DifferentialAffinity(), new double[nodes * (nodes - 1) / 2 * times * animals]);
        for (var animal = 0; animal < animals; animal++)
        {
            var own = affinity.Of([.. Enumerable.Range(0, nodes).Select(node => Trace(plans, waves, node, animal))]);
            for (var pair = 0; pair < own.GetLength(0); pair++)
                for (var time = 0; time < times; time++) values[(pair * times + time) * animals + animal] = own[pair, time];
        }
        return new(values, nodes, times, animals) { Motifs = [.. plans.Zip(waves, (plan, wave) => Expected(plan, wave, affinity))] };
    }

    static Motif Expected(Plan plan, double[] wave, DifferentialAffinity affinity)
    {
        var slopes = affinity.Of([wave, wave], scale: false);
        var pairs = PairTensor.PairsOf(plan.Loadings.Length);
        return new([.. pairs.Select(pair => Math.Sqrt(plan.Loadings[pair.One] * plan.Loadings[pair.Other]))],
            [.. Enumerable.Range(0, wave.Length).Select(time => slopes[0, time])], plan.Gains, plan.Groups);
    }

    // The mean square of an oscillation at its height is that of the noise, for loading and gain 1.
    double[] Trace(Plan[] plans, double[][] waves, int node, int animal) => [.. Enumerable.Range(0, times).Select(time =>
        plans.Zip(waves).Sum(motif => motif.First.Loadings[node] * motif.First.Gains[animal] * motif.Second[time]) + chance.Normal())];

    double[] Wave(Plan plan)
    {
        var phase = 2 * Math.PI * chance.Unit();
        return [.. plan.Window.Select((height, time) => Math.Sqrt(2) * height * Math.Sin(2 * Math.PI * time / Period + phase))];
    }

    IEnumerable<Plan> Plans() => Enumerable.Range(0, 2 + chance.Below(3)).Select(_ => One()).ToArray();

    Plan One()
    {
        int[] order = [.. Enumerable.Range(0, nodes)];
        chance.Shuffle(order.AsSpan());
        var loadings = new double[nodes];
        foreach (var node in order.AsSpan(0, 6 + chance.Below(4))) loadings[node] = 0.5 + chance.Unit();
        var (middle, half) = (times * (0.1 + 0.8 * chance.Unit()), 15 + 15 * chance.Unit());
        return new(loadings, [.. Enumerable.Range(0, times).Select(time =>
                Math.Abs(time - middle) < half ? 0.5 + 0.5 * Math.Cos(Math.PI * (time - middle) / half) : 0)],
            [.. Enumerable.Range(0, animals).Select(_ => 0.3 + 1.4 * chance.Unit())]);
    }
}
