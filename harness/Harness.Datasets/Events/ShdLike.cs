using Harness.Datasets.Cochlea;
using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Events;

/// <summary>
/// Stand-ins for the Spiking Heidelberg Digits: spoken digits through our own cochlea model, in SHD's file layout. Real recordings
/// (FSDD, six speakers, English) give <see cref="Spoken"/> and <see cref="SpokenByOthers"/>; a speech synthesizer gives
/// <see cref="Synthesized"/>, with SHD's 20 classes and 12 speakers.
/// </summary>
public sealed class ShdLike : IDataset<EventSample>
{
    const ulong ValidationSeed = 1;
    const ulong FileOrderSeed = 3;
    const string Source = "spikes: this harness, after Cramer et al. 2022 (LAUSCHER); ";

    static readonly DataFile FsddTrain = new("shd-like/fsdd_train.h5", null, null);
    static readonly DataFile FsddTest = new("shd-like/fsdd_test.h5", null, null);
    static readonly int[] SpeakersOfTest = [2, 5];

    readonly Func<SpokenDigits> _digits;
    readonly Func<SpokenDigit, bool> _inTest;
    readonly Func<ShdLike, DirectoryInfo, Split, IEnumerable<EventSample>> _read;

    ShdLike(DatasetCard card, Func<SpokenDigits> digits, Func<SpokenDigit, bool> inTest,
        Func<ShdLike, DirectoryInfo, Split, IEnumerable<EventSample>> read) => (Card, _digits, _inTest, _read) = (card, digits, inTest,
            read);

    /// <summary>
    /// FSDD with its official split: takes 0-4 of every speaker and digit are the test part; all speakers are in all parts.
    /// </summary>
    public static ShdLike Spoken { get; } = new(Fsdd("shd-like", "Spoken digits as spikes, known speakers",
            "test: takes 0-4 of each speaker and digit (FSDD's official split); validation: 300 of takes 5-49, stratified by class, seed "
                + "1"),
        Fsdd, IsFsddTest, (set, cache, split) => split == Split.Test
            ? SpikeSet.Read(cache, FsddTest) : SpikeSet.Read(cache, FsddTrain, SpikeSet.ByClass(split, size: 300, ValidationSeed)));

    /// <summary>The same recordings; the test speakers (lucas and yweweler) are heard in the test part only.</summary>
    public static ShdLike SpokenByOthers { get; } = new(Fsdd("shd-like-speaker", "Spoken digits as spikes, unknown speakers",
            "test: all takes of lucas and yweweler; validation: one of the other speakers, by SplitMix64 shuffle with seed 1; train: the "
                + "other three")
            with { VariantOf = "shd-like@1" },
        Fsdd, IsFsddTest, (set, cache, split) => split == Split.Test
            ? SpikeSet.Read(cache, FsddTrain, IsTestSpeaker).Concat(SpikeSet.Read(cache, FsddTest, IsTestSpeaker))
            : SpikeSet.Read(cache, FsddTrain, OtherSpeakers(split)).Concat(SpikeSet.Read(cache, FsddTest, OtherSpeakers(split))));

    /// <summary>Twenty classes in twelve synthetic voices; two voices are heard in the test part only, as in SHD.</summary>
    public static ShdLike Synthesized { get; } = new(
        new("shd-like-espeak", 0, "Synthesized digits as spikes")
        {
            Licence = "GPL-3.0-or-later voices of espeak-ng; output free of restrictions",
            Citation = Source + "speech: espeak-ng",
            Encoding = Encodings.Cochlea,
            SplitRule = "test: all takes of voices 4 and 5, and take 9 of the others; validation: voices of the training file by "
                + "SplitMix64 "
                + "shuffle (seed 1) until they have 10 %; train: the rest",
            Classes = 20, StandIn = true, Metrics = ["accuracy@1"],
            Files = [new("shd-like/espeak_train.h5", null, null), new("shd-like/espeak_test.h5", null, null)],
            Parameters = new Dictionary<string, string> { ["voices"] = "12 (m1-m7, f1-f5), each en and de",
                ["takes"] = "10: speed 130-211, pitch 35-70" },
        },
        SynthesizedDigits.Create, digit => digit.Speaker is 4 or 5 || digit.Take == SynthesizedDigits.Takes - 1,
        (set, cache, split) => split == Split.Test ? SpikeSet.Read(cache, set.Card.Files[1])
            : SpikeSet.Read(cache, set.Card.Files[0], SpikeSet.BySpeaker(split, share: 0.1, ValidationSeed)));

    public DatasetCard Card { get; }

    public async ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        await DataSources.Default.FetchAsync(Card.Files, cache, cancellation, generate: Generate);

    public IEnumerable<EventSample> Read(DirectoryInfo cache, Split split) => _read(this, cache, split);

    /// <summary>Hears every digit and writes the recordings of one file.</summary>
    void Generate(DataFile file, Stream target, CancellationToken cancellation)
    {
        var digits = _digits();
        var test = file == Card.Files[1];
        var chosen = digits.Recordings.Select((digit, index) => (digit, index)).Where(entry => _inTest(entry.digit) == test).ToArray();
        new Chance(FileOrderSeed).Shuffle(chosen.AsSpan());
        var (cochlea, heard) = (new CochleaModel(), new EventSample[chosen.Length]);
        Parallel.For(0, chosen.Length, new ParallelOptions { CancellationToken = cancellation,
            MaxDegreeOfParallelism = Environment.ProcessorCount },
            i => heard[i] = Hear(cochlea, chosen[i].digit, (ulong)chosen[i].index));
        SpikeFile.Write(target, heard, SpokenWords.Digits, digits.Genders);
    }

    internal static EventSample Hear(CochleaModel cochlea, SpokenDigit digit, ulong seed) =>
        cochlea.Listen(digit.Sound(), seed) with { Label = digit.Label, Group = digit.Speaker };

    static SpokenDigits Fsdd() => FreeSpokenDigits.Read(DataSources.Default.Data);

    static bool IsFsddTest(SpokenDigit digit) => digit.Take < 5;

    static Predicate<int> IsTestSpeaker(SpikeFile file) => index => SpeakersOfTest.Contains(file.Speakers[index]);

    static Func<SpikeFile, Predicate<int>> OtherSpeakers(Split split) => file =>
    {
        var others = file.Speakers.Where(speaker => !SpeakersOfTest.Contains(speaker)).Distinct().Order().ToArray();
        new Chance(ValidationSeed).Shuffle(others);
        return index => file.Speakers[index] is var speaker && !SpeakersOfTest.Contains(speaker)
            && speaker == others[0] == (split == Split.Validation);
    };

    static DatasetCard Fsdd(string id, string title, string splitRule) => new(id, 0, title)
    {
        Licence = "CC BY-SA 4.0",
        Citation = Source + "speech: Jackson et al., Free Spoken Digit Dataset, 2018",
        Encoding = Encodings.Cochlea,
        SplitRule = splitRule,
        Classes = 10, StandIn = true, Metrics = ["accuracy@1"],
        Files = [FsddTrain, FsddTest],
        Parameters = new Dictionary<string, string> { ["sound"] = "8 kHz, fades of 30 ms, continued to a membrane step of 125 µs",
            ["classes"] = "0-9, English" },
    };
}
