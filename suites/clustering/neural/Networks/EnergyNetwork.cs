using TorchSharp;
using static TorchSharp.torch;

namespace Suites.Clustering.Neural.Networks;

/// <summary>
/// A classifier that is also an energy (Grathwohl et al., ICLR 2020): cosines of an encoded point with one prototype a cluster, divided by
/// a temperature, are logits; E(x) = -log Σ_k exp f_k(x), so that p(x) ∝ Σ_k exp f_k(x).
/// </summary>
sealed class EnergyNetwork : nn.Module
{
    const int Width = 100;
    const double Slope = 0.2;

    readonly TorchSharp.Modules.Linear _first, _second, _third;
    readonly TorchSharp.Modules.Parameter _prototypes;
    readonly double _temperature;
    readonly int _dimensions;

    /// <param name="temperature">τ: an energy lies within ±1 / τ.</param>
    public EnergyNetwork(int dimensions, int clusters, double temperature) : base("energy")
    {
        (_temperature, _dimensions) = (temperature, dimensions);
        (_first, _second, _third) = (nn.Linear(dimensions, Width), nn.Linear(Width, Width), nn.Linear(Width, Width));
        _prototypes = new(randn(clusters, Width));
        RegisterComponents();
    }

    public IReadOnlyList<LayerOperations> Operations =>
        [Linear("encode1", _dimensions, Width), Linear("encode2", Width, Width), Linear("encode3", Width, Width),
            Linear("prototypes", Width, (int)_prototypes.shape[0])];

    /// <summary>f, [samples, dimensions] to [samples, clusters].</summary>
    public Tensor Logits(Tensor points)
    {
        using var scope = NewDisposeScope();
        var hidden = nn.functional.leaky_relu(_first.forward(points), Slope);
        hidden = nn.functional.leaky_relu(_second.forward(hidden), Slope);
        var encoded = nn.functional.normalize(_third.forward(hidden));
        return (encoded.matmul(nn.functional.normalize(_prototypes).t()) / _temperature).MoveToOuterDisposeScope();
    }

    /// <summary>E, [samples, dimensions] to [samples].</summary>
    public Tensor Energy(Tensor points)
    {
        using var scope = NewDisposeScope();
        return (-Logits(points).logsumexp(1)).MoveToOuterDisposeScope();
    }

    static LayerOperations Linear(string name, int inputs, int outputs) => new(name, "linear", (double)inputs * outputs, 0,
        (double)inputs * outputs)
    { Shape = new(inputs, 1, outputs, 1), WeightBytes = (long)inputs * outputs * sizeof(float) };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in (nn.Module[])[_first, _second, _third]) layer.Dispose();
            _prototypes.Dispose();
        }
        base.Dispose(disposing);
    }
}
