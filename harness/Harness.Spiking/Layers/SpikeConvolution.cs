using Harness.Spiking.Kernels;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Layers;

/// <summary>
/// 3x3 convolution of spikes or spike counts whose maps keep their size, without bias, float32: [samples, inputs, rows, columns] to
/// [samples, outputs, rows, columns]. Outputs and the gradient of the weights are sums over events; the gradient of the input, which is
/// not sparse, is libtorch's.
/// </summary>
/// <remarks>
/// Where it is used does not depend on what it is given, so that a sample's outputs do not depend on the samples beside it: real values are
/// convolved rightly, and slowly.
/// </remarks>
public static class SpikeConvolution
{
    /// <summary>What a run's table of layers calls it.</summary>
    public const string Kernel = nameof(ProductPath.Event);

    /// <param name="weight">[outputs, inputs, 3, 3].</param>
    public static Tensor Of(Tensor input, Tensor weight)
    {
        if (weight.dim() != 4 || weight.shape[1] != input.shape[1] || weight.shape[2] != 3 || weight.shape[3] != 3)
            throw new ArgumentException($"Weights of {input.shape[1]} maps are [outputs, {input.shape[1]}, 3, 3], not "
                + $"[{string.Join(", ", weight.shape)}].", nameof(weight));
        using var values = input.contiguous();
        if (is_grad_enabled() && (input.requires_grad || weight.requires_grad))
            return CustomFunction.Apply(FusedSpikeConvolution.apply, values, weight);
        using var scope = NewDisposeScope();
        return FusedSpikeConvolution.Compute(MapEvents.Of(values, (int)weight.shape[0]), weight).MoveToOuterDisposeScope();
    }
}

/// <summary>Maps of spikes as one bit per place, and as counts beside them where some value is neither zero nor one.</summary>
/// <param name="Packed">int64 [samples, inputs, words].</param>
/// <param name="Values">float32 [samples, inputs, rows, row with borders], or null where all values are zeros and ones.</param>
sealed unsafe record MapEvents(Tensor Packed, Tensor? Values, MapShape Shape)
{
    public ulong* Bits => SpikeEvents.Words(Packed);
    public float* Counts => Values is null ? null : TensorMemory.Floats(Values);

    /// <param name="input">float32 [samples, inputs, rows, columns], contiguous.</param>
    public static MapEvents Of(Tensor input, int outputs)
    {
        var shape = new MapShape((int)input.shape[0], (int)input.shape[1], outputs, (int)input.shape[2], (int)input.shape[3]);
        var maps = (long)shape.Samples * shape.Inputs;
        using var flat = empty(maps, SpikeBits.Words(shape.Pixels), int64);
        var packed = empty(shape.Samples, shape.Inputs, shape.Words, int64);
        var (_, ones) = SpikeBits.Pack(TensorMemory.Floats(input), SpikeEvents.Words(flat), maps, shape.Pixels);
        EventConvolution.AddBorders(SpikeEvents.Words(flat), SpikeEvents.Words(packed), shape);
        return new(packed, ones ? null : nn.functional.pad(input, [0, shape.Row - shape.Columns]), shape);
    }
}

sealed unsafe class FusedSpikeConvolution : autograd.SingleTensorFunction<FusedSpikeConvolution>
{
    public override string Name => nameof(FusedSpikeConvolution);

    public static Tensor Compute(MapEvents events, Tensor weight)
    {
        var shape = events.Shape;
        var lanes = EventConvolution.Lanes(shape.Outputs, VectorWidth.Widest);
        var missing = (lanes - shape.Outputs % lanes) % lanes;
        // y at a place reads x around it by w; x at a place is added around it by w turned.
        using var blocks = nn.functional.pad(weight.flip(2, 3), [0, 0, 0, 0, 0, 0, 0, missing])
            .view([-1, lanes, shape.Inputs, EventConvolution.Taps]).permute(0, 2, 3, 1).contiguous();
        var output = empty(shape.Samples, shape.Outputs, shape.Rows, shape.Columns);
        EventConvolution.Forward(events.Bits, events.Counts, TensorMemory.Floats(blocks), TensorMemory.Floats(output), shape,
            VectorWidth.Widest);
        return output;
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] vars)
    {
        var (input, weight) = ((Tensor)vars[0], (Tensor)vars[1]);
        var events = MapEvents.Of(input, (int)weight.shape[0]);
        List<Tensor> saved = [weight, events.Packed];
        if (events.Values is { } counts) saved.Add(counts);
        context.save_for_backward(saved);
        context.save_data("counts", events.Values is not null);
        context.save_data("shape", events.Shape);
        context.save_data("learns", input.requires_grad);
        return Compute(events, weight);
    }

    public override List<Tensor> backward(autograd.AutogradContext context, Tensor outputGradient)
    {
        using var scope = NewDisposeScope();
        var saved = context.get_saved_variables();
        var (weight, incoming) = (saved[0], outputGradient.contiguous());
        var events = new MapEvents(saved[1], (bool)context.get_data("counts") ? saved[2] : null, (MapShape)context.get_data("shape"));
        var weightGradient = WeightGradient(events, incoming);
        var inputGradient = (bool)context.get_data("learns") ? Convolution.SameSize(incoming, weight.flip(2, 3).transpose(0, 1)) : null;
        foreach (var tensor in saved) tensor.Dispose();
        outputGradient.Dispose();
        return CustomFunction.Gradients(inputGradient, weightGradient);
    }

    static Tensor WeightGradient(MapEvents events, Tensor outputGradient)
    {
        var shape = events.Shape;
        var lanes = EventConvolution.Lanes(shape.Outputs, VectorWidth.Widest);
        var blocks = (shape.Outputs + lanes - 1) / lanes;
        var parts = empty([EventConvolution.Parts, blocks, shape.Inputs, EventConvolution.Taps, lanes]);
        EventConvolution.WeightGradients(events.Bits, events.Counts, TensorMemory.Floats(outputGradient), TensorMemory.Floats(parts), shape,
            VectorWidth.Widest);
        return parts.sum([0L]).permute(0, 3, 1, 2).reshape(blocks * lanes, shape.Inputs, 3, 3).narrow(0, 0, shape.Outputs).flip(2, 3);
    }
}
