namespace Harness.Agent.Measuring.Energy;

/// <summary>Cells in which the two public implementations of Lemaire et al. differ from each other.</summary>
/// <param name="ConvolutionAddresses">Address accumulates of a spiking convolution per input spike: kernel·outputs (as the paper and
/// SpikingJelly) or kernel only (as Qualia's code).</param>
/// <param name="LinearAddresses">Address accumulates of a dense linear layer: inputs·outputs (paper) or inputs + outputs
/// (SpikingJelly).</param>
/// <param name="Memory">Energy of an access by size of the memory: piecewise linear through Horowitz's caches (SpikingJelly) or
/// Qualia's straight line.</param>
/// <param name="Bytes">Width of weights, activations and potentials: 4 (int32) or 1 (int8).</param>
public sealed record LemaireOptions(bool ConvolutionAddresses = true, bool LinearAddresses = true, bool Memory = true, int Bytes = 4)
{
    public static LemaireOptions SpikingJelly { get; } = new(LinearAddresses: false);
    public static LemaireOptions Qualia { get; } = new(ConvolutionAddresses: false, Memory: false);
}

/// <summary>
/// Lemaire, Cordone, Castagnetti, Novac, Courtois and Miramond, "An analytical estimation of spiking neural networks energy efficiency",
/// ICONIP 2022, arXiv 2210.13107, equations 3 to 15: arithmetic, every memory access priced by the size of the memory, and addressing.
/// </summary>
public sealed class Lemaire2022(string name, LemaireOptions options) : EnergyModel(
    CardOf($"energy.lemaire2022_{name}", $"Estimated energy (Lemaire 2022, {name})",
        "multiplications and additions of int32, reads of inputs, weights and potentials, writes of potentials and outputs, each priced by "
        + "the size of the memory that holds them, and address computations. Event queues hold 1 000 entries.", Citation),
    new("Arithmetic, memory accesses, addressing; no routing between cores, no idle power.", "45 nm CMOS, int" + 8 * options.Bytes,
        Citation, Constants(options)))
{
    const string Citation = "Lemaire et al. 2022, arXiv 2210.13107, eq. 3-15";
    const double QueueEntries = 1000;

    static EnergyConstant[] Constants(LemaireOptions options) =>
    [
        options.Bytes == 1
            ? new("add", Horowitz.Int8Add, Horowitz.Int8Add, Horowitz.Int32Add, "pJ", Horowitz.Source)
            : new("add", Horowitz.Int8Add, Horowitz.Int32Add, Horowitz.Int32Add, "pJ", Horowitz.Source),
        options.Bytes == 1
            ? new("multiply", Horowitz.Int8Multiply, Horowitz.Int8Multiply, Horowitz.Int32Multiply, "pJ", Horowitz.Source)
            : new("multiply", Horowitz.Int8Multiply, Horowitz.Int32Multiply, Horowitz.Int32Multiply, "pJ", Horowitz.Source),
        // An access costs half to twice what the fitted curve says; the authors state no range, so that this one is ours.
        new("access", 0.5, 1, 2, "× curve", "our range around the fitted curve"),
    ];

    protected override string? ObstacleOrNull(OperationCounts operations) => ShapeObstacle(operations);

    protected override double Amount(OperationCounts operations, Costs costs)
    {
        var (layers, sum) = (operations.Layers, 0.0);
        for (var index = 0; index < layers.Count; index++)
            if (layers[index].Shape is not null) sum += Of(layers[index], NeuronsOrNull(layers.ElementAtOrDefault(index + 1)), costs);
        return sum;
    }

    // The outputs of a weighted layer drive the neurons that the ledger lists right behind it, if it lists any there.
    static LayerOperations? NeuronsOrNull(LayerOperations? next) => next is { NeuronUpdates: > 0 } ? next : null;

    double Of(LayerOperations layer, LayerOperations? neurons, Costs costs)
    {
        var accesses = LemaireCounts.Of(layer, neurons, options);
        var shape = layer.Shape!;
        var weights = shape.Kernel * (double)shape.InputChannels / shape.Groups * shape.OutputChannels;
        var queued = neurons is null ? shape.Inputs : QueueEntries;
        var memory = accesses.ReadInput * Access(queued, costs) + accesses.ReadWeights * Access(weights, costs)
            + accesses.Potentials * 2 * Access(shape.Outputs, costs)
            + accesses.WriteOutput * Access(neurons is null ? shape.Outputs : QueueEntries, costs);
        return memory + (accesses.Macs + accesses.AddressMacs) * (costs["add"] + costs["multiply"])
            + (accesses.Accumulates + accesses.AddressAccumulates) * costs["add"];
    }

    double Access(double words, Costs costs) => costs["access"] * (options.Memory
        ? Piecewise(words * options.Bytes) : 1.09e-5 * words * options.Bytes * 8 + 13.2);

    /// <summary>pJ to read 16 bits from a memory of so many bytes: linear between Horowitz's three caches, and on beyond them.</summary>
    public static double Piecewise(double bytes)
    {
        (double Bytes, double Energy)[] points = [(0, 0), (8 << 10, Horowitz.Cache8KB / 4), (32 << 10, Horowitz.Cache32KB / 4),
            (1 << 20, Horowitz.Cache1MB / 4)];
        var upper = Array.FindIndex(points, 1, point => bytes <= point.Bytes);
        var end = upper < 0 ? points.Length - 1 : upper;
        var (from, to) = (points[end - 1], points[end]);
        return from.Energy + (bytes - from.Bytes) * (to.Energy - from.Energy) / (to.Bytes - from.Bytes);
    }
}

/// <summary>Accesses and operations of one layer, per sample: the table of Lemaire et al.</summary>
public sealed record LemaireCounts(double ReadInput, double ReadWeights, double Potentials, double WriteOutput, double Macs,
    double Accumulates, double AddressMacs, double AddressAccumulates)
{
    /// <param name="neurons">The spiking neurons behind the layer; null is a layer of a real-valued network.</param>
    public static LemaireCounts Of(LayerOperations layer, LayerOperations? neurons, LemaireOptions options)
    {
        var shape = layer.Shape ?? throw new ArgumentException($"Layer {layer.Layer} has no shape.", nameof(layer));
        var linear = shape is { Kernel: 1, InputPositions: 1, OutputPositions: 1 };
        return neurons is null ? Dense(shape, linear, options) : Spiking(layer, neurons, shape, linear, options);
    }

    static LemaireCounts Dense(LayerShape shape, bool linear, LemaireOptions options)
    {
        var operations = shape.Outputs * shape.Kernel * shape.InputChannels / shape.Groups;
        var bias = shape.Bias ? shape.Outputs : 0;
        var addresses = linear
            ? options.LinearAddresses ? shape.Inputs * shape.Outputs : shape.Inputs + shape.Outputs
            : shape.Inputs + shape.Outputs + (double)shape.OutputChannels * shape.Kernel;
        return new(linear ? shape.Inputs : operations, operations + bias, 0, shape.Outputs, operations, bias, 0, addresses);
    }

    static LemaireCounts Spiking(LayerOperations layer, LayerOperations neurons, LayerShape shape, bool linear, LemaireOptions options)
    {
        var steps = neurons.TimeSteps;
        // Spikes received: the input's units of spikes, all steps. A layer that receives real values receives all of them.
        var received = layer.DenseOperations > 0 && layer.Macs == 0
            ? layer.Acs / layer.DenseOperations * shape.Inputs * layer.TimeSteps : shape.Inputs * layer.TimeSteps;
        var fan = shape.Kernel * (double)shape.OutputChannels / shape.Groups;
        var every = steps * shape.Outputs;
        var side = Math.Ceiling(Math.Sqrt(shape.Kernel) / shape.Stride);
        var reached = received * side * side * shape.OutputChannels / shape.Groups;
        var emitted = neurons.Spikes;
        var addresses = linear || options.ConvolutionAddresses ? received * fan : received * shape.Kernel;
        return new(received, received * fan + (shape.Bias ? every : 0), received * fan + every, emitted, every,
            reached + every + emitted, linear ? 0 : 2 * received, addresses);
    }
}
