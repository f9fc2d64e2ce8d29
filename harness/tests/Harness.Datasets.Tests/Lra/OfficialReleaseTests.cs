using System.Text;
using Harness.Datasets.Formats;
using Harness.Datasets.Lra;
using Harness.Datasets.Text;

namespace Harness.Datasets.Tests.Lra;

/// <summary>Files in the layout of the official releases, made by hand.</summary>
public sealed class OfficialReleaseTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ListOps_drops_parentheses_and_closes_with_the_bracket()
    {
        var samples = ListOps("Source\tTarget\n( ( ( [MAX 4 ) 3 ) ] )\t4\n( ( ( [SM 9 ) ( ( [MED 1 ) 3 ) ] ) ) X )\t1\n");
        Assert.Equal(["[MAX 4 3 ]", "[SM 9 [MED 1 3 ] ]"], samples.Select(sample => ListOpsVocabulary.Text(sample.Tokens.Span)));
        Assert.Equal([4, 1], samples.Select(sample => sample.Label));
        var longest = ListOps($"Source\tTarget\n[MAX {string.Join(' ', Enumerable.Repeat("3", 2500))} ]\t3\n");
        Assert.Equal(2000, Assert.Single(longest).Tokens.Length);
    }

    /// <summary>Our own generator, written as the official files are, reads back with the same answers.</summary>
    [Fact]
    public void Generated_expressions_in_the_official_form_are_read_back()
    {
        var drawn = GeneratedListOps.Small.Read(_folder.Info, Split.Validation).Take(200).ToList();
        var text = new StringBuilder("Source\tTarget\n");
        foreach (var sample in drawn)
            text.Append(ListOpsVocabulary.Text(sample.Tokens.Span).Replace("[", "( [")).Append(" )\t").Append(sample.Label).Append('\n');
        var read = ListOps(text.ToString());
        Assert.Equal(drawn.Select(sample => (ListOpsVocabulary.Text(sample.Tokens.Span), sample.Label)),
            read.Select(sample => (ListOpsVocabulary.Text(sample.Tokens.Span), sample.Label)));
    }

    [Theory]
    [InlineData("Source,Target\n", "its first line is not Source, tab, Target")]
    [InlineData("Source\tTarget\n[MAX 1 ]\t10\n", "line 2 is not an expression, a tab and one digit")]
    [InlineData("Source\tTarget\n[AVG 1 ]\t1\n", "line 2 has the word '[AVG', which ListOps does not know")]
    public void ListOps_of_another_form_is_named(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<DataFormatException>(() => ListOps(text)).Message);

    [Fact]
    public void Retrieval_pairs_are_bytes_cut_off_after_4000()
    {
        var pairs = Retrieval.Parse(new StringReader($"1.0\tP1\tP2\tab\tü\n0\tP1\tP3\t{new string('x', 5000)}\t\n"), "aan").ToList();
        Assert.Equal([1, 0], pairs.Select(pair => pair.Label));
        Assert.Equal([1 + 'a', 1 + 'b'], pairs[0].First.ToArray());
        Assert.Equal([1 + 0xC3, 1 + 0xBC], pairs[0].Second.ToArray());
        Assert.Equal((4000, 0), (pairs[1].First.Length, pairs[1].Second.Length));
        Assert.Contains("line 1 has 4 columns where 5 are expected", Assert.Throws<DataFormatException>(() =>
            Retrieval.Parse(new StringReader("1\ta\tb\tc\n"), "aan").ToList()).Message);
        Assert.Contains("line 1 has a label that is neither 0 nor 1", Assert.Throws<DataFormatException>(() =>
            Retrieval.Parse(new StringReader("2\ta\tb\tc\td\n"), "aan").ToList()).Message);
    }

    [Fact]
    public void Pathfinder_is_read_from_the_hard_set_by_its_metadata()
    {
        var archive = Pathfinder(count: 100, side: 32);
        var parts = Enum.GetValues<Split>().ToDictionary(split => split, split => OfficialPathfinder.Of32.Read(archive, split).ToList());
        // One image of a hundred is empty.
        Assert.Equal((79, 10, 10), (parts[Split.Train].Count, parts[Split.Validation].Count, parts[Split.Test].Count));
        var all = parts.Values.SelectMany(part => part).ToList();
        Assert.All(all, sample => Assert.Equal(sample.Tokens.Span[0] % 2, sample.Label));
        Assert.Equal(Enumerable.Range(1, 99), all.Select(sample => sample.Tokens.Span[0]).Order());
        Assert.Equal(parts[Split.Train].Select(sample => sample.Tokens.Span[0]),
            OfficialPathfinder.Of32.Read(archive, Split.Train).Select(sample => sample.Tokens.Span[0]));
        Assert.NotEqual(Enumerable.Range(1, 79), parts[Split.Train].Select(sample => sample.Tokens.Span[0]));
    }

    [Fact]
    public void Pathfinder_of_another_size_or_without_its_set_is_named()
    {
        Assert.Contains("it is 32 × 32 pixels large where 128 × 128 are expected", Assert.Throws<DataFormatException>(() =>
            OfficialPathfinder.Of128.Read(Pathfinder(count: 10, side: 32), Split.Train).ToList()).Message);
        var other = new FileInfo(_folder.Write("other.tar", Tars.Of(("pathfinder32/curv_baseline/imgs/0/a.png", [1, 2, 3]))));
        Assert.Contains("it has no images and metadata of curv_contour_length_14", Assert.Throws<DataFormatException>(() =>
            OfficialPathfinder.Of32.Read(other, Split.Train).ToList()).Message);
    }

    [Fact]
    public void Reviews_are_read_from_the_official_archive_with_a_validation_part_of_training()
    {
        var archive = new FileInfo(_folder.Write("imdb.tar.gz", Tars.Gzip(Tars.Of([.. Reviews("train"), .. Reviews("test"),
            ("aclImdb/train/unsup/0_0.txt", "none"u8.ToArray()), ("aclImdb/README", "read me"u8.ToArray())]))));
        var parts = Enum.GetValues<Split>().ToDictionary(split => split,
            split => ImdbReviews.FromArchive(archive, split, validation: 8).ToList());
        Assert.Equal((32, 8, 40), (parts[Split.Train].Count, parts[Split.Validation].Count, parts[Split.Test].Count));
        Assert.Equal(4, parts[Split.Validation].Count(sample => sample.Label == 1));
        Assert.All(parts.Values.SelectMany(part => part),
            sample => Assert.Equal(sample.Label == 1 ? 1 + 'p' : 1 + 'n', sample.Tokens.Span[0]));
        Assert.Equal(40, parts[Split.Train].Concat(parts[Split.Validation]).Select(sample => string.Join(' ', sample.Tokens.ToArray()))
            .Distinct().Count());

        static IEnumerable<(string, byte[])> Reviews(string part) => new[] { "neg", "pos" }.SelectMany(label => Enumerable.Range(0, 20)
            .Select(i => ($"aclImdb/{part}/{label}/{i}_{(label == "neg" ? 2 : 9)}.txt", Encoding.UTF8.GetBytes($"{label} {part} {i}"))));
    }

    [Fact]
    public async Task The_reduced_reviews_are_those_of_the_tables()
    {
        var cache = await RealFiles.FetchAsync(ImdbReviews.Small);
        var parts = Enum.GetValues<Split>().ToDictionary(split => split, split => ImdbReviews.Small.Read(cache, split).ToList());
        Assert.Equal((4500, 500, 5000), (parts[Split.Train].Count, parts[Split.Validation].Count, parts[Split.Test].Count));
        Assert.All(parts.Values, part => Assert.Equal(part.Count / 2, part.Count(sample => sample.Label == 1)));
        Assert.InRange(parts[Split.Test].Take(100).Count(sample => sample.Label == 1), 30, 70); // shuffled
        Assert.Equal(4000, parts[Split.Test].Max(sample => sample.Tokens.Length));
    }

    static List<TokenSequence> ListOps(string text) => [.. OfficialListOps.Parse(new StringReader(text), "listops")];

    // Images of one gray value, their number, whose parity is the label; number 0 is an empty file, as some of the official ones are.
    FileInfo Pathfinder(int count, int side)
    {
        const string Set = "pathfinder32/curv_contour_length_14/";
        string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(i =>
            $"imgs/{i % 3} sample_{i}.png {i} {i % 2} 1.8 6 2.0 5 1.5 2 1\n"));
        return new(_folder.Write("pathfinder.tar", Tars.Of([
            (Set + "metadata/10.npy", Encoding.ASCII.GetBytes(Lines(count / 2, count))),
            (Set + "metadata/2.npy", Encoding.ASCII.GetBytes(Lines(0, count / 2))),
            ("pathfinder32/curv_baseline/metadata/0.npy", Encoding.ASCII.GetBytes(Lines(0, 5))),
            .. Enumerable.Range(0, count).Select(i => ($"{Set}imgs/{i % 3}/sample_{i}.png", i == 0 ? []
                : new RasterImage([.. Enumerable.Repeat((byte)i, side * side)], 1, side, side).EncodePng())),
        ])));
    }
}
