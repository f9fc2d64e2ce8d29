using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Matching;

namespace Suites.PlaceRecognition.Families;

/// <summary>Sequences of images, matched along straight lines through a matrix of differences.</summary>
/// <param name="Patch">Side of the patches by which images are normalised, pixels.</param>
/// <param name="Length">Images of a sequence that are used, of those that the protocol gives.</param>
/// <param name="Neighbours">Places on each side over which differences are normalised; 0 leaves them as they are.</param>
/// <param name="Slowest">Places that the reference passes while the query passes one, at least.</param>
/// <param name="Fastest">At most.</param>
public sealed record SeqSlam(
    [property: Range(1, 256)] int Patch = 8,
    [property: Range(1, 1000)] int Length = 10,
    [property: Range(0, 1000)] int Neighbours = 5,
    [property: Range(0.1, 10.0)] double Slowest = 0.8,
    [property: Range(0.1, 10.0)] double Fastest = 1.2)
    : IModelFamily<PlaceImage, PlacePrediction>, IValidatableObject
{
    public FamilyCard Card => new("seqslam", 1, "SeqSLAM")
    {
        Kind = "classical",
        Summary = "The place at which the sequence of images that ends here differs least from what the reference passed, at any speed "
            + "of a range; differences are normalised among neighbouring places.",
        Paper = "Milford, Wyeth: SeqSLAM: Visual route-based navigation for sunny summer days and stormy winter nights, ICRA 2012",
        Equations = """
            D[i, p] = mean |x_i - x_p| of patch-normalised images; E[i, p] = (D[i, p] - mean) / deviation over places around p
            place = argmin over p of the least over speeds v of the mean over i of E[i, p - round(v i)], i images back
            """,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Slowest > Fastest) yield return new("slowest at most fastest", [nameof(Slowest), nameof(Fastest)]);
    }

    public IModel<PlaceImage, PlacePrediction> Prepare(TrainingData<PlaceImage> data, RunContext context) =>
        new SequenceMap(data.Training, Patch, Length, Neighbours, Slowest, Fastest);
}
