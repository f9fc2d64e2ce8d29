namespace Harness.Abstractions;

public interface IDataset<out TSample>
{
    DatasetCard Card { get; }

    /// <summary>The only network access; never timed; idempotent; verifies every checksum before it returns.</summary>
    /// <exception cref="DataUnavailableException">No source has the file, or its content is not the pinned one.</exception>
    ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation);

    /// <summary>The samples of a split: the same order every time, streamed, from <paramref name="cache"/> alone.</summary>
    IEnumerable<TSample> Read(DirectoryInfo cache, Split split);
}

/// <summary>What a family may learn from: the training part, and the validation part for early stopping and selection.</summary>
public sealed record TrainingData<TSample>(IReadOnlyList<TSample> Training, IReadOnlyList<TSample> Validation);

/// <summary>One configuration of a family: a sealed record whose primary-constructor properties are the hyper-parameters.</summary>
public interface IModelFamily<TSample, TPrediction>
{
    FamilyCard Card { get; }

    /// <summary>Trains or loads, on the calling thread, and returns a usable model: "not fitted" cannot exist.</summary>
    /// <exception cref="TrainingFailedException">Training diverged or cannot start; the run becomes a failed row that says so.</exception>
    IModel<TSample, TPrediction> Prepare(TrainingData<TSample> data, RunContext context);
}

public interface IModel<in TSample, out TPrediction> : IDisposable
{
    Footprint Footprint { get; }

    /// <summary>The single timed call: one prediction per sample, in order; no state crosses calls.</summary>
    IReadOnlyList<TPrediction> Predict(IReadOnlyList<TSample> batch);

    /// <summary>Predicts with counting on, untimed: operations per layer as means per sample of this batch.</summary>
    OperationCounts Count(IReadOnlyList<TSample> batch);
}

/// <summary>Optional for a model: it times parts of its calls itself, such as prefill and decode of a language model.</summary>
public interface IStagedModel
{
    /// <summary>Parts timed since the last time they were taken, in order; <see cref="Timed.Stage"/> is the name of the part.</summary>
    IReadOnlyList<Timed> TakeStages();
}

public interface IMetric<in TSample, in TPrediction>
{
    MetricCard Card { get; }
    ITally<TSample, TPrediction> Begin();
}

public interface ITally<in TSample, in TPrediction>
{
    void Add(TSample sample, TPrediction prediction);
    double Total();
}

/// <summary>Time, chance and place, given to a family. A family must not take them from anywhere else.</summary>
/// <param name="Seed">Fixes initialisation, order and every draw.</param>
/// <param name="Threads">How many threads the computation may use.</param>
/// <param name="Cache">Where large intermediate files may lie.</param>
/// <param name="Progress">Takes one point per epoch; stored as the training curve.</param>
public sealed record RunContext(int Seed, int Threads, DirectoryInfo Cache, TimeProvider Time, IProgress<TrainingPoint> Progress,
    CancellationToken Cancellation)
{
    /// <summary>Where training may keep its state after each epoch and go on from; null keeps none.</summary>
    public FileInfo? Checkpoint { get; init; }
    /// <summary>What the trial's dataset states of itself, for models whose shapes were fixed elsewhere; null outside a trial.</summary>
    public DatasetCard? Dataset { get; init; }
}

/// <summary>One point of the training curve. <paramref name="Validation"/> is the selection score on the validation split.</summary>
public sealed record TrainingPoint(int Epoch, double Loss, double? Validation, double Seconds)
{
    /// <summary>What was out of the ordinary: why training ended before its last epoch, or that it was continued.</summary>
    public string? Note { get; init; }
}

/// <param name="Parameters">Learned numbers.</param>
/// <param name="Bytes">Bytes of parameters and buffers as held for inference.</param>
public sealed record Footprint(long Parameters, long Bytes, double BitsPerWeight);

/// <summary>Operations of one layer, mean per sample. A rate is non-zero inputs over possible ones, null where it has no meaning.</summary>
/// <param name="Macs">Multiply-accumulates on real-valued inputs.</param>
/// <param name="Acs">Accumulates that spikes really cause: dense operations × input rate, over all time steps.</param>
/// <param name="DenseOperations">Multiply-accumulates a dense machine would do, over all time steps.</param>
public sealed record LayerOperations(string Layer, string Kind, double Macs, double Acs, double DenseOperations)
{
    public double? InputRate { get; init; }
    /// <summary>Share of neurons and steps that fired, for neuron layers.</summary>
    public double? FiringRate { get; init; }
    public double Spikes { get; init; }
    public double NeuronUpdates { get; init; }
    public long WeightBytes { get; init; }
    public int TimeSteps { get; init; } = 1;
    /// <summary>Null for layers without weights, and in counts of earlier versions.</summary>
    public LayerShape? Shape { get; init; }
    /// <summary>Which kernel computed the layer, where it chose by the density of its input; of several passes all.</summary>
    public string? Kernel { get; init; }
    /// <summary>Of each operand of <see cref="Macs"/> where they are whole numbers of so many bits; null for float32.</summary>
    public int? Bits { get; init; }
    /// <summary>Share of the bits of its inputs that are 1, sign and magnitude; what a bit-serial machine works on.</summary>
    public double? SetBits { get; init; }
    /// <summary>Null where the run's device computed the layer; <see cref="Host"/> for the machine beside a board.</summary>
    public string? Site { get; init; }

    /// <summary>The <see cref="Site"/> of what the machine beside a board computed.</summary>
    public const string Host = "host";
}

/// <summary>
/// What a layer with weights connects, in one step. A position is a pixel or a token; a linear layer has kernel and stride 1.
/// </summary>
/// <param name="Kernel">Taps of a filter, all axes together: 9 for 3x3.</param>
/// <param name="Stride">Step of the filter along one axis.</param>
/// <param name="Groups">Groups of channels that do not see each other; 1 is a full layer.</param>
public sealed record LayerShape(int InputChannels, int InputPositions, int OutputChannels, int OutputPositions, int Kernel = 1,
    int Stride = 1, int Groups = 1, bool Bias = false)
{
    public double Inputs => (double)InputChannels * InputPositions;
    public double Outputs => (double)OutputChannels * OutputPositions;
}

public sealed record OperationCounts(IReadOnlyList<LayerOperations> Layers, int Samples)
{
    public double Macs => Layers.Sum(layer => layer.Macs);
    public double Acs => Layers.Sum(layer => layer.Acs);

    /// <summary>What was computed at one place only: null is the run's device.</summary>
    public OperationCounts At(string? site) => new([.. Layers.Where(layer => layer.Site == site)], Samples);
}
