using Harness.Datasets;

namespace Suites.Clustering.Biclusters;

/// <summary>Neurons that follow one trajectory.</summary>
sealed class Group(Trajectory trajectory, int neurons)
{
    public Trajectory Trajectory { get; set; } = trajectory;

    public int Members { get; set; }

    /// <summary>Axes [neuron][axis]: where the mode of each neuron's offset and loadings was last found, member or not.</summary>
    public double[][] Modes { get; } = [.. Enumerable.Range(0, neurons).Select(_ => new double[trajectory.Axes])];

    /// <summary>Its place among the groups, in which its axes follow each other.</summary>
    public int Place { get; set; }
}

/// <summary>Which neuron is in which group, and how it follows it.</summary>
sealed class GroupedNeurons
{
    /// <param name="first">The group of all neurons to begin with.</param>
    public GroupedNeurons(CountTable counts, Group first, CountModel model, double dispersion)
    {
        (Groups, Model) = ([first], model);
        first.Members = counts.Neurons;
        Of = [.. Enumerable.Repeat(first, counts.Neurons)];
        Loadings = [.. Enumerable.Range(0, counts.Neurons).Select(_ => new double[first.Trajectory.Axes])];
        Dispersions = [.. Enumerable.Repeat(dispersion, counts.Neurons)];
    }

    public CountModel Model { get; }

    /// <summary>Those that have members, each at its place.</summary>
    public List<Group> Groups { get; }

    /// <summary>The group of each neuron.</summary>
    public Group[] Of { get; }

    /// <summary>Axes [neuron][axis], the offset first.</summary>
    public double[][] Loadings { get; }

    /// <summary>r of each neuron.</summary>
    public double[] Dispersions { get; }

    /// <summary>Puts a neuron into a group; one that is left by its last neuron goes, and a new one comes last.</summary>
    public void Move(int neuron, Group group)
    {
        var left = Of[neuron];
        if (left == group) return;
        if (--left.Members == 0) Groups.Remove(left);
        if (group.Members++ == 0) Groups.Add(group);
        Of[neuron] = group;
        for (var place = 0; place < Groups.Count; place++) Groups[place].Place = place;
    }
}
