using Harness.Datasets;
using Harness.Datasets.Places;
using Harness.Testing;
using Harness.Torch;
using Suites.PlaceRecognition.Families;
using Suites.PlaceRecognition.Networks;
using static TorchSharp.torch;

namespace Suites.PlaceRecognition.Tests;

public sealed class NetworkTests
{
    public NetworkTests() => TorchSession.Begin(3, 1);

    [Fact]
    public void The_loss_is_the_cross_entropy_of_cosines_both_ways()
    {
        using var scope = NewDisposeScope();
        using var network = new PlaceNetwork(8, 8, 2, 4);
        var loss = new PlaceContrast(network, new(0), 0.5)
            .Loss(tensor(new[,] { { 1f, 0 }, { 0, 1 } }), tensor(new[,] { { 0.6f, 0.8f }, { 1, 0 } }));
        // Cosines over 0.5: rows (1.2, 2), (1.6, 0); columns (1.2, 1.6), (2, 0).
        double Row(double right, double wrong) => Math.Log(1 + Math.Exp(wrong - right));
        Assert.Equal((Row(1.2, 2) + Row(0, 1.6) + Row(1.2, 1.6) + Row(0, 2)) / 4, loss.item<float>(), 1e-6);
    }

    [Fact]
    public void Work_is_counted_by_layer()
    {
        using var network = new PlaceNetwork(28, 20, 4, 16);
        // 14 × 10, 7 × 5 and 4 × 3 places of 9 · 1 · 4, 9 · 4 · 8 and 9 · 8 · 16 products.
        Assert.Equal([14 * 10 * 36, 7 * 5 * 288, 4 * 3 * 1152, 4 * 3 * 16 * 16], network.Operations.Select(layer => layer.Macs));
        using var mode = no_grad();
        using var found = network.forward(rand(3, 1, 28, 20));
        Assert.Equal([3, 16], found.shape);
        Assert.Equal(1, found.square().sum([1]).max().item<float>(), 1e-5);
    }

    /// <summary>Regions of queries are turned from dark to bright; the network that has not learned is the control.</summary>
    [Fact]
    public void Places_are_known_again_in_a_season_that_was_never_seen()
    {
        PlaceImage[] reference = [.. Enumerable.Range(0, 30).Select(place => Places.Waves(place, 0))];
        PlaceImage[] queries = [.. reference.Select(image => image with { Pixels = Turned(image.Pixels.Span) })];
        int Right(int steps)
        {
            using var model = new PlaceCnn(Patch: 7, Channels: 8, Features: 64, Steps: steps, BatchSize: 30, Contrast: 1.5)
                .Prepare(new(reference, []), Context());
            return model.Predict(queries).Zip(queries).Count(pair => pair.First.Places[0] == pair.Second.Label);
        }
        var (before, after) = (Right(0), Right(120));
        Assert.True(after >= before + 6, $"{before} of 30 without learning, {after} after");

        static byte[] Turned(ReadOnlySpan<byte> pixels)
        {
            var turned = pixels.ToArray();
            for (var at = 0; at < turned.Length; at++)
                if (at % 28 < 12) turned[at] = (byte)(byte.MaxValue - turned[at]);
            return turned;
        }
    }

    [Fact]
    public void The_family_keeps_its_contract_and_every_knob_is_real()
    {
        var benchmark = (Benchmark<PlaceImage, PlacePrediction>)PlaceRecognitionSuite.Create().Benchmarks[0];
        PlaceImage[] Set(int noise) => [.. Enumerable.Range(0, 6).Select(place => Places.Waves(place, noise))];
        FamilyContract.Of(benchmark, new PlaceCnn(Patch: 5, Channels: 2, Features: 8, Steps: 100, BatchSize: 4), new(Set(0), Set(10)),
            Set(20)).Check();
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        using var model = new PlaceCnn(Steps: 0).Prepare(new([Places.Waves(0, 0)], []), Context());
        var error = Assert.Throws<HarnessException>(() => model.Predict([new(new byte[30], 6, 5, 0, "winter", 0)]));
        Assert.Contains("6 × 5 pixels, but the network was made for 28 × 28", error.Message, StringComparison.Ordinal);
    }

    static RunContext Context() => new(1, 1, new(Path.GetTempPath()), TimeProvider.System, new RecordingProgress<TrainingPoint>(),
        TestContext.Current.CancellationToken);
}
