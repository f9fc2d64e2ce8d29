using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests;

public sealed class StratifiedSplitTests(ImageSets sets)
{
    // SHA-256 of the comma-separated indices, by a second implementation of the rule in Python.
    [Theory]
    [InlineData("mnist", "571a575fb94ddeb6327909a93f44b9ab9bf37b8bf59d90d3e47906cad88c5b3f")]
    [InlineData("fashion-mnist", "1c27cfce3d5f30f4e96883cd53c0bc2fe9f4acd55dba58abbc588fff1f97c0e5")]
    public async Task The_validation_part_is_the_one_that_an_independent_implementation_carves(string id, string hash)
    {
        await sets.FetchedOrSkip(id);
        var labels = Idx.Read(new(Path.Combine(sets.Cache.FullName, id, "train-labels-idx1-ubyte")), rank: 1);
        var indices = string.Join(',', StratifiedSplit.Validation(labels.Values.Span, 5000, 1));
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(indices))));
    }

    [Fact]
    public void Every_class_gives_its_share_to_within_one_and_the_whole_is_exact() =>
        Gen.Select(Gen.Byte[0, 5].Array[1, 300], Gen.Double[0, 1], Gen.ULong).Sample((labels, share, seed) =>
        {
            var size = (int)(share * labels.Length);
            var chosen = StratifiedSplit.Validation(labels, size, seed);
            Assert.Equal(size, chosen.Distinct().Count());
            Assert.Equal(chosen.Order(), chosen);
            Assert.All(chosen, index => Assert.InRange(index, 0, labels.Length - 1));
            Assert.Equal(chosen, StratifiedSplit.Validation(labels, size, seed));
            foreach (var group in labels.Index().GroupBy(entry => entry.Item))
            {
                var exact = (double)group.Count() * size / labels.Length;
                Assert.InRange(chosen.Count(index => labels[index] == group.Key), Math.Floor(exact), Math.Ceiling(exact));
            }
        });

    [Fact]
    public void What_rounding_leaves_over_goes_to_the_largest_remainder_and_then_to_the_lower_class()
    {
        // Of the uneven ten, 4 owe class 0 2.0, class 1 1.2 and class 2 0.8; of the even six, 2 owe each class 0.67.
        byte[] uneven = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2], even = [2, 2, 1, 1, 0, 0];
        Assert.Equal([2, 1, 1], Counts(uneven, 4));
        Assert.Equal([1, 1, 0], Counts(even, 2));

        static IEnumerable<int> Counts(byte[] labels, int size)
        {
            var chosen = StratifiedSplit.Validation(labels, size, 9);
            return Enumerable.Range(0, 3).Select(label => chosen.Count(index => labels[index] == label));
        }
    }

    [Fact]
    public void Another_seed_carves_another_part()
    {
        var labels = new byte[1000];
        Assert.NotEqual(StratifiedSplit.Validation(labels, 100, 1), StratifiedSplit.Validation(labels, 100, 2));
    }
}
