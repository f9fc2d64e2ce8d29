using Harness.Datasets.Places;
using Harness.Testing;
using Harness.Torch;
using Suites.PlaceRecognition.Families;
using Suites.PlaceRecognition.Modules;

namespace Suites.PlaceRecognition.Tests;

public sealed class ModuleTests
{
    [Fact]
    public void Trains_have_the_rate_of_their_pixels()
    {
        var trains = new PoissonTrains([255, 102, 0], 0, new SampleOrder(3));
        var counts = new int[3];
        var fired = new List<int>();
        for (var step = 0; step < 200_000; step++)
        {
            fired.Clear();
            trains.Take(step, fired);
            foreach (var pixel in fired) counts[pixel]++;
        }
        // 100 s; three standard deviations of a Poisson count.
        Assert.InRange(counts[0], 6375 - 240, 6375 + 240);
        Assert.InRange(counts[1], 2550 - 152, 2550 + 152);
        Assert.Equal(0, counts[2]);
    }

    [Fact]
    public void A_module_is_its_equations_synapse_by_synapse()
    {
        var module = new PlaceModule(40, 12, new SampleOrder(7));
        module.Normalize();
        var plain = new PlainModule(40, 12, new SampleOrder(7));
        float[] image = [.. Enumerable.Range(0, 40).Select(pixel => pixel % 4 == 0 ? 0f : 255f)];
        for (var shown = 0; shown < 3; shown++)
        {
            module.Show(image, learn: true, new SampleOrder(shown));
            plain.Show(image, new SampleOrder(shown));
            Assert.Equal(plain.Counts, module.Counts.ToArray());
        }
        Assert.True(plain.Counts.Sum() > 0, "no spikes: nothing was compared");
        var changed = 0;
        for (var input = 0; input < 40; input++)
            for (var neuron = 0; neuron < 12; neuron++)
            {
                Assert.Equal(plain.Weights[input, neuron], module.Weight(input, neuron), 1e-3);
                if (Math.Abs(plain.Weights[input, neuron] - plain.First[input, neuron]) > 1e-3) changed++;
            }
        Assert.True(changed > 20, $"only {changed} weights changed");
    }

    [Fact]
    public void Modules_tell_their_places_apart_and_silence_as_asked()
    {
        var reference = Enumerable.Range(0, 6).Select(place => Places.Waves(place, 0)).ToArray();
        var queries = Enumerable.Range(0, 6).Select(place => Places.Waves(place, 20)).ToArray();
        var family = new Vprsnn(PlacesPerModule: 3, Neurons: 40, Epochs: 30);
        var context = new RunContext(1, 1, new(Path.GetTempPath()), TimeProvider.System, new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        using var model = family.Prepare(new(reference, queries), context);
        var answers = model.Predict([.. queries.Select(query => query with { Label = -1 })]);
        var right = answers.Zip(queries).Count(pair => pair.First.Places[0] == pair.Second.Label);
        Assert.True(right >= 5, $"{right} of 6 places");
        Assert.Equal(answers[4].Places, model.Predict([queries[4]])[0].Places);
        var counts = model.Count(queries);
        Assert.True(counts.Acs > 1000 && counts.Layers[1].Spikes > 1);
    }

    [Fact]
    public void Neurons_are_silenced_only_where_calibration_gains_and_at_random_as_many()
    {
        var reference = Enumerable.Range(0, 6).Select(place => Places.Waves(place, 0)).ToArray();
        var queries = Enumerable.Range(0, 6).Select(place => Places.Waves(place, 120)).ToArray();
        var context = new RunContext(2, 1, new(Path.GetTempPath()), TimeProvider.System, new RecordingProgress<TrainingPoint>(),
            TestContext.Current.CancellationToken);
        var (ensemble, _) = PlaceEnsemble.Train(reference, 2, 15, 4, context);
        var none = Right();
        var (limit, silenced) = ensemble.Silence(Silencing.Hyperactive, queries, [1, 2, 3], context.Cancellation);
        Assert.True(limit is null ? silenced == 0 && Right() == none : silenced > 0 && Right() > none, $"{limit}, {silenced}");
        Assert.Equal((limit, silenced), ensemble.Silence(Silencing.Random, queries, [1, 2, 3], context.Cancellation));
        Assert.Equal((null, 0), ensemble.Silence(Silencing.None, [], [1], context.Cancellation));
        var error = Assert.Throws<TrainingFailedException>(() => ensemble.Silence(Silencing.Hyperactive, [], [1], context.Cancellation));
        Assert.Contains("calibration", error.Message, StringComparison.Ordinal);

        int Right() => ensemble.Predict(queries).Zip(queries).Count(pair => pair.First.Places[0] == pair.Second.Label);
    }
}
