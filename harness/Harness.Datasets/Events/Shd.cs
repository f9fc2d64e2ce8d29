using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>
/// The Spiking Heidelberg Digits: spoken digits, English and German, as spikes of 700 bushy cells. There is no official validation
/// part, and selecting on the test set is common; here two speakers or more of the training file are held out for selection. Releases
/// differ in their counts (8156/2264 now, 8332/2088 in older descriptions), so counts come from the pinned file.
/// </summary>
public sealed class Shd : IDataset<EventSample>
{
    const double ValidationShare = 0.1;
    const ulong ValidationSeed = 1;
    const string Address = "https://zenkelab.org/datasets/";

    public DatasetCard Card { get; } = new("shd", 1, "Spiking Heidelberg Digits")
    {
        Licence = "CC BY 4.0",
        Citation = "Cramer, Stradmann, Schemmel, Zenke: The Heidelberg spiking data sets for the systematic evaluation of spiking neural "
            + "networks, IEEE Transactions on Neural Networks and Learning Systems 33, 2022",
        Encoding = Encodings.Cochlea + ", at most 1.4 s",
        SplitRule = "official test file; validation: speakers of the training file in the order of a SplitMix64 shuffle (seed 1), taken "
            + "until "
            + "they have 10 % of its recordings, so that no speaker is in both; train: the other speakers",
        Classes = 20,
        Metrics = ["accuracy@1"],
        Parameters = new Dictionary<string, string> { ["speakers"] = "12, of which 2 are in the test file only",
            ["classes"] = "0-9 English, 10-19 German" },
        Files =
        [
            new("shd/shd_train.h5", null, "md5:8e9877c85f29a28dd353ea6a54402667", Address + "shd_train.h5.gz"),
            new("shd/shd_test.h5", null, "md5:207ad1295a0ab611e22d1734989c254e", Address + "shd_test.h5.gz"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) => split == Split.Test
        ? SpikeSet.Read(cache, Card.Files[1])
        : SpikeSet.Read(cache, Card.Files[0], SpikeSet.BySpeaker(split, ValidationShare, ValidationSeed));
}
