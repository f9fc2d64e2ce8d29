using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Modules;

namespace Suites.PlaceRecognition.Families;

/// <summary>Ensemble of small spiking networks, each trained by STDP on some consecutive places, asked together.</summary>
/// <param name="PlacesPerModule">Consecutive places of one module; as many as there are makes a single network.</param>
/// <param name="Neurons">Excitatory neurons of a module; it has as many inhibitory ones.</param>
/// <param name="Epochs">How often each reference image is shown.</param>
/// <param name="Silencing">Which neurons have no say.</param>
public sealed record Vprsnn(
    [property: Range(1, 100_000)] int PlacesPerModule = 25,
    [property: Range(1, 100_000)] int Neurons = 400,
    [property: Range(1, 1000)] int Epochs = 30,
    Silencing Silencing = Silencing.Hyperactive)
    : IModelFamily<PlaceImage, PlacePrediction>
{
    static readonly int[] Thresholds = [5, 10, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200];

    public FamilyCard Card => new("vprsnn", 1, "VPRSNN ensemble")
    {
        Kind = "spiking",
        Summary = "Modules of conductance-based neurons with lateral inhibition and adaptive thresholds learn by STDP, without labels; "
            + "neurons that fire for places they have not learned are silenced.",
        Paper = "Hussaini, Milford, Fischer: Ensembles of compact, region-specific and regularized spiking neural networks for scalable "
            + "place recognition, ICRA 2023; after Diehl and Cook 2015",
        Link = "https://arxiv.org/abs/2209.08723",
        Equations = """
            x = patch-normalised image, 28 x 28, as Poisson trains of up to 63.75 Hz for 350 ms
            100 ms v' = -65 - v + g_e (0 - v) + g_i (-100 - v); spike: v > theta - 72 mV, theta += 0.05 mV while learning
            arrival: w += 1e-4 post1, pre = 1; spike: w += 0.01 pre post2, post1 = post2 = 1; sums of 78 before each image
            neuron n stands for the place of its region that it fires most for; silent where it fires for >= limit other images
            place = argmax over p of the mean spikes of its neurons; the limit is chosen on the validation queries
            """,
    };

    public IModel<PlaceImage, PlacePrediction> Prepare(TrainingData<PlaceImage> data, RunContext context)
    {
        if (data.Training.Count == 0) throw new TrainingFailedException("There is no image of any place; an ensemble needs at least one.");
        var (ensemble, last) = PlaceEnsemble.Train(data.Training, PlacesPerModule, Neurons, Epochs, context);
        var (threshold, silenced) = ensemble.Silence(Silencing, data.Validation, Thresholds, context.Cancellation);
        context.Progress.Report(last with
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"{silenced} neurons silenced, ")
                + (threshold is null ? "no limit was better than none" : $"limit {threshold} images"),
        });
        return ensemble;
    }
}
