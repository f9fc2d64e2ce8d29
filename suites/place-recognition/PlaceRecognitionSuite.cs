using Harness.Datasets.Places;
using Suites.PlaceRecognition.Families;
using Suites.PlaceRecognition.Metrics;
using Suites.PlaceRecognition.Views;

namespace Suites.PlaceRecognition;

/// <summary>Visual place recognition: which place of a route that was seen in one season does an image of another season show?</summary>
public static class PlaceRecognitionSuite
{
    public static Suite Create() => new("place-recognition", "Place recognition",
    [
        new Benchmark<PlaceImage, PlacePrediction>("places", "Places of a route in another season")
        {
            Datasets =
            [
                Nordland.Sparse, Nordland.Small, Nordland.SmallWithinOne, Nordland.WithinOne, Nordland.WithinTwo, Nordland.WithinTen,
                Corridor.Of200, .. Traverse.All,
            ],
            Families = [new SadMatching(), new SeqSlam(), new HogCosine(), new PlaceCnn(), new Vprsnn(), new VprTempo()],
            Metrics = [new RecallAt(1), new RecallAt(5), new RecallAt(10), new RecallAt(20), new PrecisionRecallArea()],
            Withhold = image => image with { Label = -1, Frame = -1 },
            Target = image => $"{image.Label}",
            Answer = prediction => prediction.Places.Count == 0 ? "" : $"{prediction.Places[0]}",
            Draw = Retrievals.Draw,
        },
    ]);
}
