using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Places;
using Harness.Torch;
using Suites.PlaceRecognition.Matching;
using Suites.PlaceRecognition.Metrics;
using Suites.PlaceRecognition.Networks;

namespace Suites.PlaceRecognition.Families;

/// <summary>
/// A small convolutional network whose descriptors of a place should be alike, whatever the season; compared by their cosine.
/// </summary>
/// <param name="Patch">Side of the surroundings by which each pixel is normalised; odd.</param>
/// <param name="Channels">Of the first of three convolutions; each later one has twice as many.</param>
/// <param name="Features">Numbers of a descriptor.</param>
/// <param name="Steps">Of training; 0 leaves the network as it was drawn: the control.</param>
/// <param name="BatchSize">Places of a step.</param>
/// <param name="Temperature">By which cosines are divided in the loss.</param>
/// <param name="Contrast">Deviation of the contrast of regions in a view from 1; 0 leaves it as it is.</param>
public sealed record PlaceCnn(
    [property: Range(3, 255)] int Patch = 9,
    [property: Range(1, 256)] int Channels = 16,
    [property: Range(2, 4096)] int Features = 128,
    [property: Range(0, 1_000_000)] int Steps = 1000,
    [property: Range(2, 4096)] int BatchSize = 64,
    [property: Range(0.001, 10.0)] double Temperature = 0.1,
    [property: Range(0.0, 10.0)] double Contrast = 0.7,
    [property: Range(0.0, 1.0, MinimumIsExclusive = true)] double LearningRate = 1e-3)
    : IModelFamily<PlaceImage, PlacePrediction>, IValidatableObject
{
    public FamilyCard Card => new("place-cnn", 1, "Small CNN")
    {
        Kind = "ann",
        Summary = "Descriptors of three convolutions and a dense layer, learned from the reference images by contrast of made-up seasons.",
        Paper = "van den Oord, Li, Vinyals: Representation learning with contrastive predictive coding, 2018 (the loss)",
        Link = "https://arxiv.org/abs/1807.03748",
        Equations = """
            x = (gray - mean around it) / deviation around it, after gamma correction to a mean of 0.5
            z = normalised W relu(conv(relu(conv(relu(conv(x))))))
            minimise -log exp(z_p . z'_p / T) / (sum over places q of exp(z_p . z'_q / T)), and with z and z' exchanged
            place = argmax over p of z . z_p
            """,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Patch % 2 == 0) yield return new("an odd patch, as it has a pixel at its centre", [nameof(Patch)]);
    }

    public IModel<PlaceImage, PlacePrediction> Prepare(TrainingData<PlaceImage> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There is no image of any place; a network needs at least one.");
        TorchSession.Begin(context.Seed, context.Threads);
        var network = new PlaceNetwork(data.Training[0].Height, data.Training[0].Width, Channels, Features);
        try
        {
            using var images = DescriptorMap.Views(data.Training, View, network.Height, network.Width);
            int[] labels = [.. data.Training.Select(image => image.Label)];
            var places = labels.Index().GroupBy(image => image.Item, image => image.Index).Select(place => place.ToArray()).ToArray();
            DescriptorMap? map = null;
            new PlaceContrast(network, new(Contrast), Temperature).Train(images, places, Steps, BatchSize, LearningRate,
                () => RecallAt.First(map = Map(), data.Validation), context);
            return map ?? Map();

            DescriptorMap Map() => new(network, View, images, labels);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    float[] View(PlaceImage image) => Descriptors.Surrounded(image, image.Height, image.Width, Patch);
}
