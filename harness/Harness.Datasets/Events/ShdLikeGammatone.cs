using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>
/// A small stand-in for SHD that comes as files: 420 spoken digits through a gammatone filter bank instead of a cochlea model.
/// </summary>
public sealed class ShdLikeGammatone : IDataset<EventSample>
{
    public DatasetCard Card { get; } = new("shd-like-gammatone", 1, "Spoken digits as spikes, gammatone filters")
    {
        Licence = "CC BY-SA 4.0",
        Citation = "speech: Jackson et al., Free Spoken Digit Dataset, 2018; hair and bushy cells as in Cramer et al. 2022",
        Encoding = Encodings.Cochlea + " (center frequencies 3800 to 80 Hz)",
        SplitRule = "files as given (300 recordings of speakers 0-4; 120, speaker 5 among them); validation: speakers of the training "
            + "file by "
            + "SplitMix64 shuffle (seed 1) until they have 10 %",
        Classes = 10, StandIn = true, Metrics = ["accuracy@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = 240, [Split.Validation] = 60, [Split.Test] = 120 },
        Files =
        [
            new("shd-like/shd_like_train.h5", 7_395_712, "sha256:a35a9a044f2674d27a7fc02edb552e2d61274e3d4e48fc128de63fd5bd960525"),
            new("shd-like/shd_like_test.h5", 2_872_280, "sha256:c18c5e14f1775f06624451bba9d50bb1a442b17acdebf38e83ef8138e369084f"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) => split == Split.Test
        ? SpikeSet.Read(cache, Card.Files[1])
        : SpikeSet.Read(cache, Card.Files[0], SpikeSet.BySpeaker(split, share: 0.1, seed: 1));
}
