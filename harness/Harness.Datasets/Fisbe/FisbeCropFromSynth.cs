namespace Harness.Datasets.Fisbe;

/// <summary>Learn from synthetic neurons, be tested on the real crop: whether what is learnt here holds out there.</summary>
public sealed class FisbeCropFromSynth : IDataset<NeuronVolume>
{
    static readonly FisbeSynth Synthetic = FisbeSynth.Small;

    public DatasetCard Card { get; } = FisbeImages.Crop.Card with
    {
        Id = "fisbe-crop-from-synth",
        Title = "A crop of one FISBe image, learnt from synthetic neurons",
        SplitRule = $"test: the crop; training and validation: those of {Synthetic.Card.Protocol}",
        Counts = new Dictionary<Split, int>
        {
            [Split.Train] = Synthetic.Card.Counts[Split.Train], [Split.Validation] = Synthetic.Card.Counts[Split.Validation],
            [Split.Test] = FisbeImages.Crop.Card.Counts[Split.Test],
        },
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => FisbeImages.Crop.FetchAsync(cache, cancellation);

    public IEnumerable<NeuronVolume> Read(DirectoryInfo cache, Split split) =>
        split == Split.Test ? FisbeImages.Crop.Read(cache, split) : Synthetic.Read(cache, split);
}
