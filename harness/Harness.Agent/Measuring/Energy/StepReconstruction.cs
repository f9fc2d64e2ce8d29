namespace Harness.Agent.Measuring.Energy;

/// <summary>
/// Our reconstruction of the energy model of STEP (NeurIPS 2025), whose equations are not published with its code; never STEP's number.
/// <c>E = E_MAC·MACs + E_AC·ACs + 2·B·E_mem·U</c> with U membrane updates (read and write of B bits each), and for layers that do not
/// spike B·E_mem for every output. A layer of whole numbers of b bits is held to be worked through bit by bit: E_AC·b·R_b for each of its
/// MACs, R_b the share of set bits of its input, and b bits for every output.
/// </summary>
public sealed class StepReconstruction() : EnergyModel(
    CardOf("energy.step_reconstruction", "Estimated energy (STEP, reconstructed)",
        "arithmetic as energy.spikformer_formula, plus 3.12 pJ per bit of traffic: each membrane is read and written in 32 bits at every "
        + "step, each output of a layer without spiking neurons is written in its own bits, 32 of float32. MACs of quantized layers are "
        + "accumulates over set bits. Weights are held to be read for free.", Citation, version: 2),
    new("Arithmetic, membrane traffic, real-valued activations; no weight traffic, no routing, no idle power.",
        "45 nm CMOS, fp32, state in 32 bits", Citation,
        [.. SpikformerFormula.Constants,
            new("memory", 0.25, 3.12, 20, "pJ/bit", "mid: STEP (24.96 pJ/byte, as SpikingJelly's documentation quotes it); "
                + "low: on-chip dense, high: DRAM, both Yan et al. 2024")]))
{
    const string Citation = "Reconstruction after STEP, NeurIPS 2025; not the authors' code";
    const int Bits = 32;

    protected override string? ObstacleOrNull(OperationCounts operations) => ShapeObstacle(operations);

    protected override double Amount(OperationCounts operations, Costs costs)
    {
        var state = 2.0 * Bits * operations.Layers.Sum(layer => layer.NeuronUpdates);
        // A spiking network's activations are spikes; a network without neurons keeps real values.
        var spiking = operations.Layers.Any(layer => layer.NeuronUpdates > 0);
        var activations = spiking ? 0 : operations.Layers.Sum(layer => (layer.Bits ?? Bits) * (layer.Shape?.Outputs ?? 0));
        return operations.Layers.Sum(layer => costs[layer.Bits is null ? "mac" : "ac"] * Multiplications(layer))
            + costs["ac"] * operations.Acs + costs["memory"] * (state + activations);
    }

    // Of whole numbers, every set bit of an operand is an accumulate; a layer that does not tell them has half of them set.
    static double Multiplications(LayerOperations layer) => layer.Macs * (layer.Bits is { } bits ? bits * (layer.SetBits ?? 0.5) : 1);

    /// <summary>
    /// Below this rate-steps product a spiking layer costs less arithmetic than the fp32 layer: E_MAC/E_AC = 5.11.
    /// </summary>
    public static double BreakEvenAgainstFloat { get; } = Horowitz.Float32Mac / Horowitz.Float32Add;

    /// <summary>The same against a bit-serial layer of <paramref name="bits"/> bits of which the share <paramref name="set"/> is
    /// one.</summary>
    public static double BreakEvenAgainstBitSerial(int bits, double set) => bits * set;
}
