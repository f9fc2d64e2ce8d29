namespace Harness.Agent.Measuring;

/// <summary>
/// The estimate that the spiking-transformer papers publish: <c>E = 4.6 pJ · MACs + 0.9 pJ · ACs</c>. It counts arithmetic in 45 nm and
/// nothing else: no memory, no routing, no neuron updates, no idle power.
/// </summary>
public sealed class SpikformerFormula : IEnergyModel
{
    const double Picojoule = 1e-12;
    const string Citation = "Formula: Zhou et al., Spikformer, ICLR 2023; constants: Horowitz, ISSCC 2014 (45 nm)";

    // Horowitz 2014, 45 nm: fp32 multiplication 3.7 pJ and addition 0.9 pJ; int8 multiplication 0.2 pJ and addition 0.03 pJ;
    // 10 pJ to read 64 bits from an 8 KB cache, so 5 pJ for a 32-bit weight.
    static readonly (double Mac, double Ac) Int8 = (0.23, 0.03);
    static readonly (double Mac, double Ac) Float32 = (4.6, 0.9);
    static readonly (double Mac, double Ac) Float32AndCache = (9.6, 5.9);

    public MetricCard Card { get; } = new("energy.spikformer_formula", 1, "Estimated energy (Spikformer formula)", "J/sample",
        Direction.Lower)
    {
        Definition = "Estimate, not a measurement: 4.6 pJ per multiply-accumulate and 0.9 pJ per accumulate, counted per test sample " +
            "(fp32, 45 nm). Low: the same operations in int8 (0.23 and 0.03 pJ). High: fp32 with every weight read once from an 8 KB " +
            "cache (5 pJ per 32 bits more: 9.6 and 5.9 pJ). Memory beyond that, routing, neuron updates and idle power are left out " +
            "in all three.",
        Source = Citation,
    };

    public EnergyEstimate Estimate(OperationCounts operations) =>
        new(Of(operations, Int8), Of(operations, Float32), Of(operations, Float32AndCache), Citation);

    static double Of(OperationCounts operations, (double Mac, double Ac) cost) =>
        Picojoule * (cost.Mac * operations.Macs + cost.Ac * operations.Acs);
}
