using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Suites.PlaceRecognition.Networks;

/// <summary>Three convolutions of stride 2, each with ReLU, and a dense layer: an image to a descriptor of length 1.</summary>
sealed class PlaceNetwork : nn.Module<Tensor, Tensor>
{
    const int Kernel = 3, Stride = 2;

    readonly ModuleList<Conv2d> convolutions;
    readonly TorchSharp.Modules.Linear describe;
    readonly int height, width;

    /// <param name="channels">Of the first convolution; each later one has twice as many.</param>
    /// <param name="features">Numbers of a descriptor.</param>
    public PlaceNetwork(int height, int width, int channels, int features) : base(nameof(PlaceNetwork))
    {
        (this.height, this.width) = (height, width);
        int[] widths = [1, channels, 2 * channels, 4 * channels];
        convolutions = nn.ModuleList([.. Enumerable.Range(0, widths.Length - 1)
            .Select(index => nn.Conv2d(widths[index], widths[index + 1], Kernel, Stride, Kernel / 2))]);
        var (rows, columns) = Sizes().Last();
        describe = nn.Linear((long)widths[^1] * rows * columns, features);
        RegisterComponents();
    }

    public int Height => height;
    public int Width => width;
    public int Features => (int)describe.weight.shape[0];

    /// <summary>[samples, 1, rows, columns] to [samples, features], each of length 1.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        foreach (var layer in convolutions)
            input = Harness.Torch.Convolution.Of(input, layer.weight, layer.bias, [Stride, Stride], [Kernel / 2, Kernel / 2]).relu();
        return nn.functional.normalize(describe.forward(input.flatten(1))).MoveToOuterDisposeScope();
    }

    /// <summary>What each layer multiplies for an image.</summary>
    public IReadOnlyList<LayerOperations> Operations => [.. convolutions.Zip(Sizes()).Select((pair, index) => Weighted(
        $"convolution{index + 1}", "conv", pair.First.weight!.numel() * (double)pair.Second.Rows * pair.Second.Columns, pair.First)),
        Weighted("descriptor", "linear", describe.weight.numel(), describe)];

    static LayerOperations Weighted(string layer, string kind, double macs, nn.Module module) => new(layer, kind, macs, 0, macs)
    {
        WeightBytes = module.parameters().Sum(parameter => parameter.numel()) * sizeof(float),
    };

    // After each convolution.
    IEnumerable<(int Rows, int Columns)> Sizes()
    {
        var (rows, columns) = (height, width);
        for (var layer = 0; layer < convolutions.Count; layer++)
        {
            (rows, columns) = ((rows + 1) / Stride, (columns + 1) / Stride);
            yield return (rows, columns);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var layer in convolutions) layer.Dispose();
            describe.Dispose();
        }
        base.Dispose(disposing);
    }
}
