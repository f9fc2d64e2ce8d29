using Harness.Datasets.Events;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Events;

public sealed class EventSetTests
{
    // All numbers by Python from the same files.
    [Fact]
    public async Task N_MNIST_is_read_event_by_event()
    {
        var cache = await RealFiles.FetchAsync(NMnist.Small);
        var parts = Enum.GetValues<Split>().ToDictionary(split => split, split => NMnist.Small.Read(cache, split).ToList());
        Assert.Equal((450, 50, 100), (parts[Split.Train].Count, parts[Split.Validation].Count, parts[Split.Test].Count));
        var training = parts[Split.Train].Concat(parts[Split.Validation]).ToList();
        Assert.Equal(2_040_027, training.Sum(sample => sample.Events.Length));
        Assert.Equal(385_596, parts[Split.Test].Sum(sample => sample.Events.Length));
        var zero = training.Single(sample => sample.Events.Length == 5028 && sample.Label == 0).Events.Span;
        Assert.Equal([new(937, 30 * 34 + 10, true), new(1030, 20 * 34 + 33, true), new(1052, 27 * 34 + 12, true)], zero[..3].ToArray());
        Assert.Equal(new Event(305_341, 17 * 34 + 11, true), zero[^1]);
        Assert.Equal(10, parts[Split.Validation].Select(sample => sample.Label).Distinct().Count());
    }

    [Fact]
    public async Task DVS_recordings_have_their_events()
    {
        var set = new DvsRecordings();
        var cache = await RealFiles.FetchAsync(set);
        var all = set.Read(cache, Split.Train).Concat(set.Read(cache, Split.Test)).Select(sample => sample.Events).ToList();
        Assert.Equal([63_471, 84_260, 113_063], all.Select(events => events.Length));
        Assert.Equal([new Event(28, 82 * 128 + 49, false), new(45, 49 * 128 + 42, false), new(2, 51 * 128 + 60, false)],
            all.Select(events => events.Span[0]));
    }

    [Fact]
    public async Task The_gammatone_digits_are_read_as_h5py_reads_them()
    {
        var set = new ShdLikeGammatone();
        var cache = await RealFiles.FetchAsync(set);
        using var file = SpikeFile.Open(new FileInfo(Path.Combine(cache.FullName, set.Card.Files[0].Name)));
        var all = file.Read(EventGeometry.Cochlea).ToList();
        Assert.Equal((300, 1_771_143, 834_222_275L), (all.Count, all.Sum(sample => sample.Events.Length),
            all.Sum(sample => sample.Events.ToArray().Sum(spike => (long)spike.Address))));
        Assert.Equal([477, 344, 201, 215, 568], all[0].Events[..5].ToArray().Select(spike => spike.Address));
        Assert.Equal([3000, 4436, 4501, 5062, 5813], all[0].Events[..5].ToArray().Select(spike => spike.Microseconds));
        Assert.Equal(5553, all[0].Events.Length);
        Assert.Equal("zero", file.Keys()[0]);
    }

    [Fact]
    public async Task No_speaker_of_validation_is_heard_in_training()
    {
        var set = new ShdLikeGammatone();
        var cache = await RealFiles.FetchAsync(set);
        var training = set.Read(cache, Split.Train).Select(sample => sample.Group).ToHashSet();
        var validation = set.Read(cache, Split.Validation).Select(sample => sample.Group).ToHashSet();
        Assert.NotEmpty(validation);
        Assert.Empty(training.Intersect(validation));
    }

    [Fact]
    public void Speakers_are_held_out_until_they_have_their_share()
    {
        int[] speakers = [.. new[] { 50, 30, 5, 15 }.SelectMany((count, speaker) => Enumerable.Repeat(speaker, count))];
        for (var seed = 1UL; seed < 20; seed++)
        {
            var held = SpikeSet.ValidationSpeakers(speakers, share: 0.1, seed);
            Assert.InRange(speakers.Count(held.Contains), 10, 99);
            Assert.Equal(held, SpikeSet.ValidationSpeakers(speakers, share: 0.1, seed));
        }
        var firsts = Enumerable.Range(1, 40).Select(seed => SpikeSet.ValidationSpeakers(speakers, 0.1, (ulong)seed).First());
        Assert.Equal([0, 1, 2, 3], firsts.Distinct().Order());
    }

    [Fact]
    public void Two_digits_become_one_sum()
    {
        var digits = new InMemoryDigits();
        var sums = new AddedDigits(digits, "sums", train: 50, validation: 5, test: 5);
        var read = sums.Read(null!, Split.Train).ToList();
        Assert.Equal(50, read.Count);
        Assert.All(read, sample =>
        {
            Assert.Equal(4, sample.Events.Length); // the spike after a second of each digit is cut off
            var digitsOfPair = sample.Events.ToArray().Select(spike => spike.Address).ToArray();
            Assert.Equal(sample.Label, digitsOfPair[0] + digitsOfPair[2]);
            Assert.Equal([100, 999_999, 1_000_100, 1_999_999], sample.Events.ToArray().Select(spike => spike.Microseconds));
        });
        Assert.Equal(read.Select(sample => sample.Label), sums.Read(null!, Split.Train).Select(sample => sample.Label));
        Assert.Equal(19, sums.Card.Classes);
    }

    /// <summary>Twenty words; the address of each spike is the digit.</summary>
    sealed class InMemoryDigits : IDataset<EventSample>
    {
        public DatasetCard Card { get; } = new("digits", 1, "digits")
        {
            Licence = "", Citation = "", Encoding = "", SplitRule = "", Classes = 20,
        };

        public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) => ValueTask.CompletedTask;

        public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) => Enumerable.Range(0, 20).Select(word =>
            new EventSample(new[] { 100, 999_999, 1_000_000 }.Select(time => new Event(time, word % 10, rising: true)).ToArray(),
                EventGeometry.Cochlea, word));
    }
}
