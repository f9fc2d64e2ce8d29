using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Images;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using Suites.SpikingTransformers.Networks.Continual;

namespace Suites.SpikingTransformers.Families.Continual;

/// <summary>Spiking perceptron that learns one task after another.</summary>
/// <param name="Method">What keeps earlier tasks from being forgotten.</param>
/// <param name="Credit">How gradients come about.</param>
/// <param name="Hidden">Neurons of each hidden layer.</param>
/// <param name="Depth">Hidden layers.</param>
/// <param name="Steps">Time steps; null is 20 for <c>dsr</c>, 4 for the others.</param>
/// <param name="Gain">Of the currents; null is 1 for <c>dsr</c>, 4 for the others, whose deeper layers would not fire otherwise.</param>
/// <param name="Epochs">Passes over each task.</param>
/// <param name="LearningRate">Constant, without momentum.</param>
/// <param name="First">Directions of <c>hlop</c> in the first task.</param>
/// <param name="Next">Directions that each further task adds.</param>
/// <param name="Fewer">So many directions fewer from every third further task on.</param>
/// <param name="LateralLevels">Lateral neurons of <c>hlop</c> answer in so many steps up to 20, as spikes would; null is linear.</param>
/// <param name="Energy">Share of the activity's squares that <c>gpm</c> keeps.</param>
/// <param name="Strength">Lambda of <c>ewc</c>.</param>
/// <param name="Remembered">
/// Training samples of a finished task: by which <c>gpm</c> and <c>ewc</c> measure what to keep, and which <c>replay</c> keeps.
/// </param>
public sealed record ContinualSnn(
    ContinualMethod Method = ContinualMethod.Hlop,
    CreditRule Credit = CreditRule.Bptt,
    [property: Range(1, 8192)] int Hidden = 400,
    [property: Range(1, 16)] int Depth = 2,
    [property: Range(1, 256)] int? Steps = null,
    [property: Range(0.0, 100.0, MinimumIsExclusive = true)] double? Gain = null,
    [property: Range(1, 1000)] int Epochs = 1,
    [property: Range(1, 65_536)] int BatchSize = 64,
    [property: Range(0.0, 10.0, MinimumIsExclusive = true)] double LearningRate = 0.1,
    Subspaces? First = null,
    Subspaces? Next = null,
    [property: Range(0, 1000)] int Fewer = 0,
    [property: Range(1, 1_000_000)] int? LateralLevels = null,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double Energy = 0.95,
    [property: Range(0.0, 1e9)] double Strength = 100,
    [property: Range(1, 1_000_000)] int Remembered = 500)
    : IModelFamily<TaskImage, StagedPrediction>
{
    public Subspaces First { get; init; } = First ?? new(80, 120, 60);

    public Subspaces Next { get; init; } = Next ?? new(70, 60, 40);

    public FamilyCard Card => new("continual-snn", 1, "Spiking perceptron, task after task")
    {
        Kind = "spiking",
        Summary = "Fully connected spiking layers with one readout for all tasks, which are learned one after the other; lateral neurons "
            + "that learn by a Hebbian rule keep updates out of the subspace of earlier activity (HLOP), or another method does.",
        Paper = "Xiao, Meng, Zhang, He, Lin: Hebbian learning based orthogonal projection for continual learning of spiking neural "
            + "networks, ICLR 2024",
        Link = "https://arxiv.org/abs/2402.11984",
        Equations = """
            Z = X W^T, dL/dX = G W, dL/dW = G^T X
            hlop: dL/dW = G^T (X - (X H^T) H), H of earlier tasks; Y = X H^T, D = clamp(Y^T (X - Y H) / rows, +-10),
              M = 0.9 M + 0.1 D, new rows of H += rate M, 5 times a batch; rate 0.001 at the input, else 0.01
            gpm: dL/dW -= dL/dW B^T B, B the leading singular vectors of X after each task
            ewc: dL/dW += strength sum of F_k (W - W_k)
            R[i, j] accuracy of task j after task i; ACC = mean of R[T, j], BWT = mean over j < T of R[T, j] - R[j, j]
            """,
    };

    public IModel<TaskImage, StagedPrediction> Prepare(TrainingData<TaskImage> data, RunContext context)
    {
        var classes = Classes.Of(data);
        var first = data.Training.Min(sample => sample.Task);
        var rows = TaskRows.Of([.. data.Training.Where(sample => sample.Task == first)]);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var represented = Credit == CreditRule.Dsr;
        using var network = SpikingStack.Of(new(rows.Pixels.Count, Hidden, Depth, classes, Steps ?? (represented ? 20 : 4),
            Gain ?? (represented ? 1 : 4), Credit), ledger);
        var samples = data.Training.Take(Classifier.BatchSize).ToArray();
        using var encoded = rows.Encode(samples);
        InitialisationGuard.Check(network, ledger, samples.Length, () => network.forward(encoded));
        using var retention = Retention(network);
        var replay = Method == ContinualMethod.Replay ? new ReplayBuffer(Remembered, new SampleOrder(~context.Seed)) : null;
        return new TaskLearner(network, rows, retention, replay, new(Epochs, BatchSize, LearningRate, Remembered), context)
            .Learn(data, Method == ContinualMethod.Joint);
    }

    IRetention Retention(SpikingStack network) => Method switch
    {
        ContinualMethod.Hlop => new HebbianProjection(network, First, Next, Fewer, LateralLevels),
        ContinualMethod.Gpm => new GradientProjection(Energy),
        ContinualMethod.Ewc => new ElasticWeights(network, Strength),
        _ => new NoRetention(),
    };
}
