using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>The Spiking Speech Commands: 35 words as spikes of 700 bushy cells, with an official validation file.</summary>
public sealed class Ssc : IDataset<EventSample>
{
    const string Address = "https://zenkelab.org/datasets/";

    public DatasetCard Card { get; } = new("ssc", 0, "Spiking Speech Commands")
    {
        Licence = "CC BY 4.0",
        Citation = "Cramer, Stradmann, Schemmel, Zenke: The Heidelberg spiking data sets for the systematic evaluation of spiking neural "
            + "networks, IEEE Transactions on Neural Networks and Learning Systems 33, 2022; words: Warden 2018",
        Encoding = Encodings.Cochlea + ", at most 1.4 s",
        SplitRule = "official files for training, validation and test (75 466 / 9 981 / 20 382 recordings as published)",
        Classes = 35,
        Metrics = ["accuracy@1"],
        Files =
        [
            new("ssc/ssc_train.h5", null, null, Address + "ssc_train.h5.gz"),
            new("ssc/ssc_valid.h5", null, null, Address + "ssc_valid.h5.gz"),
            new("ssc/ssc_test.h5", null, null, Address + "ssc_test.h5.gz"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) =>
        SpikeSet.Read(cache, Card.Files[split switch { Split.Train => 0, Split.Validation => 1, _ => 2 }]);
}
