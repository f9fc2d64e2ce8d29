namespace Harness.Agent.Measuring.Energy;

/// <summary>
/// SpikingJelly's simple estimate: arithmetic plus 24.96 pJ for every byte that a dense machine moves in a step: inputs and weights read,
/// outputs written, all of fp32.
/// </summary>
public sealed class SpikingJellySimple() : EnergyModel(
    CardOf("energy.spikingjelly_simple", "Estimated energy (SpikingJelly, simple)",
        "MACs, ACs, and 24.96 pJ per byte of dense traffic: every layer reads its inputs and weights and writes its outputs at every step.",
        Citation),
    new("Arithmetic and dense memory traffic of weighted layers, whatever the spikes; no neuron state, no routing.",
        "45 nm CMOS, fp32, no reuse between steps", Citation, [.. SpikformerFormula.Constants, MemoryCosts.Byte]))
{
    const string Citation = "SpikingJelly, op_counter documentation (estimate_simple_energy)";

    protected override string? ObstacleOrNull(OperationCounts operations) => ShapeObstacle(operations);

    protected override double Amount(OperationCounts operations, Costs costs) =>
        costs["mac"] * operations.Macs + costs["ac"] * operations.Acs + costs["byte"] * operations.Layers.Sum(MemoryCosts.DenseBytes);
}

/// <summary>
/// SpikingJelly's neuromorphic memory: a spike reads the weights of its fan-out and nothing else is read for it; a layer that receives
/// real values reads densely; each neuron state is read and written once a step.
/// </summary>
public sealed class SpikingJellyNeuromorphic() : EnergyModel(
    CardOf("energy.spikingjelly_neuromorphic", "Estimated energy (SpikingJelly, neuromorphic memory)",
        "MACs, ACs, and 24.96 pJ per byte of event-driven traffic: 4 bytes of weight per accumulate, 8 bytes of state per neuron update, "
        + "dense traffic for layers with real-valued input.", Citation),
    new("Arithmetic, event-driven weight reads, neuron state; no signal routing, no event queues.", "45 nm CMOS, fp32", Citation,
        [.. SpikformerFormula.Constants, MemoryCosts.Byte]))
{
    const string Citation = "SpikingJelly, op_counter documentation (NeuromorphicMemoryAccessCounter)";

    protected override string? ObstacleOrNull(OperationCounts operations) => ShapeObstacle(operations);

    protected override double Amount(OperationCounts operations, Costs costs)
    {
        var bytes = operations.Layers.Sum(layer => layer.Macs > 0 ? MemoryCosts.DenseBytes(layer)
            : MemoryCosts.Word * (layer.Acs + 2 * layer.NeuronUpdates));
        return costs["mac"] * operations.Macs + costs["ac"] * operations.Acs + costs["byte"] * bytes;
    }
}

/// <summary>
/// Yan, Bai and Wong, "Reconsidering the energy efficiency of spiking neural networks", arXiv 2409.08290, simplified: accumulates,
/// comparisons and resets in 22 nm, weights over the network on chip, potentials kept dense.
/// </summary>
public sealed class Yan2024() : EnergyModel(
    CardOf("energy.yan2024", "Estimated energy (Yan 2024, simplified)",
        "E = SOPs·E_acc + U·E_cmp + spikes·E_sub + 8 bits of weight per SOP and 2·8 bits of state per update, in 22 nm; real-valued "
        + "inputs cost 3.7(b/32)² + 0.9(b/32) pJ per MAC at b = 8.", Citation),
    new("Accumulates, comparisons, resets, weights and state over the chip; weights are on the chip.", "22 nm, 8-bit weights and state",
        Citation,
        [
            new("accumulate", 0.05448, 0.05448, 0.05448, "pJ", Constants22nm),
            new("dense", 0.25, 0.25, 0.25 * Hops, "pJ/bit", Constants22nm + "; high: four hops"),
            new("sparse", 0.25, 3, 20, "pJ/bit", Constants22nm + "; low: on-chip dense, high: weights from DRAM"),
        ]))
{
    const string Citation = "Yan, Bai & Wong 2024, arXiv 2409.08290v4 (constants as the spyx library implements them)";
    const string Constants22nm = "Yan et al. 2024, 22 nm";
    const double Hops = 4, Bits = 8;
    const double Mac8 = 3.7 * (Bits / 32) * (Bits / 32) + 0.9 * (Bits / 32);

    protected override double Amount(OperationCounts operations, Costs costs)
    {
        var (updates, spikes) = (operations.Layers.Sum(layer => layer.NeuronUpdates), operations.Layers.Sum(layer => layer.Spikes));
        return operations.Macs * (Mac8 + Bits * costs["dense"]) + costs["accumulate"] * (operations.Acs + updates + spikes)
            + Bits * (costs["sparse"] * operations.Acs + 2 * costs["dense"] * updates);
    }

    /// <summary>The width of the quantised network that a spiking one of <paramref name="steps"/> steps is compared with.</summary>
    public static int EquivalentBits(int steps) => (int)Math.Ceiling(Math.Log2(steps + 1));
}

static class MemoryCosts
{
    public const double Word = sizeof(float);

    public static EnergyConstant Byte { get; } = new("byte", 2, 24.96, 160, "pJ/B",
        "mid: 3.12 pJ/bit (STEP, as SpikingJelly's documentation quotes it); low: on-chip dense, high: DRAM, both Yan et al. 2024");

    /// <summary>Inputs, weights and outputs of a layer at every step that it computes; for attention products the accumulates'
    /// words.</summary>
    public static double DenseBytes(LayerOperations layer) => layer.Shape is { } shape
        ? layer.TimeSteps * (Word * (shape.Inputs + shape.Outputs) + layer.WeightBytes)
        : layer.WeightBytes;
}
