using System.ComponentModel.DataAnnotations;
using Harness.Datasets;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Metrics;
using Suites.PlaceRecognition.Tempo;

namespace Suites.PlaceRecognition.Families;

/// <summary>Networks of amplitude-coded spikes, trained in seconds: features without a teacher, places with one.</summary>
/// <param name="Side">Images are resized to so many pixels each way.</param>
/// <param name="Patch">Side of the surroundings by which each pixel is normalised; odd.</param>
/// <param name="PlacesPerModule">Consecutive places of one module.</param>
/// <param name="Epochs">How often each reference image is shown, to each of the two layers.</param>
public sealed record VprTempo(
    TempoVariant Variant = TempoVariant.Code,
    [property: Range(4, 256)] int Side = 28,
    [property: Range(3, 255)] int Patch = 15,
    [property: Range(1, 100_000)] int PlacesPerModule = 500,
    [property: Range(1, 1000)] int Epochs = 4)
    : IModelFamily<PlaceImage, PlacePrediction>, IValidatableObject
{
    public FamilyCard Card => new("vprtempo", 1, "VPRTempo")
    {
        Kind = "spiking",
        Summary = "A feature layer that learns by STDP and adapts its thresholds, and an output neuron for each place that is made to "
            + "spike for it; spikes are amplitudes, one a neuron and image.",
        Paper = "Hines, Stratton, Milford, Fischer: VPRTempo: A fast temporally encoded spiking neural network for visual place "
            + "recognition, ICRA 2024",
        Link = "https://arxiv.org/abs/2309.10225",
        Equations = """
            x = (1 + clamp((gray - mean around it) / deviation around it, -1, 1)) / 2, after gamma correction to a mean of 0.5
            s = clamp(W x - theta, 0, 0.9); features: w += eta (0.5 - s) where x > 0 and s > 0; theta += eta_t (s - f)
            outputs: w += eta x / f (0.5 [right place] - s); inhibitory w += 50 eta (W x) w; eta falls with ((T - t) / T)^2
            """,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Patch % 2 == 0) yield return new("an odd patch, as it has a pixel at its centre", [nameof(Patch)]);
    }

    public IModel<PlaceImage, PlacePrediction> Prepare(TrainingData<PlaceImage> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There is no image of any place; a network needs at least one.");
        var start = context.Time.GetTimestamp();
        var chunks = data.Training.GroupBy(image => image.Label).OrderBy(place => place.Key).Chunk(PlacesPerModule).ToArray();
        var modules = new TempoModule[chunks.Length];
        Parallel.For(0, chunks.Length, new() { MaxDegreeOfParallelism = context.Threads, CancellationToken = context.Cancellation }, at =>
        {
            var chance = new Chance(unchecked((ulong)(context.Seed * 7919L + at)));
            modules[at] = new(Side * Side, [.. chunks[at].Select(place => place.Key)], Variant, chance);
            modules[at].Learn([.. chunks[at].SelectMany(place => place)
                .Select(image => (TempoEnsemble.View(image, Side, Patch), image.Label))], Epochs, chance, context.Cancellation);
        });
        var model = new TempoEnsemble(modules, Side, Patch, data.Training.Max(image => image.Label) + 1);
        var wrong = 1 - RecallAt.First(model, data.Training)!.Value;
        context.Progress.Report(new(Epochs, wrong, RecallAt.First(model, data.Validation),
            context.Time.GetElapsedTime(start).TotalSeconds) { Note = "in place of a loss: share of reference images not recognised" });
        return model;
    }
}
