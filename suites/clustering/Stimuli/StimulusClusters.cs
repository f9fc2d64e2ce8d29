using Harness.Datasets;
using Suites.Clustering.Spectra;

namespace Suites.Clustering.Stimuli;

/// <summary>
/// Some neurons in clusters, and of each cluster the stimulus that drives it and not the others: J_c(s) = r_c / t - log sum over k of
/// exp(r_k / t) + log K, where r_k is the mean response of cluster k. Stimuli climb J; neurons go to the stimulus that drives them most.
/// </summary>
sealed class StimulusClusters
{
    // Length of a step as a share of the longest stimulus; stimuli begin at the same share of it.
    const double Rate = 0.1;

    readonly Neurons _neurons;
    readonly double _temperature;
    readonly Chance _chance;
    readonly int[] _members;

    StimulusClusters(Neurons neurons, int[] members, double temperature, Chance chance) =>
        (_neurons, _members, _temperature, _chance) = (neurons, members, temperature, chance);

    /// <summary>The cluster of each member, 0..<see cref="Count"/>-1; none is empty.</summary>
    public int[] Assignment { get; private set; } = [];

    /// <summary>Axes [cluster][coordinate].</summary>
    public double[][] Stimuli { get; private set; } = [];

    public int Count => Stimuli.Length;

    /// <summary>Members drawn into chunks of equal size, each with a drawn stimulus.</summary>
    public static StimulusClusters Drawn(Neurons neurons, int[] members, int count, double temperature, Chance chance)
    {
        var order = Enumerable.Range(0, members.Length).ToArray();
        chance.Shuffle(order.AsSpan());
        var assignment = new int[members.Length];
        foreach (var (place, member) in order.Index()) assignment[member] = (int)((long)place * count / members.Length);
        var clusters = new StimulusClusters(neurons, members, temperature, chance);
        clusters.Begin(assignment, count);
        return clusters;
    }

    /// <summary>Clusters of all members as said, with stimuli drawn anew.</summary>
    public StimulusClusters With(int[] assignment)
    {
        var clusters = new StimulusClusters(_neurons, _members, _temperature, _chance);
        clusters.Begin(assignment, assignment.Max() + 1);
        return clusters;
    }

    void Begin(int[] assignment, int count)
    {
        Assignment = assignment;
        Stimuli = [.. Enumerable.Range(0, count).Select(_ => _neurons.Draw(_chance, Rate * _neurons.Length))];
    }

    /// <summary>Each stimulus climbs its J.</summary>
    public void Climb(int steps, CancellationToken cancellation)
    {
        var sizes = Sizes();
        for (var step = 0; step < steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var cluster = 0; cluster < Count; cluster++) Step(cluster, sizes);
        }
    }

    /// <summary>Neurons go to the stimulus that drives them most, and clusters without neurons go.</summary>
    /// <returns>Whether any neuron moved.</returns>
    public bool Reassign()
    {
        var responses = Stimuli.Select(stimulus => _neurons.See(stimulus, _members).Responses).ToArray();
        int[] driven = [.. Enumerable.Range(0, _members.Length).Select(member =>
            Enumerable.Range(0, Count).MaxBy(cluster => responses[cluster][member]))];
        var moved = !driven.SequenceEqual(Assignment);
        int[] left = [.. driven.Distinct().Order()];
        Stimuli = [.. left.Select(cluster => Stimuli[cluster])];
        Assignment = [.. driven.Select(cluster => Array.BinarySearch(left, cluster))];
        return moved;
    }

    /// <summary>The mean of J over clusters.</summary>
    public double Objective()
    {
        var sizes = Sizes();
        return Enumerable.Range(0, Count).Average(cluster =>
        {
            var shares = Shares(_neurons.See(Stimuli[cluster], _members).Responses, sizes);
            return Math.Log(Math.Max(shares[cluster], double.Epsilon)) + Math.Log(Count);
        });
    }

    int[] Sizes()
    {
        var sizes = new int[Count];
        foreach (var cluster in Assignment) sizes[cluster]++;
        return sizes;
    }

    // Softmax of the clusters' mean responses.
    double[] Shares(double[] responses, int[] sizes)
    {
        var means = new double[Count];
        for (var member = 0; member < responses.Length; member++)
            means[Assignment[member]] += responses[member] / sizes[Assignment[member]] / _temperature;
        var most = means.Max();
        var total = means.Sum(mean => Math.Exp(mean - most));
        return [.. means.Select(mean => Math.Exp(mean - most) / total)];
    }

    void Step(int cluster, int[] sizes)
    {
        var (responses, slopes) = _neurons.See(Stimuli[cluster], _members);
        var shares = Shares(responses, sizes);
        var weights = new double[responses.Length];
        for (var member = 0; member < weights.Length; member++)
        {
            var own = Assignment[member];
            weights[member] = ((own == cluster ? 1 : 0) - shares[own]) * slopes[member] / sizes[own] / _temperature;
        }
        var gradient = new double[Stimuli[cluster].Length];
        _neurons.AddFilters(gradient, _members, weights);
        var steepness = Math.Sqrt(Subspace.Dot(gradient, gradient));
        if (steepness == 0) return;
        Subspace.AddScaled(Stimuli[cluster], gradient, Rate * _neurons.Length / steepness);
        var length = Math.Sqrt(Subspace.Dot(Stimuli[cluster], Stimuli[cluster]));
        if (length <= _neurons.Length) return;
        for (var at = 0; at < gradient.Length; at++) Stimuli[cluster][at] *= _neurons.Length / length;
    }
}
