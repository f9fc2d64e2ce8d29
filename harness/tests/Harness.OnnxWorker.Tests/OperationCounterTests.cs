using Harness.Datasets;

namespace Harness.OnnxWorker.Tests;

public sealed class OperationCounterTests : ModelFolder
{
    [Fact]
    public void Products_are_counted_by_the_shapes_that_they_have_when_the_network_runs()
    {
        // 2 x 3 x 3 → conv 4 x 3 x 3 → transposed conv 2 x 5 x 5 → flat 50 → gemm 6 → its outer product → flat 36 → 5
        var file = new OnnxBuilder().Input("image", null, 2, 3, 3)
            .Node("Conv", ["image", "c"], "conv", OnnxBuilder.Attribute("pads", [1, 1, 1, 1]))
            .Weights("c", new float[4 * 2 * 9], 4, 2, 3, 3)
            .Node("ConvTranspose", ["conv", "t"], "wide").Weights("t", new float[4 * 2 * 9], 4, 2, 3, 3)
            .Node("Flatten", ["wide"], "flat").Node("Gemm", ["flat", "g"], "six", OnnxBuilder.Attribute("transB", 1))
            .Weights("g", new float[6 * 50], 6, 50).Node("Unsqueeze", ["six", "last"], "column").Indices("last", 2)
            .Node("Unsqueeze", ["six", "first"], "row").Indices("first", 1).Node("MatMul", ["column", "row"], "square")
            .Node("Flatten", ["square"], "all").Node("MatMul", ["all", "w"], "scores").Weights("w", new float[36 * 5], 36, 5)
            .Output("scores", null, 5).WriteTo(Folder);
        using var model = Load(Family(file));

        var counts = model.Count(LinearNetwork.Small.Images(3));

        Assert.Equal(3, counts.Samples);
        Assert.Equal([("conv", 4 * 9 * 2 * 9), ("conv", 4 * 9 * 2 * 9), ("linear", 6 * 50), ("attention", 36), ("linear", 36 * 5)],
            counts.Layers.Select(layer => (layer.Kind, (int)layer.Macs)));
        Assert.Equal([new(2, 9, 4, 9, 9), null, new(50, 1, 6, 1), null, new LayerShape(36, 1, 5, 1)],
            counts.Layers.Select(layer => layer.Shape));
        Assert.Equal([288, 288, 1200, 0, 720], counts.Layers.Select(layer => layer.WeightBytes));
        // Indices are no parameters.
        Assert.Equal(new Footprint(72 + 72 + 300 + 180, 4 * (72 + 72 + 300 + 180), 32), model.Footprint);
    }

    [Fact]
    public void A_recurrent_layer_is_counted_for_every_step()
    {
        // 2 x 3 x 3 as 6 steps of 3 inputs, [step, batch, input], into 4 cells of 4 gates.
        var file = new OnnxBuilder().Input("image", 1, 2, 3, 3).Node("Reshape", ["image", "steps"], "sequence").Indices("steps", 6, 1, 3)
            .Node("LSTM", ["sequence", "w", "r"], "all", OnnxBuilder.Attribute("hidden_size", 4)).Weights("w", new float[16 * 3], 1, 16, 3)
            .Weights("r", new float[16 * 4], 1, 16, 4).Node("Reshape", ["all", "row"], "flat").Indices("row", 1, 24)
            .Node("MatMul", ["flat", "v"], "scores").Weights("v", new float[24 * 5], 24, 5).Output("scores", 1, 5).WriteTo(Folder);
        using var model = Load(Family(file));

        Assert.Equal([("recurrence", 6 * 16 * (3 + 4)), ("linear", 24 * 5)],
            model.Count(LinearNetwork.Small.Images(1)).Layers.Select(layer => (layer.Kind, (int)layer.Macs)));
    }

    [Fact]
    public void What_is_not_counted_is_named()
    {
        var file = LinearNetwork.Small.File().Node("Einsum", ["flat"], "sum", OnnxBuilder.Attribute("equation", "ij->i")).WriteTo(Folder);
        using var model = Load(Family(file));

        Assert.Contains("Einsum (node sum)",
            Assert.Throws<UnsupportedException>(() => model.Count(LinearNetwork.Small.Images(1))).Message);
    }
}
