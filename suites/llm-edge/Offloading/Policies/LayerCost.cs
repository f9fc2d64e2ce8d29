using System.Runtime.InteropServices;

namespace Suites.LlmEdge.Offloading.Policies;

/// <summary>What a layer cost on the virtual clock.</summary>
/// <param name="Seconds">From its beginning to its end.</param>
/// <param name="Compute">Seconds of computation, all lanes together.</param>
/// <param name="FlashBytes">Bytes read, whole granules.</param>
/// <param name="Requests">Reads.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct LayerCost(double Seconds, double Compute, long FlashBytes, long Requests)
{
    public static LayerCost operator +(LayerCost a, LayerCost b) => new(a.Seconds + b.Seconds, a.Compute + b.Compute,
        a.FlashBytes + b.FlashBytes, a.Requests + b.Requests);
}
