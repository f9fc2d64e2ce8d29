using System.ComponentModel.DataAnnotations;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Matching;

namespace Suites.PlaceRecognition.Families;

/// <summary>Histograms of oriented gradients, compared by their cosine.</summary>
/// <param name="Cell">Side of the cells, pixels.</param>
public sealed record HogCosine([property: Range(2, 128)] int Cell = 8) : IModelFamily<PlaceImage, PlacePrediction>
{
    public FamilyCard Card => new("hog-cosine", 1, "HOG and cosine")
    {
        Kind = "classical",
        Summary = "The reference image whose histograms of oriented gradients have the largest cosine with those of the query.",
        Paper = "Dalal, Triggs: Histograms of oriented gradients for human detection, CVPR 2005",
        Equations = "h = L2-Hys of 2 x 2 cells of 9 orientations\nplace = argmax over p of h . h_p / |h| |h_p|",
    };

    public IModel<PlaceImage, PlacePrediction> Prepare(TrainingData<PlaceImage> data, RunContext context) => new ReferenceMap(data.Training,
        image => Descriptors.Gradients(image, Cell), ReferenceMap.Cosine);
}
