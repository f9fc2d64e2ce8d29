namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>The constants of a liquid, one step being 1 ms (Ivanov and Michmizos, NeurIPS 2021).</summary>
/// <param name="Weight">Magnitude of all weights at the start; the largest that plasticity allows.</param>
/// <param name="Potentiation">eta.</param>
/// <param name="Depression">A at the start, and b, which the astrocyte goes back to.</param>
/// <param name="Coupling">w_a: how strongly the astrocyte feels spikes of the liquid beyond those of the input.</param>
sealed record LiquidRules(LiquidRule Rule, double Weight, double Potentiation, double Depression, double Coupling)
{
    public const double Threshold = 20;
    public const double MembraneSteps = 64;
    public const int RefractorySteps = 2;
    public const double AstrocyteSteps = 100;
    /// <summary>What is left of rates of change after a step, while a sample is shown.</summary>
    public const double Cooling = 0.99;
    public const double TraceGain = 0.1;

    public static readonly double CurrentKept = Math.Exp(-1);
    public static readonly double TraceKept = Math.Exp(-0.1);

    public bool Plastic => Rule != LiquidRule.Fixed;
}
