using System.Runtime.InteropServices;

namespace Harness.Spiking.Simulation.Running;

/// <summary>
/// The exact solution of a <see cref="LifCell"/> over some time: v ← settled + (v − settled) Keep + e FromExcitatory + i FromInhibitory,
/// e ← e KeepExcitatory, i ← i KeepInhibitory, where settled = rest + drive.
/// </summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct LifDecay(double Keep, double KeepExcitatory, double KeepInhibitory, double FromExcitatory, double FromInhibitory)
{
    public static LifDecay Over(LifCell cell, double seconds) => new(Math.Exp(-seconds / cell.Tau),
        Math.Exp(-seconds / cell.ExcitatoryTau), Math.Exp(-seconds / cell.InhibitoryTau), From(cell.ExcitatoryTau, cell.Tau, seconds),
        From(cell.InhibitoryTau, cell.Tau, seconds));

    // Two time constants that are all but equal would subtract two equal numbers; their limit is exact there.
    static double From(double synapse, double membrane, double seconds) => Math.Abs(synapse - membrane) < 1e-9 * membrane
        ? seconds / membrane * Math.Exp(-seconds / membrane)
        : synapse / (synapse - membrane) * (Math.Exp(-seconds / synapse) - Math.Exp(-seconds / membrane));
}
