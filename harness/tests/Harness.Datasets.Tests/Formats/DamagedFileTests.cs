using Harness.Fuzzing;

namespace Harness.Datasets.Tests.Formats;

/// <summary>The same contents as <c>fuzz</c> of the benchmarks, fewer of them.</summary>
public sealed class DamagedFileTests
{
    const int Inputs = 200;

    public static TheoryData<string> Readers => [.. FuzzedReaders.All.Select(reader => reader.Name)];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Damage_is_refused_by_name_and_takes_no_memory(string name)
    {
        var reader = FuzzedReaders.Find(name);
        foreach (var seed in reader.Seeds) reader.Read(seed);
        var tally = FuzzTally.Of(name, Fuzzer.Run(reader, seed: 1, first: 0, Inputs));
        Assert.Empty(tally.Findings);
        Assert.Equal(Inputs, tally.Inputs);
        Assert.NotEmpty(tally.Refused); // damage that no reader notices would show nothing
    }

    [Fact]
    public void Findings_are_errors_that_are_not_ours_and_memory_that_a_length_took()
    {
        var careless = new FuzzedReader("careless", [[1, 2, 3, 4, 5, 6, 7, 8]], content =>
        {
            if (content.Length < 4) throw new HarnessException("3 bytes are too few");
            if (content[0] > 8) _ = new byte[(int)Fuzzer.MostBytes + 1];
            if (content[3] > 9) throw new FormatException("a bug");
        });
        var tally = FuzzTally.Of("careless", Fuzzer.Run(careless, seed: 1, first: 0, 200));
        Assert.Contains(tally.Findings, finding => finding.Contains("escaped: System.FormatException: a bug"));
        Assert.Contains(tally.Findings, finding => finding.Contains("allocated"));
        Assert.Equal(["HarnessException"], tally.Refused.Keys);
        Assert.Equal(["… bytes are too few"], tally.Problems);
        Assert.InRange(tally.Accepted, 1, 199);
    }

    [Fact]
    public void A_content_depends_on_its_number_alone()
    {
        var (seen, again) = (new List<byte[]>(), new List<byte[]>());
        var seeds = FuzzedReaders.Find("gguf").Seeds;
        Run(seen, first: 0, 50);
        Run(again, first: 20, 30);
        Assert.Equal(seen[20..], again);
        Assert.InRange(seen.Select(Convert.ToHexString).Distinct().Count(), 45, 50);

        void Run(List<byte[]> contents, int first, int count) =>
            Assert.Equal(count, Fuzzer.Run(new("same", seeds, contents.Add), seed: 7, first, count).Count());
    }
}
