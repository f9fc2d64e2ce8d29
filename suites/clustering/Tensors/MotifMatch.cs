using Suites.Clustering.Metrics;

namespace Suites.Clustering.Tensors;

/// <summary>Planted motifs and those that were found, matched one to one for the largest congruence in all.</summary>
static class MotifMatch
{
    /// <summary>For each planted motif what was found for it, null where nothing is left, and their congruence, else 0.</summary>
    public static IReadOnlyList<(Motif Planted, Motif? Found, double Congruence)> Of(IReadOnlyList<Motif> planted,
        IReadOnlyList<Motif> found)
    {
        var costs = new double[planted.Count, Math.Max(planted.Count, found.Count)];
        for (var one = 0; one < planted.Count; one++)
            for (var other = 0; other < found.Count; other++) costs[one, other] = -Congruence(planted[one], found[other]);
        return [.. LinearAssignment.Least(costs).Select((other, one) =>
            (planted[one], other < found.Count ? found[other] : null, -costs[one, other]))];
    }

    /// <summary>The product of the three cosines (Tucker's coefficient for each axis): 1 where all directions are equal.</summary>
    public static double Congruence(Motif one, Motif other) =>
        Cosine(one.Pairs, other.Pairs) * Cosine(one.Times, other.Times) * Cosine(one.Animals, other.Animals);

    static double Cosine(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        if (one.Count != other.Count)
            throw new HarnessException($"A motif has an axis of {other.Count} numbers where the tensor has {one.Count}; it must have "
                + "as many.");
        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var at = 0; at < one.Count; at++)
        {
            product += one[at] * other[at];
            first += one[at] * one[at];
            second += other[at] * other[at];
        }
        return first > 0 && second > 0 ? product / Math.Sqrt(first * second) : 0;
    }
}
