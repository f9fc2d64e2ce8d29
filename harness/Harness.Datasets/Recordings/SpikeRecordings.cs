using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Recordings;

/// <summary>Spikes of many units of a multi-electrode array.</summary>
/// <param name="Spikes">Times of each unit in seconds, ascending.</param>
/// <param name="Positions">x and y of each unit's electrode in µm.</param>
/// <param name="Age">Days after birth.</param>
public sealed record SpikeRecording(string Name, IReadOnlyList<ReadOnlyMemory<double>> Spikes,
    IReadOnlyList<(double X, double Y)> Positions,
    double Seconds, int Age, string Condition);

/// <summary>
/// Retinal waves of mice on multi-electrode arrays: seven recordings of a repository of 366, in its HDF5 layout (Eglen et al. 2014):
/// <c>spikes</c> of all units one after the other, <c>sCount</c> spikes of each unit, <c>epos</c> positions.
/// </summary>
public sealed class SpikeRecordings : IDataset<SpikeRecording>
{
    public DatasetCard Card { get; } = new("mea-retinal-waves", 1, "Retinal waves on electrode arrays")
    {
        Licence = "GPL-2.0 repository; cite the papers",
        Citation = "Eglen et al.: A data repository and analysis framework for spontaneous neural activity recordings in developing "
            + "retina, GigaScience 3, 2014",
        Encoding = "times [unit][spike] in s; positions [unit] in µm",
        SplitRule = "train: the seven recordings by name; no validation or test part",
        Counts = new Dictionary<Split, int> { [Split.Train] = 7, [Split.Validation] = 0, [Split.Test] = 0 },
        Files =
        [
            new("mea-retinal-waves/Demas2003_P11_CTRL_MS4_1A.h5", 143_211,
                "sha256:213f5f67a403a8800250011381b086e257612bc928de31a973632763f9ade1fa"),
            new("mea-retinal-waves/Demas2003_P13_CTRL_MII2_2A.h5", 111_245,
                "sha256:4e79a297276a4eb9f83330014d884d6bed16dd043177094c6e7789434b9fe1cd"),
            new("mea-retinal-waves/Demas2003_P15_CTRL_MS5_1A.h5", 672_875,
                "sha256:00bcea190a76fa282e5d5e59a4c89fcf54e60ba8d08a4654fd8a3b87f353b394"),
            new("mea-retinal-waves/Demas2003_P9_CTRL_MY1_1A.h5", 151_735,
                "sha256:42b17b5eac353b43eaf05787c62003911fdbbd6553f82ba7f0996d8ea1cba1b8"),
            new("mea-retinal-waves/Demas2006_p7nob1.h5", 59_815, "sha256:e6109f70b48c82a8ad7365a0ace93008a9fe82352533f7e3cc3cfc14a4783508"),
            new("mea-retinal-waves/Demas2006_p7wt1.h5", 115_146, "sha256:4ec197b47ebebdb27e68949259503a1c1a77ae438d0a6146a5e7e6a167782248"),
            new("mea-retinal-waves/Maccione2014_P10_8Dec11_spont3_SpkTs_bursts_filtered.h5", 3_385_461,
                "sha256:3a3a9242ddce057723ec54c9d10b85a79e8bc0368c3d593f7c3c373164979ec4"),
        ],
    };

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<SpikeRecording> Read(DirectoryInfo cache, Split split) =>
        split == Split.Train ? Card.Files.Select(file => Read(FileStore.Require(cache, file))) : [];

    /// <exception cref="DataFormatException">Not HDF5, or counts, positions and spikes do not agree.</exception>
    public static SpikeRecording Read(FileInfo path)
    {
        using var file = Hdf5File.Open(path);
        var (counts, spikes, positions) = (file.Numbers<int>("sCount"), file.Numbers<double>("spikes"), file.Numbers<double>("epos"));
        if (Array.Exists(counts, count => count < 0) || counts.Sum(count => (long)count) != spikes.Length
            || positions.Length != 2 * counts.Length)
            throw new DataFormatException(path.FullName,
                $"its {counts.Length} units with {counts.Sum(count => (long)count)} spikes do not agree with "
                + $"{spikes.Length} times and {positions.Length} coordinates");
        var (units, start) = (new List<ReadOnlyMemory<double>>(), 0);
        foreach (var count in counts)
        {
            units.Add(spikes.AsMemory(start, count));
            start += count;
        }
        return new(Path.GetFileNameWithoutExtension(path.Name), units,
            [.. Enumerable.Range(0, counts.Length).Select(unit => (positions[unit], positions[counts.Length + unit]))],
            One(file.Numbers<double>("summary/duration")), One(file.Numbers<int>("meta/age")), One(file.Texts("meta/cond")));

        T One<T>(T[] values) => values is [var value] ? value
            : throw new DataFormatException(path.FullName,
                $"it has {values.Length} values where its duration, age or condition is expected");
    }
}
