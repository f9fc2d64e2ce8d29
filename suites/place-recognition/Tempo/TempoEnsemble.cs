using Harness.Datasets;
using Harness.Datasets.Places;
using Suites.PlaceRecognition.Matching;

namespace Suites.PlaceRecognition.Tempo;

/// <summary>Modules of consecutive places, asked together.</summary>
sealed class TempoEnsemble(IReadOnlyList<TempoModule> modules, int side, int patch, int most) : IModel<PlaceImage, PlacePrediction>
{
    public Footprint Footprint { get; } = new(modules.Sum(module => module.Synapses),
        modules.Sum(module => (module.Synapses + module.Neurons) * sizeof(float)), 8 * sizeof(float));

    /// <summary>Amplitudes of the pixels: resized, each over its surroundings, 0 to 1.</summary>
    public static float[] View(PlaceImage image, int side, int patch) => Array.ConvertAll(Descriptors.Surrounded(image, side, side, patch),
        value => (Math.Clamp(value, -1, 1) + 1) / 2);

    public IReadOnlyList<PlacePrediction> Predict(IReadOnlyList<PlaceImage> batch) => [.. batch.Select(image => Find(image).Answer)];

    (PlacePrediction Answer, long Events) Find(PlaceImage image)
    {
        var (inputs, scores, events) = (View(image, side, patch), new double[most], 0L);
        Array.Fill(scores, double.NegativeInfinity);
        foreach (var module in modules)
        {
            var (answers, carried) = module.Answer(inputs);
            events += carried;
            foreach (var (score, place) in answers.Zip(module.Places)) scores[place] = score;
        }
        return (PlacePrediction.Of(scores), events);
    }

    /// <summary>Spikes have amplitudes, so that a synapse that carries one multiplies.</summary>
    public OperationCounts Count(IReadOnlyList<PlaceImage> batch)
    {
        var events = batch.Sum(image => Find(image).Events) / (double)batch.Count;
        return new([new("modules", "linear", events, 0, modules.Sum(module => (double)module.Synapses))
            { WeightBytes = Footprint.Bytes }], batch.Count);
    }

    public void Dispose() { }
}
