using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>Two liquids and the projections of their answers.</summary>
sealed class PairModel(EventProbe<FrameSequence> sounds, EventProbe<LabeledImage> images, PairProjections network, Pairing pairing,
    (int Sound, int Image) steps) : IModel<SoundWithImages, ClassPrediction>
{
    bool disposed;

    public Footprint Footprint
    {
        get
        {
            var (learned, drawn) = (ModuleSize.Footprint(network), sounds.Weights!.Values.Length + (long)images.Weights!.Values.Length);
            return learned with { Bytes = learned.Bytes + drawn * sizeof(float) };
        }
    }

    public IReadOnlyList<ClassPrediction> Predict(IReadOnlyList<SoundWithImages> batch)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return [.. pairing.Places(PairedShares.Of(sounds, images, batch)).Select(found => new ClassPrediction(found.Place, found.Share))];
    }

    // A sample is one sound and all images that are asked about.
    public OperationCounts Count(IReadOnlyList<SoundWithImages> batch)
    {
        var perSample = batch.Sum(sample => sample.Images.Count) / (double)batch.Count;
        var (_, heard) = LiquidOperations.Of(sounds, "sound", steps.Sound, [.. batch.Select(sample => sample.Sound)]);
        var (_, seen) = LiquidOperations.Of(images, "image", steps.Image, [.. batch.SelectMany(sample => sample.Images)]);
        var (sound, image) = (network.SoundWeights, network.ImageWeights);
        return new(
        [
            .. heard, .. seen.Select(layer => layer with
            {
                Acs = layer.Acs * perSample, DenseOperations = layer.DenseOperations * perSample, Spikes = layer.Spikes * perSample,
                NeuronUpdates = layer.NeuronUpdates * perSample,
            }),
            new("sound.projection", "linear", sound, 0, sound) { WeightBytes = sound * sizeof(float) },
            new("image.projection", "linear", image * perSample, 0, image * perSample) { WeightBytes = image * sizeof(float) },
            new("products", "product", network.Width * perSample, 0, network.Width * perSample),
        ], batch.Count);
    }

    public void Dispose()
    {
        if (!disposed) network.Dispose();
        disposed = true;
    }
}
