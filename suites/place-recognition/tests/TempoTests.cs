using Harness.Datasets;
using Harness.Datasets.Places;
using Harness.Testing;
using Suites.PlaceRecognition.Families;
using Suites.PlaceRecognition.Matching;
using Suites.PlaceRecognition.Tempo;

namespace Suites.PlaceRecognition.Tests;

public sealed class TempoTests
{
    [Fact]
    public void Pixels_are_seen_over_their_surroundings()
    {
        // numpy 1.24: (v - mean) / std(ddof=1) of the 3 × 3 pixels around v = min(255, gray^(log 127.5 / log mean)).
        byte[] gray = [.. Enumerable.Range(0, 30).Select(at => (byte)((37 * (at / 5) + 61 * (at % 5) + 11 * (at / 5) * (at % 5)) % 256))];
        var seen = Descriptors.Surrounded(new(gray, 6, 5, 0, "summer", 0), 6, 5, 3);
        Assert.Equal([-1.13695, -1.06633, 0.38269], new[] { seen[0], seen[2 * 5 + 3], seen[^1] }.Select(value => Math.Round(value, 5)));
        Assert.All(Descriptors.Surrounded(new(new byte[30], 6, 5, 0, "summer", 0), 6, 5, 3), value => Assert.Equal(0, value));
    }

    // Two inputs, two neurons: one that excites and one that inhibits each. Values worked out by hand from the equations.
    [Fact]
    public void Learning_without_a_teacher_follows_its_equations()
    {
        var layer = new TempoLayer(2, [0.1f, 0.2f], [0.3f, 0.6f], [0.8f, -0.4f, 0, 0.5f]);
        float[] before = [0.5f, 0.25f];
        var currents = layer.Currents(before);
        Assert.Equal([0.3f, 0.125f], currents.Select(current => MathF.Round(current, 6)));
        var spikes = layer.Spikes(currents);
        Assert.Equal([0.2f, 0], spikes.Select(spike => MathF.Round(spike, 6)));
        layer.Learn(before, currents, spikes, rate: 0.01f, adaptation: 0.1f, TempoVariant.Paper);
        // 0.5 - 0.2 = 0.3, times 0.01; then inhibition -0.397 (1 + 0.3 * 0.01 * 50). The second neuron did not spike.
        Assert.Equal([0.803f, -0.45655f, 0, 0.5f], layer.Weights.ToArray().Select(weight => MathF.Round(weight, 6)));
        Assert.Equal([0.09f, 0.14f], layer.Thresholds.ToArray().Select(threshold => MathF.Round(threshold, 6)));
        layer.Learn(before, currents, spikes, rate: 0, adaptation: 0.1f, TempoVariant.Code);
        Assert.Equal([0.06f, 0.08f], layer.Thresholds.ToArray().Select(threshold => MathF.Round(threshold, 6)));
    }

    [Fact]
    public void A_teacher_moves_all_neurons_and_a_synapse_keeps_its_sign()
    {
        var layer = new TempoLayer(2, [0, 0], [], [0.4f, -0.002f, 0.002f, 0.6f]);
        float[] before = [0.5f, 0.25f], rates = [0.5f, 0.25f];
        var currents = layer.Currents(before);
        layer.Teach(before, rates, currents, layer.Spikes(currents), right: 0, rate: 0.1f);
        // 0: 0.5 - 0.1995 = 0.3005, times 0.1 and input / rate 1; inhibition would cross 0 and stays just below it.
        // 1: 0 - 0.151; what excites stays just above 0.
        var weights = layer.Weights.ToArray();
        Assert.Equal(0.43005, weights[0], 1e-6);
        Assert.InRange(weights[1], -1e-5f, -1e-7f);
        Assert.Equal(1e-6, weights[2], 1e-9);
        Assert.Equal(0.5849, weights[3], 1e-6);
    }

    [Theory]
    [InlineData(TempoVariant.Code)]
    [InlineData(TempoVariant.Paper)]
    public void Places_are_known_again(TempoVariant variant)
    {
        var reference = Enumerable.Range(0, 12).Select(place => Places.Waves(place, 0)).ToArray();
        var queries = Enumerable.Range(0, 12).Select(place => Places.Waves(place, 40)).ToArray();
        using var model = new VprTempo(variant, Side: 14, Patch: 7, PlacesPerModule: 6, Epochs: 30)
            .Prepare(new(reference, queries), Context());
        var right = model.Predict(queries).Zip(queries).Count(pair => pair.First.Places[0] == pair.Second.Label);
        Assert.True(right >= 11, $"{right} of 12 places");
    }

    [Fact]
    public void The_family_keeps_its_contract_and_every_knob_is_real()
    {
        var benchmark = (Benchmark<PlaceImage, PlacePrediction>)PlaceRecognitionSuite.Create().Benchmarks[0];
        PlaceImage[] Set(int noise) => [.. Enumerable.Range(0, 6).Select(place => Places.Waves(place, noise))];
        FamilyContract.Of(benchmark, new VprTempo(Side: 12, Patch: 5, PlacesPerModule: 4, Epochs: 3), new(Set(0), Set(10)), Set(20))
            .Check();
    }

    [Fact]
    public void A_corridor_is_the_same_places_in_other_seasons()
    {
        var cache = new DirectoryInfo(Path.GetTempPath());
        var (learned, asked) = (Corridor.Of200.Read(cache, Split.Train).ToArray(), Corridor.Of200.Read(cache, Split.Test).ToArray());
        Assert.Equal((400, 200), (learned.Length, asked.Length));
        Assert.Equal(["autumn", "spring"], learned.Select(image => image.Season).Distinct().Order(StringComparer.Ordinal));
        Assert.All(asked, image => Assert.Equal("summer", image.Season));
        // The same place in another season is more like than a place far away.
        var nearer = Enumerable.Range(0, 200).Count(place => Likeness(place, place) > Likeness(place, (place + 100) % 200));
        Assert.True(nearer > 180, $"{nearer} of 200");

        double Likeness(int place, int other) => ReferenceMap.Differences(Descriptors.Normalized(asked[place], 32, 64, 8),
            Descriptors.Normalized(learned[other], 32, 64, 8));
    }

    static RunContext Context() => new(1, 1, new(Path.GetTempPath()), TimeProvider.System, new RecordingProgress<TrainingPoint>(),
        TestContext.Current.CancellationToken);
}
