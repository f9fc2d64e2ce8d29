using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Fisbe;
using Suites.Fisbe.Learning;
using Suites.Fisbe.Segmentation;

namespace Suites.Fisbe.Families;

/// <summary>Bright voxels that touch are one neuron: what every other family must beat.</summary>
/// <param name="Sigma">Standard deviation of the Gaussian before the threshold, in voxels.</param>
/// <param name="Smallest">Components of at most so many voxels are noise.</param>
public sealed record ConnectedComponents(
    [property: Range(0.0, 10.0)] double Sigma = 1,
    [property: Range(0, 100_000)] int Smallest = 100)
    : IModelFamily<NeuronVolume, NeuronPrediction>
{
    public FamilyCard Card => new("connected-components", 1, "Threshold and connected components")
    {
        Kind = "classical",
        Summary =
            "The brightest channel, smoothed, above the threshold with the best Dice coefficient in training; 26-connected components.",
        Equations = "foreground = max over channels of (G_sigma * image) >= t\nt = argmax Dice(foreground, neurons) over training voxels",
    };

    public IModel<NeuronVolume, NeuronPrediction> Prepare(TrainingData<NeuronVolume> data, RunContext context)
    {
        var foreground = Foreground.Fit([.. data.Training.Select(Specimen.Of)], Sigma);
        return new ImageModel(1, image =>
        {
            var inside = foreground.Of(image);
            return Components.Of(image.Shape, voxel => inside[voxel]).Where(component => component.Count > Smallest);
        }, image => [ImageModel.Smoothing(image, Sigma)]);
    }
}
