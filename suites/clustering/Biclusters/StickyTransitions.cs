using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>
/// Transitions of the sticky hierarchical Dirichlet process in its weak limit of so many states (Fox, Sudderth, Jordan and Willsky 2011):
/// β ~ Dir(γ/L, ..), π_j ~ Dir(α β + κ e_j).
/// </summary>
/// <param name="concentration">α.</param>
/// <param name="spread">γ.</param>
/// <param name="stickiness">κ.</param>
sealed class StickyTransitions(int states, double concentration, double spread, double stickiness)
{
    readonly double[] _shares = [.. Enumerable.Repeat(1.0 / states, states)];

    public int States => states;

    /// <summary>Axes [from, to]; rows sum to 1.</summary>
    public double[] Probabilities { get; } = new double[states * states];

    /// <summary>β, summing to 1.</summary>
    public IReadOnlyList<double> Shares => _shares;

    /// <summary>Draws β and π given how often each transition was taken.</summary>
    /// <param name="counts">Axes [from, to].</param>
    public void Draw(ReadOnlySpan<int> counts, Chance chance)
    {
        Span<double> tables = stackalloc double[states], weights = stackalloc double[states];
        tables.Fill(spread / states);
        for (var from = 0; from < states; from++)
            for (var to = 0; to < states; to++)
            {
                var own = concentration * _shares[to];
                var seated = Tables(counts[from * states + to], own + (from == to ? stickiness : 0), chance);
                // Of the tables of staying, those that stickiness itself opened say nothing of β.
                if (from == to) seated -= Successes(seated, stickiness / (stickiness + own), chance);
                tables[to] += seated;
            }
        Dirichlet(tables, _shares, chance);
        for (var from = 0; from < states; from++)
        {
            for (var to = 0; to < states; to++)
                weights[to] = concentration * _shares[to] + (from == to ? stickiness : 0) + counts[from * states + to];
            Dirichlet(weights, Probabilities.AsSpan(from * states, states), chance);
        }
    }

    // Tables of a Chinese restaurant with so many customers.
    static int Tables(int customers, double mass, Chance chance)
    {
        var tables = 0;
        for (var seated = 0; seated < customers; seated++)
            if (chance.Unit() * (mass + seated) < mass) tables++;
        return tables;
    }

    static int Successes(int of, double probability, Chance chance)
    {
        var count = 0;
        for (var one = 0; one < of; one++)
            if (chance.Unit() < probability) count++;
        return count;
    }

    // Tiny shapes may give 0, which no logarithm stands.
    static void Dirichlet(ReadOnlySpan<double> shapes, Span<double> shares, Chance chance)
    {
        var sum = 0.0;
        for (var at = 0; at < shapes.Length; at++) sum += shares[at] = chance.Gamma(shapes[at]) + 1e-300;
        for (var at = 0; at < shapes.Length; at++) shares[at] /= sum;
    }
}
