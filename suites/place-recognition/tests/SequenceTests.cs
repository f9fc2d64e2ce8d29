using Harness.Datasets;
using Harness.Datasets.Places;
using Harness.Testing;
using Suites.PlaceRecognition.Families;

namespace Suites.PlaceRecognition.Tests;

public sealed class SequenceTests
{
    static readonly DirectoryInfo Cache = new(Path.GetTempPath());

    [Fact]
    public void Every_image_comes_with_those_before_it()
    {
        var images = new Traverse(Corridor.Of200, 4).Read(Cache, Split.Train).ToArray();
        Assert.Equal([0, 1, 2, 3, 3], images.Take(5).Select(image => image.Before.Count));
        Assert.Equal(images[3].Pixels, images[4].Before[0]);
        Assert.Equal(images[1].Pixels, images[4].Before[2]);
        // The second season begins anew.
        Assert.Equal((0, 1), (images[200].Before.Count, images[201].Before.Count));
    }

    // The route passes two scenes three times; only what came before tells these places apart.
    [Fact]
    public void A_sequence_tells_places_apart_that_look_the_same()
    {
        int[] scenes = [0, 1, 2, 3, 4, 0, 1, 5, 6, 7, 0, 1, 8, 9];
        PlaceImage Of(int place, int noise, params int[] before) => Places.Waves(scenes[place], noise) with
        {
            Label = place, Before = [.. before.Select(earlier => Places.Waves(scenes[earlier], noise).Pixels)],
        };
        PlaceImage[] reference = [.. Enumerable.Range(0, scenes.Length).Select(place => Of(place, 0))];
        PlaceImage[] queries = [Of(6, 20, 5, 4, 3), Of(11, 20, 10, 9, 8), Of(1, 20, 0)];
        using var alone = new SeqSlam(Length: 1, Neighbours: 0).Prepare(new(reference, []), Context());
        using var together = new SeqSlam(Length: 4, Neighbours: 0, Slowest: 1, Fastest: 1).Prepare(new(reference, []), Context());
        Assert.Equal([6, 11, 1], together.Predict(queries).Select(answer => answer.Places[0]));
        // Image by image the three are one place, the first of equal ones.
        Assert.Equal([1, 1, 1], alone.Predict(queries).Select(answer => answer.Places[0]));
    }

    [Fact]
    public void A_query_at_another_speed_is_found()
    {
        PlaceImage[] reference = [.. Enumerable.Range(0, 30).Select(place => Places.Waves(place, 0))];
        // Every other place of the reference.
        var query = Places.Waves(20, 100) with { Before = [.. new[] { 18, 16, 14, 12 }.Select(place => Places.Waves(place, 100).Pixels)] };
        using var model = new SeqSlam(Length: 5, Slowest: 1, Fastest: 2).Prepare(new(reference, []), Context());
        Assert.Equal(20, model.Predict([query])[0].Places[0]);
        // Two sums of five differences each, all images of the map.
        Assert.Equal(5.0 * 30 * 28 * 28, model.Count([query]).Macs);
    }

    [Fact]
    public void The_family_keeps_its_contract_and_every_knob_is_real()
    {
        var benchmark = (Benchmark<PlaceImage, PlacePrediction>)PlaceRecognitionSuite.Create().Benchmarks[0];
        PlaceImage[] Set(int noise) => [.. Enumerable.Range(0, 12).Select(place => Places.Waves(place, noise) with
        {
            Before = [.. Enumerable.Range(1, Math.Min(place, 5)).Select(back => Places.Waves(place - back, noise).Pixels)],
        })];
        FamilyContract.Of(benchmark, new SeqSlam(Length: 6), new(Set(0), Set(10)), Set(200)).Check();
    }

    static RunContext Context() => new(1, 1, Cache, TimeProvider.System, new RecordingProgress<TrainingPoint>(),
        TestContext.Current.CancellationToken);
}
