using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// States of a Markov chain, all at once given what they emit: messages forward, draws backward (Rabiner 1989; Scott 2002).
/// </summary>
sealed class HiddenStates(int bins, int states)
{
    readonly double[] _filtered = new double[bins * states];

    /// <summary>Log density of everything emitted, of the last <see cref="Filter"/>; the first state is uniform.</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Axes [bin, state]: probabilities given all bins up to each.</summary>
    public ReadOnlySpan<double> Filtered => _filtered;

    /// <param name="transitions">Axes [from, to].</param>
    /// <param name="logDensities">Axes [bin, state]; changed.</param>
    public void Filter(ReadOnlySpan<double> transitions, Span<double> logDensities)
    {
        LogEvidence = 0;
        for (var bin = 0; bin < bins; bin++)
        {
            var own = _filtered.AsSpan(bin * states, states);
            var densities = logDensities.Slice(bin * states, states);
            if (bin == 0) own.Fill(1.0 / states);
            else
            {
                own.Clear();
                var before = _filtered.AsSpan((bin - 1) * states, states);
                for (var from = 0; from < states; from++)
                    for (var to = 0; to < states; to++) own[to] += before[from] * transitions[from * states + to];
            }
            var high = double.NegativeInfinity;
            foreach (var density in densities) high = Math.Max(high, density);
            var sum = 0.0;
            for (var state = 0; state < states; state++) sum += own[state] *= Math.Exp(densities[state] - high);
            for (var state = 0; state < states; state++) own[state] /= sum;
            LogEvidence += high + Math.Log(sum);
        }
    }

    /// <summary>Draws the states of the bins that were filtered.</summary>
    public void Draw(ReadOnlySpan<double> transitions, Span<int> drawn, Chance chance)
    {
        Span<double> weights = stackalloc double[states];
        for (var bin = bins - 1; bin >= 0; bin--)
        {
            var sum = 0.0;
            for (var state = 0; state < states; state++)
                sum += weights[state] = _filtered[bin * states + state]
                    * (bin == bins - 1 ? 1 : transitions[state * states + drawn[bin + 1]]);
            var left = chance.Unit() * sum;
            var chosen = 0;
            while (chosen < states - 1 && (left -= weights[chosen]) >= 0) chosen++;
            drawn[bin] = chosen;
        }
    }
}
