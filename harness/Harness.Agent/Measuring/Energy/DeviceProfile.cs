namespace Harness.Agent.Measuring.Energy;

/// <summary>What is published about a device: coefficients with their sources, limits, and what nobody has published.</summary>
/// <param name="Kind">neuromorphic, gpu, phone or cpu: decides which formula the coefficients enter.</param>
/// <param name="Constants">In pJ, by the names of <see cref="ProfileModel"/>.</param>
/// <param name="Limits">e.g. <c>cores</c>, <c>neurons_per_core</c>, <c>weight_bits</c>; for placing a network, not for energy.</param>
/// <param name="Unknown">What the profile does not know, one sentence each.</param>
public sealed record DeviceProfile(string Id, int Version, string Title, string Kind, string Node,
    IReadOnlyList<EnergyConstant> Constants, IReadOnlyDictionary<string, double> Limits, IReadOnlyList<string> Unknown)
{
    public static IReadOnlyList<string> Kinds { get; } = ["neuromorphic", "gpu", "phone", "cpu"];
}

/// <summary>
/// Joules on a profiled device. What the host of a board computed is no part of the board and left out. Event-driven boards:
/// <c>synop·(ACs + MACs) + update·U + spike·spikes</c>. Machines with caches
/// (gpu, phone, cpu): a roofline, <c>flop·2·dense + byte·traffic</c>, where every step moves inputs, weights and outputs once.
/// </summary>
public sealed class ProfileModel(DeviceProfile profile) : EnergyModel(
    CardOf($"energy.device_{profile.Id.Replace('-', '_')}", $"Estimated energy on {profile.Title}", Definition(profile), Sources(profile),
        profile.Version),
    new(Definition(profile), profile.Node, Sources(profile), profile.Constants))
{
    /// <summary>What a profile must know for an estimate; what else it does not know is left out of the sum, and said so.</summary>
    public static IReadOnlyList<string> Needed(string kind) => kind == "neuromorphic" ? ["synop"] : ["flop", "byte"];

    protected override string? ObstacleOrNull(OperationCounts operations)
    {
        var missing = Needed(profile.Kind).Where(name => !Knows(profile, name)).ToList();
        if (missing.Count > 0) return $"{profile.Title}: {string.Join(" ", profile.Unknown)}";
        if (profile.Kind != "neuromorphic") return ShapeObstacle(operations);
        return operations.At(null).Layers.Any(layer => layer.NeuronUpdates > 0) ? null
            : $"{profile.Title} runs spiking networks; this model has no spiking neurons.";
    }

    protected override double Amount(OperationCounts operations, Costs costs)
    {
        var layers = operations.Layers;
        if (profile.Kind != "neuromorphic")
            return costs["flop"] * 2 * layers.Sum(layer => layer.DenseOperations)
                + costs["byte"] * layers.Sum(MemoryCosts.DenseBytes);
        // A layer with real-valued input is fed by graded events: every operation of it is a synaptic one.
        var board = operations.At(null);
        return costs["synop"] * (board.Acs + board.Macs) + Known("update") * board.Layers.Sum(layer => layer.NeuronUpdates)
            + Known("spike") * board.Layers.Sum(layer => layer.Spikes);

        double Known(string name) => Knows(profile, name) ? costs[name] : 0;
    }

    static bool Knows(DeviceProfile profile, string name) => profile.Constants.Any(constant => constant.Name == name);

    static string Definition(DeviceProfile profile) => profile.Kind == "neuromorphic"
        ? $"{Parts(profile)} on {profile.Title} ({profile.Node}) at their published energies; real-valued input counts as graded events. "
            + $"{string.Join(" ", profile.Unknown)} No static power, no input and output of the board, "
            + "nothing of its host."
        : $"two floating-point operations per dense multiply-accumulate and every input, weight and output moved once a step on "
            + $"{profile.Title} ({profile.Node}); no static power.";

    static string Parts(DeviceProfile profile) => string.Join(", ", new[] { ("synop", "synaptic operations"),
        ("update", "neuron updates"), ("spike", "spike messages") }.Where(part => Knows(profile, part.Item1)).Select(part => part.Item2)
        .DefaultIfEmpty("nothing"));

    static string Sources(DeviceProfile profile) =>
        string.Join("; ", profile.Constants.Select(constant => constant.Source).Distinct(StringComparer.Ordinal));
}
