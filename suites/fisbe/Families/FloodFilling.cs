using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Harness.Spiking.Counting;
using Harness.Torch;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Networks;
using Suites.Fisbe.Segmentation;
using Suites.Fisbe.Volumes;

namespace Suites.Fisbe.Families;

/// <summary>Flood-filling network, small: one neuron after the other is followed through the image by a network that remembers what it has
/// filled.</summary>
/// <param name="View">Edge in voxels of the cube the network sees at once; odd.</param>
/// <param name="Step">How far the view moves; at most half of it.</param>
/// <param name="Modules">Residual modules of two convolutions.</param>
/// <param name="Sigma">Smoothing before the threshold whose foreground gives the seeds.</param>
/// <param name="Parts">The state is selected on the validation part after each of so many parts of the training.</param>
/// <param name="Smallest">Objects of at most so many voxels are none.</param>
public sealed record FloodFilling(
    [Range(3, 65)] int View = 13,
    [Range(1, 32)] int Step = 4,
    [property: Range(1, 256)] int Features = 12,
    [property: Range(0, 32)] int Modules = 3,
    [property: Range(0.0, 10.0)] double Sigma = 1,
    [property: Range(1, 1_000_000)] int Iterations = 2000,
    [property: Range(1, 100)] int Parts = 4,
    [property: Range(1, 64)] int BatchSize = 4,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 2e-3,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    public int View { get; } = View % 2 == 1 ? View
        : throw new ArgumentException($"The view of a flood-filling network has a middle voxel: {View} is even; allowed are 3, 5, … 65.",
            nameof(View));

    public int Step { get; } = 2 * Step < View ? Step
        : throw new ArgumentException($"A step of {Step} leaves a view of {View}; allowed are steps below half of it.", nameof(Step));

    public FamilyCard Card => new("flood-filling", 1, "Flood-filling network (small)")
    {
        Kind = "ann",
        Summary = "Residual 3-D convolutions update an object map in a moving view; seeds are bright voxels that no object holds yet.",
        Paper = "Januszewski et al.: High-precision automated reconstruction of neurons with flood-filling networks, "
            + "Nature Methods 15, 2018",
        Link = "https://github.com/google/ffn",
        Equations =
            "map(view) += f(image(view), map(view)); move where max over the face of the step of sigmoid(map) >= 0.9; "
            + "object = sigmoid(map) > 0.6",
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context)
    {
        Specimen[] training = [.. data.Training.Select(Specimen.Of)], validation = [.. data.Validation.Select(Specimen.Of)];
        var foreground = Foreground.Fit(training, Sigma);
        TorchSession.Begin(context.Seed, context.Threads);
        var ledger = new OperationLedger();
        var network = new FloodingNetwork(training[0].Image.Channels + 1, Features, Modules, ledger);
        var (rules, chance) = (new FloodingRules(View, Step), new SampleOrder(context.Seed));
        var task = new FloodingTask(network, rules);
        return new NetworkModel(network, ledger, image => Flooding.Fill(network, rules, image, Seeds(image, foreground), Smallest,
                context.Cancellation))
            .Train(new(Iterations, Parts, BatchSize, LearningRate), new(training, task.CropSize, chance), task.Loss, validation, context);
    }

    // The brightest voxel first: it is the surest to lie on a centreline.
    static IEnumerable<int> Seeds(Image image, Foreground foreground)
    {
        var bright = image.Smooth(foreground.Sigma).Brightness();
        return Enumerable.Range(0, image.Voxels).Where(voxel => bright[voxel] >= foreground.Threshold).OrderByDescending(voxel =>
            bright[voxel]);
    }
}
