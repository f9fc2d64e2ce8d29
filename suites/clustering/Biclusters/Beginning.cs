using Harness.Datasets;
using Suites.Clustering.Centers;

namespace Suites.Clustering.Biclusters;

/// <summary>Groups to begin with: more than there should be by k-means of smoothed rates, then joined while the evidence gains.</summary>
sealed class Beginning(CountTable counts, GroupedNeurons neurons, FiniteMixture mixture, double noise)
{
    /// <summary>Neurons of a group to begin with, on average.</summary>
    const int PerGroup = 3;

    /// <summary>Bins of the standard deviation that smooths.</summary>
    const double Width = 5;

    readonly GroupEvidence _evidence = new(counts, neurons, noise);

    /// <summary>Parts the neurons by k-means of standardized square roots of smoothed counts.</summary>
    public void Part(int axes, Chance chance, CancellationToken cancellation)
    {
        var rates = SmoothedRates.Of(counts, Width);
        var groups = Math.Max(1, counts.Neurons / PerGroup);
        var lloyd = new Lloyd(rates, 1e-4, 300, _ => cancellation.ThrowIfCancellationRequested(), 1);
        var labels = lloyd.Best(groups, 10, chance).Assignment;
        var parts = Enumerable.Range(0, groups).Select(_ => new Group(FreshTrajectory.Draw(axes, counts.Bins, smooth: false, chance),
            counts.Neurons)).ToArray();
        for (var neuron = 0; neuron < counts.Neurons; neuron++) neurons.Move(neuron, parts[labels[neuron]]);
    }

    /// <summary>Joins groups, the pair that gains most first, until no pair gains.</summary>
    public void Join(CancellationToken cancellation)
    {
        var evidence = neurons.Groups.ToDictionary(group => group, group => _evidence.Of(Members(group), group.Trajectory.Copy()));
        var pairs = new Dictionary<(Group, Group), (double Evidence, Trajectory Trajectory)>();
        while (neurons.Groups.Count > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var pair in Pairs())
                if (!pairs.ContainsKey(pair)) pairs[pair] = Together(pair.One, pair.Other);
            var best = Pairs().MaxBy(Gain);
            if (Gain(best) <= 0) return;
            var (joined, trajectory) = pairs[best];
            (best.One.Trajectory, evidence[best.One]) = (trajectory, joined);
            foreach (var neuron in Members(best.Other)) neurons.Move(neuron, best.One);
            foreach (var pair in pairs.Keys.Where(pair => pair.Item1 == best.One || pair.Item2 == best.One).ToArray()) pairs.Remove(pair);
        }

        double Gain((Group One, Group Other) pair) => pairs[pair].Evidence - evidence[pair.One] - evidence[pair.Other]
            + mixture.LogProbability(neurons.Groups.Where(group => group != pair.Other)
                .Select(group => group.Members + (group == pair.One ? pair.Other.Members : 0)))
            - mixture.LogProbability(neurons.Groups.Select(group => group.Members));
    }

    // The mode depends on where it is looked for: from the trajectories of both.
    (double, Trajectory) Together(Group one, Group other)
    {
        int[] members = [.. Members(one), .. Members(other)];
        return new[] { one, other }.Select(group => group.Trajectory.Copy()).Select(start => (_evidence.Of(members, start), start))
            .MaxBy(found => found.Item1);
    }

    int[] Members(Group group) => [.. Enumerable.Range(0, counts.Neurons).Where(neuron => neurons.Of[neuron] == group)];

    IEnumerable<(Group One, Group Other)> Pairs() => Enumerable.Range(1, neurons.Groups.Count - 1).SelectMany(at =>
        Enumerable.Range(0, at).Select(before => (neurons.Groups[before], neurons.Groups[at])));
}
