using Suites.Clustering.Neural.Networks;

namespace Suites.Clustering.Neural.PointSets;

/// <summary>Linear layers, each with a batch norm and a rectifier, that are applied to each point alike.</summary>
static class PointLayers
{
    public static Chain Of(string name, int inputs, int[] widths) => new(name, [.. widths.Select((width, at) =>
        new Dense($"{name.Replace('.', '-')}-{at + 1}", at == 0 ? inputs : widths[at - 1], width, Activation.Relu, norm: true))]);
}
