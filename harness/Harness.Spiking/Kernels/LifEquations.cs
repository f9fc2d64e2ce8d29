using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Spiking.Neurons;

namespace Harness.Spiking.Kernels;

/// <summary>The equations of <see cref="LifParameters"/> on several neurons at once: the one text that every LIF kernel computes.</summary>
[StructLayout(LayoutKind.Auto)]
readonly struct LifEquations<TLanes>(LifParameters lif) where TLanes : struct, ILanes<TLanes>
{
    readonly TLanes leak = TLanes.Fill(1 / lif.Tau), keep = TLanes.Fill(1 - 1 / lif.Tau);
    readonly TLanes threshold = TLanes.Fill(lif.Threshold), bar = TLanes.Fill(lif.Bar), slope = TLanes.Fill(lif.Slope);
    readonly TLanes gain = TLanes.Fill(lif.DecayInput ? 1 / lif.Tau : 1);
    readonly bool decay = lif.DecayInput, soft = lif.Reset == ResetRule.Soft, attached = !lif.DetachReset;

    /// <summary>V before the first step.</summary>
    public TLanes Rest { get; } = TLanes.Fill(lif.ResetPotential);

    /// <summary>H.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Charge(TLanes v, TLanes x) => decay ? v + (x - (v - Rest)) * leak : v - (v - Rest) * leak + x;

    /// <summary>S.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Fire(TLanes h) => TLanes.WhereAtLeast(h, bar, TLanes.Fill(1), TLanes.Fill(0));

    /// <summary>V after the step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Reset(TLanes h) => TLanes.WhereAtLeast(h, bar, soft ? h - threshold : Rest, h);

    /// <summary>
    /// dL/dH, of V = (1 - S) H + S Vr (hard) or H - threshold S (soft): through H, and through S unless the reset is detached.
    /// </summary>
    /// <param name="spikeGradient">dL/dS.</param>
    /// <param name="later">dL/dV, of the step after.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes ChargeGradient<TSlope>(TLanes h, TLanes spikeGradient, TLanes later) where TSlope : ISurrogateSlope
    {
        var direct = soft ? later : TLanes.WhereAtLeast(h, bar, TLanes.Fill(0), later);
        if (attached) spikeGradient -= later * (soft ? threshold : h - Rest);
        return spikeGradient * TSlope.At(h - threshold, slope) + direct;
    }

    /// <summary>dL/dV of the step before, from dL/dH.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Earlier(TLanes chargeGradient) => chargeGradient * keep;

    /// <summary>dL/dX, from dL/dH.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes InputGradient(TLanes chargeGradient) => chargeGradient * gain;
}
