namespace Harness.Agent.Measuring.Energy;

/// <summary>
/// Arithmetic computation effort in bit operations, not joules: <c>S-ACE = Σ T·b_w·b_s·n</c> over layers with n dense
/// multiply-accumulates a step, and NS-ACE, which counts only what spikes cause.
/// </summary>
/// <param name="sparse">True for NS-ACE.</param>
public sealed class BitBudget(bool sparse) : EnergyModel(
    CardOf(sparse ? "ops.ns_ace" : "ops.s_ace", sparse ? "Bit operations caused (NS-ACE)" : "Bit operations (S-ACE)",
        "time steps × weight bits × activation bits × operations of a step, summed over weighted layers and attention products"
        + (sparse ? ", times the input rate" : "") + "; spikes have 1 bit, real values 32; weights 32 (low: 8 bits for both).", Citation,
        unit: "bit operations/sample"),
    new("Arithmetic only, in bit operations; not comparable with joules.", "any", Citation,
        [new("weight_bits", 8, 32, 32, "bit", "fp32 as run; low: int8"),
            new("activation_bits", 8, 32, 32, "bit", "fp32 as run; low: int8")]))
{
    const string Citation = "Shen et al., Are Conventional SNNs Really Efficient?, CVPR 2024, arXiv 2311.10802";

    protected override double Scale => 1;

    protected override double Amount(OperationCounts operations, Costs costs) => operations.Layers.Sum(layer => costs["weight_bits"]
        * (layer.Macs > 0 ? costs["activation_bits"] * layer.Macs : sparse ? layer.Acs : layer.DenseOperations));
}
