using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Pipelines;

/// <summary>Seconds of the five stages of a cluster of neurons, each after the one before it; 0 skips a stage.</summary>
/// <param name="Predict">Computes which neurons are needed.</param>
/// <param name="GateRead">Reads gate rows, or whole bundles.</param>
/// <param name="GateCompute">Multiplies gate rows.</param>
/// <param name="RestRead">Reads up rows and down columns of neurons whose gate is open.</param>
/// <param name="RestCompute">Multiplies them.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct ClusterWork(double Predict, double GateRead, double GateCompute, double RestRead, double RestCompute)
{
    public double Chain => Predict + GateRead + GateCompute + RestRead + RestCompute;
    public double Compute => Predict + GateCompute + RestCompute;
    public double Read => GateRead + RestRead;
}

/// <summary>How long a layer took.</summary>
/// <param name="Makespan">Seconds until the last cluster was done.</param>
/// <param name="Compute">Seconds of computation, all lanes together.</param>
/// <param name="Read">Seconds during which storage was busy.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct LayerTimes(double Makespan, double Compute, double Read);
