using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Matching;

namespace Suites.PlaceRecognition.Families;

/// <summary>Sum of absolute differences of patch-normalised images, image by image.</summary>
/// <param name="Patch">Side of the patches, pixels.</param>
public sealed record SadMatching([property: Range(1, 256)] int Patch = 8) : IModelFamily<PlaceImage, PlacePrediction>
{
    public FamilyCard Card => new("sad", 1, "Sum of absolute differences")
    {
        Kind = "classical",
        Summary = "The reference image that differs least, both normalised patch by patch; SeqSLAM's comparison without its sequences.",
        Paper = "Milford, Wyeth: SeqSLAM, ICRA 2012",
        Equations = "x = (gray - mean of its patch) / deviation of its patch\nplace = argmin over p of mean |x - x_p|",
    };

    public IModel<PlaceImage, PlacePrediction> Prepare(TrainingData<PlaceImage> data, RunContext context) => new ReferenceMap(data.Training,
        image => Descriptors.Normalized(image, image.Height, image.Width, Patch), ReferenceMap.Differences);
}
