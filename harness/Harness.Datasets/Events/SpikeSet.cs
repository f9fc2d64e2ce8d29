using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>
/// What the sets in SHD's layout share: a file for training, one for test, and a validation part that is held out of training.
/// </summary>
static class SpikeSet
{
    /// <summary>Recordings of the whole file, or of the wanted indices, streamed.</summary>
    /// <param name="wanted">Given labels and speakers, which recordings belong to the split.</param>
    public static IEnumerable<EventSample> Read(DirectoryInfo cache, DataFile file, Func<SpikeFile, Predicate<int>>? wanted = null)
    {
        using var recordings = SpikeFile.Open(FileStore.Require(cache, file));
        foreach (var sample in recordings.Read(EventGeometry.Cochlea, wanted?.Invoke(recordings))) yield return sample;
    }

    /// <summary>
    /// Speakers for validation: all speakers in the order of a seeded shuffle, taken until they have at least
    /// <paramref name="share"/> of the recordings.
    /// </summary>
    public static HashSet<int> ValidationSpeakers(IReadOnlyList<int> speakers, double share, ulong seed)
    {
        var order = speakers.Distinct().Order().ToArray();
        new Chance(seed).Shuffle(order);
        var (held, count) = (new HashSet<int>(), 0);
        foreach (var speaker in order)
        {
            if (count >= share * speakers.Count) break;
            held.Add(speaker);
            count += speakers.Count(other => other == speaker);
        }
        return held;
    }

    /// <summary>Recordings whose speaker is (or is not) among those held out for validation.</summary>
    public static Func<SpikeFile, Predicate<int>> BySpeaker(Split split, double share, ulong seed) => file =>
    {
        var held = ValidationSpeakers(file.Speakers, share, seed);
        return index => held.Contains(file.Speakers[index]) == (split == Split.Validation);
    };

    /// <summary>A stratified part of the recordings, whoever speaks.</summary>
    public static Func<SpikeFile, Predicate<int>> ByClass(Split split, int size, ulong seed) => file =>
    {
        var labels = file.Labels.Select(label => checked((byte)label)).ToArray();
        var held = StratifiedSplit.Validation(labels, Math.Min(size, labels.Length), seed).ToHashSet();
        return index => held.Contains(index) == (split == Split.Validation);
    };
}
