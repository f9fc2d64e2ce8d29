namespace Harness.Agent.Measuring.Energy;

/// <summary>
/// The estimate that the spiking-transformer papers publish: <c>E = 4.6 pJ · MACs + 0.9 pJ · ACs</c>. It counts arithmetic in 45 nm and
/// nothing else: no memory, no routing, no neuron updates, no idle power.
/// </summary>
public sealed class SpikformerFormula() : EnergyModel(
    CardOf("energy.spikformer_formula", "Estimated energy (Spikformer formula)",
        "4.6 pJ per multiply-accumulate and 0.9 pJ per accumulate, counted per test sample "
        + "(fp32, 45 nm). Low: the same operations in int8 (0.23 and 0.03 pJ). High: fp32 with every weight read once from an 8 KB "
        + "cache (5 pJ per 32 bits more: 9.6 and 5.9 pJ). Memory beyond that, routing, neuron updates and idle power are left out "
        + "in all three.", Citation),
    new("Arithmetic of all weighted layers and attention products; no memory, routing, neuron updates or idle power.",
        "45 nm CMOS, fp32 (low: int8)", Citation, Constants))
{
    const string Citation = "Formula: Zhou et al., Spikformer, ICLR 2023; constants: Horowitz, ISSCC 2014 (45 nm)";
    const double WeightFromCache = Horowitz.Cache8KB / 2;

    /// <summary>The two coefficients that all formulas of the spiking literature share.</summary>
    internal static IReadOnlyList<EnergyConstant> Constants { get; } =
    [
        new("mac", Horowitz.Int8Mac, Horowitz.Float32Mac, Horowitz.Float32Mac + WeightFromCache, "pJ/MAC", Horowitz.Source),
        new("ac", Horowitz.Int8Add, Horowitz.Float32Add, Horowitz.Float32Add + WeightFromCache, "pJ/AC", Horowitz.Source),
    ];

    protected override double Amount(OperationCounts operations, Costs costs) =>
        costs["mac"] * operations.Macs + costs["ac"] * operations.Acs;
}

/// <summary>
/// The sum that syops-counter prints: the same coefficients over convolutions and linear layers only; products of two activations
/// (attention) are reported there apart and stay out.
/// </summary>
public sealed class SyopsCounter() : EnergyModel(
    CardOf("energy.syops", "Estimated energy (syops-counter)",
        "4.6 pJ per multiply-accumulate and 0.9 pJ per accumulate of convolutions and linear layers; attention products, pooling, "
        + "normalisation and neurons are left out. Range as energy.spikformer_formula.", Citation),
    new("Convolutions and linear layers only.", "45 nm CMOS, fp32 (low: int8)", Citation, SpikformerFormula.Constants))
{
    const string Citation = "syops-counter (Chen et al. 2023) as used for Spikingformer (Zhou et al. 2023)";

    protected override double Amount(OperationCounts operations, Costs costs) =>
        operations.Layers.Where(layer => layer.Kind is "conv" or "linear")
            .Sum(layer => costs["mac"] * layer.Macs + costs["ac"] * layer.Acs);
}
