namespace Harness.Agent.Measuring.Energy;

/// <summary>Every analytic model there is, in the order in which tables show them; device profiles come on top.</summary>
public static class Estimators
{
    public static IReadOnlyList<IEnergyModel> All { get; } =
    [
        new SpikformerFormula(), new SyopsCounter(), new StepReconstruction(), new Lemaire2022("paper", new()),
        new Lemaire2022("spikingjelly", LemaireOptions.SpikingJelly), new Lemaire2022("qualia", LemaireOptions.Qualia), new Yan2024(),
        new SpikingJellySimple(), new SpikingJellyNeuromorphic(), new BitBudget(sparse: false), new BitBudget(sparse: true),
    ];
}
