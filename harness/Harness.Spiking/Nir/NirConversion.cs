using Harness.Spiking.Neurons;

namespace Harness.Spiking.Nir;

/// <summary>
/// Our neurons in discrete time as NIR's in continuous time, and back. One of our steps is h seconds; forward Euler with that step makes
/// H = V + (X − (V − Vr)) / τ of τ' v′ = v_leak − v + R x with τ' = τ h, v_leak = Vr and R = 1, or R = τ where the input does not decay;
/// integrate-and-fire has R = 1 / h. NIR fires above the threshold, so that one that fires itself is written as the number below it.
/// </summary>
public static class NirConversion
{
    const double Tolerance = 1e-5;

    /// <summary>A layer of neurons.</summary>
    /// <param name="step">Seconds of a step.</param>
    /// <param name="shape">Of the layer.</param>
    /// <exception cref="UnsupportedException">A soft reset, which NIR does not have.</exception>
    public static NirNeuron Of(LifParameters lif, double step, params int[] shape)
    {
        Require(lif.Checked(), step);
        var (threshold, reset) = (All(Below(lif)), All(lif.ResetPotential));
        return float.IsInfinity(lif.Tau) ? new NirIntegrateAndFire(All(1 / step), threshold, reset)
            : new NirLif(All(lif.Tau * step), All(lif.DecayInput ? 1 : lif.Tau), reset, threshold, reset);

        NirArray All(double value) => NirArray.Filled(NirType.Float64, value, shape);
    }

    /// <summary>A layer of <see cref="CurrentLif"/> neurons.</summary>
    /// <param name="currentKept">Share of the current that is left a step later.</param>
    public static NirCubaLif Of(LifParameters lif, float currentKept, double step, params int[] shape)
    {
        Require(lif.Checked(), step);
        if (float.IsInfinity(lif.Tau)) throw new UnsupportedException("NIR's CubaLIF leaks; give a finite membrane time constant.");
        var synapse = step / (1 - (double)currentKept);
        return new(All(synapse), All(lif.Tau * step), All(lif.DecayInput ? 1 : lif.Tau), All(lif.ResetPotential), All(Below(lif)),
            All(lif.ResetPotential), All(synapse / step));

        NirArray All(double value) => NirArray.Filled(NirType.Float64, value, shape);
    }

    /// <summary>The neurons of an IF or LIF node, or of the membrane of a CubaLIF node, at steps of so many seconds.</summary>
    /// <exception cref="UnsupportedException">
    /// Parameters that differ between neurons, a resistance that is no gain of ours (scale the weights before the node by it), or a reset
    /// to elsewhere than the leak.
    /// </exception>
    public static LifParameters Lif(NirNeuron neuron, double step, NirDiscretisation by = NirDiscretisation.ForwardEuler) => neuron switch
    {
        NirIntegrateAndFire one when Near(One(one.R, "r") * step, 1) => (LifParameters.IntegrateAndFire with
        {
            Threshold = (float)One(one.Threshold, "v_threshold"), ResetPotential = (float)One(one.Reset, "v_reset"), Fires = FireRule.Above,
        }).Checked(),
        NirIntegrateAndFire one => throw new UnsupportedException($"Integrate-and-fire here adds its input as it is: r must be 1 / step "
            + $"({1 / step}), not {One(one.R, "r")}; scale the weights before the node."),
        NirLif one => Leaky(Kept(One(one.Tau, "tau"), step, by), One(one.R, "r"), one.Leak, one.Threshold, one.Reset),
        NirCubaLif one => Leaky(Kept(One(one.MembraneTau, "tau_mem"), step, by), One(one.R, "r"), one.Leak, one.Threshold, one.Reset),
        _ => throw new UnsupportedException($"A node of kind {neuron.Kind} is not a leaky integrate-and-fire neuron."),
    };

    /// <summary>The share of a CubaLIF node's current that a step leaves.</summary>
    /// <exception cref="UnsupportedException">Its input weight does not add the input as it is.</exception>
    public static float CurrentKept(NirCubaLif neuron, double step, NirDiscretisation by = NirDiscretisation.ForwardEuler)
    {
        var left = Kept(One(neuron.SynapseTau, "tau_syn"), step, by);
        return Near(One(neuron.InputWeight, "w_in") * (1 - left), 1) ? (float)left
            : throw new UnsupportedException($"A current here takes its input as it is: w_in must be {1 / (1 - left):G9} at this step, not "
                + $"{One(neuron.InputWeight, "w_in"):G9}; scale the weights before the node.");
    }

    static double Kept(double tau, double step, NirDiscretisation by)
    {
        var kept = by == NirDiscretisation.ForwardEuler ? 1 - step / tau : Math.Exp(-step / tau);
        // A step that is as long as the time constant, but for rounding, keeps nothing.
        return kept > -Tolerance ? Math.Max(kept, 0)
            : throw new UnsupportedException($"A time constant of {tau} s is shorter than the step of {step} s, which forward Euler cannot "
                + "take; use shorter steps.");
    }

    static LifParameters Leaky(double kept, double r, NirArray leak, NirArray threshold, NirArray reset)
    {
        var tau = 1 / (1 - kept);
        var decays = Near(r, 1);
        if (!decays && !Near(r, tau))
            throw new UnsupportedException($"An input here is divided by the time constant or not: r must be 1 or {tau:G9} at this step, "
                + $"not {r:G9}; scale the weights before the node.");
        if (One(leak, "v_leak") != One(reset, "v_reset"))
            throw new UnsupportedException($"A neuron here leaks to its reset potential: v_leak ({leak}) and v_reset ({reset}) differ.");
        return new LifParameters((float)tau, (float)One(threshold, "v_threshold"), decays, ResetPotential: (float)One(reset, "v_reset"),
            Fires: FireRule.Above).Checked();
    }

    static void Require(LifParameters lif, double step)
    {
        if (!(step > 0) || !double.IsFinite(step)) throw new HarnessException($"A time step must be above 0 s, not {step}.");
        if (lif.Reset == ResetRule.Soft)
            throw new UnsupportedException("NIR resets to a potential and has no soft reset; train with a hard one to export.");
    }

    static double Below(LifParameters lif) => lif.Fires == FireRule.Above ? lif.Threshold : MathF.BitDecrement(lif.Threshold);

    static bool Near(double value, double expected) => Math.Abs(value - expected) <= Tolerance * Math.Abs(expected);

    static double One(NirArray values, string name) => values.Values.Distinct().Take(2).ToList() is [var one] ? one
        : throw new UnsupportedException($"The neurons of a layer here are alike, but {name} is {values}.");
}
