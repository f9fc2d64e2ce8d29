using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Counting;

/// <summary>What a layer with weights receives: decides whether its operations are multiply-accumulates or accumulates.</summary>
public enum InputKind
{
    /// <summary>Real values: every dense operation is a multiply-accumulate.</summary>
    Analog,
    /// <summary>Counts 0, 1, 2, ...: a unit of input causes one accumulate per outgoing weight, a zero none.</summary>
    Spikes,
}

/// <summary>
/// Takes what layers report about themselves while recording, and nothing otherwise. Accumulates follow the literature's
/// SOPs = rate x steps x dense operations, the rate being spikes over possible ones of the layer's input.
/// </summary>
public sealed class OperationLedger
{
    readonly Dictionary<string, Entry> entries = [];
    readonly List<string> order = [];
    int samples;
    NeuroBenchTally? neuroBench;

    public bool Recording { get; private set; }

    sealed class Entry(LayerOperations sums)
    {
        public LayerOperations Sums { get; set; } = sums;
        public double Input { get; set; }
        public double Possible { get; set; }
        public double Set { get; set; }
        public SortedSet<string> Kernels { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>Records what the layers do in <paramref name="passes"/> forward calls over <paramref name="count"/> samples.</summary>
    public OperationCounts Record(int count, Action passes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (Recording) throw new InvalidOperationException("The ledger is recording already; one recording at a time.");
        entries.Clear();
        order.Clear();
        (samples, Recording) = (count, true);
        try
        {
            passes();
        }
        finally
        {
            Recording = false;
        }
        return new([.. order.Select(layer => Mean(entries[layer]))], count);
    }

    /// <summary>The same passes by NeuroBench's definitions, which cost a second computation of every layer with weights.</summary>
    public NeuroBenchMetrics RecordNeuroBench(nn.Module network, int count, Action passes)
    {
        neuroBench = new();
        try
        {
            Record(count, passes);
            return neuroBench.Total(network, count);
        }
        finally
        {
            neuroBench = null;
        }
    }

    /// <summary>A layer with weights, or a product of two activations.</summary>
    /// <param name="input">All its input values of this pass, any shape.</param>
    /// <param name="dense">Multiply-accumulates of this pass on a dense machine: all samples, all steps.</param>
    /// <param name="shape">What the layer connects; null for a product of two activations.</param>
    /// <param name="connection">Its weights; null for a product of two activations.</param>
    /// <param name="kernel">What computed it, where the layer chose.</param>
    /// <param name="bits">Of both operands, where they are whole numbers; null for float32.</param>
    /// <param name="setBits">Share of the input's bits that are 1.</param>
    public void Weighted(string layer, string kind, Tensor input, InputKind inputs, double dense, long weightBytes, int steps,
        LayerShape? shape = null, Connection? connection = null, string? kernel = null, int? bits = null, double setBits = 0)
    {
        if (!Recording) return;
        using var scope = NewDisposeScope();
        // Residual connections add spikes: an input of 2 is one non-zero input, and causes two accumulates.
        var accumulates = inputs == InputKind.Spikes ? dense * CheckedCounts(layer, input) / input.numel() : 0;
        var entry = Find(layer, () => new(layer, kind, 0, 0, 0) { WeightBytes = weightBytes, TimeSteps = steps, Shape = shape });
        entry.Sums = entry.Sums with
        {
            Macs = entry.Sums.Macs + (inputs == InputKind.Analog ? dense : 0),
            Acs = entry.Sums.Acs + accumulates,
            DenseOperations = entry.Sums.DenseOperations + dense,
        };
        if (kernel is not null) entry.Kernels.Add(kernel);
        entry.Input += input.count_nonzero().item<long>();
        entry.Possible += input.numel();
        if (bits is not null)
        {
            entry.Sums = entry.Sums with { Bits = bits };
            entry.Set += setBits * input.numel();
        }
        if (connection is not null) neuroBench?.Weighted(layer, input, connection, steps);
    }

    /// <summary>A layer of spiking neurons; <paramref name="spikes"/> [steps, samples, ...] of this pass.</summary>
    /// <param name="potentials">Computes the potentials after each step; asked for by NeuroBench's definitions alone.</param>
    public void Neurons(string layer, Tensor spikes, Func<Tensor>? potentials = null)
    {
        if (!Recording) return;
        using var scope = NewDisposeScope();
        var fired = spikes.sum(float64).item<double>();
        var entry = Find(layer, () => new(layer, "lif", 0, 0, 0) { TimeSteps = (int)spikes.shape[0] });
        entry.Sums = entry.Sums with
        {
            Spikes = entry.Sums.Spikes + fired,
            NeuronUpdates = entry.Sums.NeuronUpdates + spikes.numel(),
        };
        neuroBench?.Neurons(spikes, potentials?.Invoke());
    }

    Entry Find(string layer, Func<LayerOperations> first)
    {
        if (entries.TryGetValue(layer, out var entry)) return entry;
        order.Add(layer);
        return entries[layer] = new(first());
    }

    LayerOperations Mean(Entry entry) => entry.Sums with
    {
        Macs = entry.Sums.Macs / samples,
        Acs = entry.Sums.Acs / samples,
        DenseOperations = entry.Sums.DenseOperations / samples,
        Spikes = entry.Sums.Spikes / samples,
        NeuronUpdates = entry.Sums.NeuronUpdates / samples,
        InputRate = entry.Possible > 0 ? entry.Input / entry.Possible : null,
        SetBits = entry.Sums.Bits is not null && entry.Possible > 0 ? entry.Set / entry.Possible : null,
        Kernel = entry.Kernels.Count > 0 ? string.Join(", ", entry.Kernels) : null,
        FiringRate = entry.Sums.NeuronUpdates > 0 ? entry.Sums.Spikes / entry.Sums.NeuronUpdates : null,
    };

    static double CheckedCounts(string layer, Tensor input)
    {
        var whole = (input.round() - input).abs().max().item<float>() == 0;
        if (!whole || input.min().item<float>() < 0)
            throw new HarnessException($"Layer {layer} declares spike input but received values that are no counts; declare it analog.");
        return input.sum(float64).item<double>();
    }
}
