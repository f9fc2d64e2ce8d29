using System.Buffers.Binary;
using System.Numerics;
using CsCheck;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Formats;

public sealed class IdxTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_written_is_read() => Gen.Int[0, 6].Array[1, 4].Sample(shape =>
    {
        byte[] values = [.. Enumerable.Range(0, Product(shape)).Select(value => (byte)(value * 7))];
        var idx = Idx.Parse(Content(shape, values), "x", shape.Length);
        Assert.Equal(shape, idx.Shape);
        Assert.Equal(values, idx.Values.ToArray());
    });

    [Fact]
    public void A_file_and_its_content_read_alike()
    {
        var path = _folder.Write("a.idx", Content([2, 3], [1, 2, 3, 4, 5, 6]));
        var idx = Idx.Read(new(path), 2);
        Assert.Equal([2, 3], idx.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], idx.Values.ToArray());
    }

    [Theory]
    [InlineData("", "0 bytes are too few for an IDX header")]
    [InlineData("000008", "3 bytes are too few for an IDX header")]
    [InlineData("1F8B080000", "magic 1F8B0800 is not IDX of unsigned bytes")]
    [InlineData("00000D01000000010000000000", "magic 00000D01 is not IDX of unsigned bytes")]
    [InlineData("0000080300000001", "it has 3 axes where 1 are expected")]
    [InlineData("00000800", "it has 0 axes where 1 are expected")]
    [InlineData("00000801", "4 bytes are too few for a header of 8")]
    [InlineData("00000801000000", "7 bytes are too few for a header of 8")]
    [InlineData("0000080100000003AABB", "its axes ask for 3 values, but 2 bytes follow the header")]
    [InlineData("0000080100000001AABB", "its axes ask for 1 values, but 2 bytes follow the header")]
    [InlineData("00000801FFFFFFFF", "axis 0 has the length -1")]
    [InlineData("000008017FFFFFFF00", "its axes ask for 2147483647 values, but 1 bytes follow the header")]
    public void Malformed_content_is_named_with_what_is_wrong(string hex, string problem)
    {
        var content = Convert.FromHexString(hex);
        Assert.Equal($"labels: {problem}", Problem(() => Idx.Parse(content, "labels", 1)).Split(" (000008")[0]);
        var path = _folder.Write("labels.idx", content);
        Assert.StartsWith($"{path}: {problem}", Problem(() => Idx.Read(new(path), 1)));
    }

    [Fact]
    public void Axes_whose_product_overflows_are_refused()
    {
        // 65536^4 = 2^64 is 0 in 64 bits, and 2^31-1 four times is beyond them.
        Assert.Contains("ask for 18446744073709551616 values", Problem(() => Idx.Parse(Content([65536, 65536, 65536, 65536], []), "x", 4)));
        const int most = int.MaxValue;
        Assert.Contains($"ask for {BigInteger.Pow(most, 4)} values",
            Problem(() => Idx.Parse(Content([most, most, most, most], []), "x", 4)));
    }

    [Fact]
    public void Any_change_of_a_header_is_read_as_it_says_or_refused_by_name() =>
        Gen.Select(Gen.Int[0, 5].Array[1, 4], Gen.Int[0, 19], Gen.Byte, Gen.Int[-3, 3]).Sample((shape, at, value, longer) =>
        {
            var content = Content(shape, new byte[Product(shape)]);
            Array.Resize(ref content, Math.Max(0, content.Length + longer));
            if (at < content.Length) content[at] = value;
            AgreesWithTheDefinition(content, shape.Length);
        });

    [Fact]
    public void Any_bytes_at_all_are_read_as_they_say_or_refused_by_name() => Gen.Select(Gen.Byte.Array[0, 40], Gen.Int[1, 4], Gen.Bool)
        .Sample((content, rank, plausible) =>
        {
            if (plausible && content.Length >= 4) (content[0], content[1], content[2], content[3]) = (0, 0, 8, (byte)rank);
            AgreesWithTheDefinition(content, rank);
        });

    [Fact]
    public void A_header_that_claims_gigabytes_takes_no_memory()
    {
        var path = _folder.Write("claims.idx", Content([2_000_000_000], [1, 2, 3]));
        Assert.InRange(Allocated(() => Problem(() => Idx.Read(new(path), 1))), 0, 100_000);
    }

    [Fact]
    public void A_file_of_gigabytes_with_a_small_header_takes_no_memory()
    {
        var path = _folder.Write("sparse.idx", Content([3], [1, 2, 3]));
        using (var sparse = File.OpenWrite(path)) sparse.SetLength(5_000_000_000);
        Assert.Contains("ask for 3 values, but 4999999992 bytes", Problem(() => Idx.Read(new(path), 1)));
        Assert.InRange(Allocated(() => Problem(() => Idx.Read(new(path), 1))), 0, 100_000);
    }

    [Fact]
    public void More_values_than_an_array_holds_are_refused()
    {
        var path = _folder.Write("huge.idx", Content([3, 1_000_000_000], []));
        using (var sparse = File.OpenWrite(path)) sparse.SetLength(3_000_000_012);
        Assert.Contains("its 3,000,000,000 values are more than", Problem(() => Idx.Read(new(path), 2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void A_rank_that_nothing_here_has_is_a_mistake_of_the_caller(int rank) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Idx.Parse(Content([1], [1]), "x", rank));

    // The format in the words of its page, with whole numbers that cannot overflow.
    static void AgreesWithTheDefinition(byte[] content, int rank)
    {
        var header = 4 + 4 * rank;
        var valid = content.Length >= header && content is [0, 0, 8, _, ..] && content[3] == rank;
        if (valid)
        {
            var lengths = Enumerable.Range(1, rank).Select(word => BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(4 * word))).ToList();
            valid = lengths.TrueForAll(length => length >= 0)
                && lengths.Aggregate(BigInteger.One, (product, length) => product * length) == content.Length - header;
        }
        if (valid) Assert.Equal(content[header..], Idx.Parse(content, "x", rank).Values.ToArray());
        else Assert.StartsWith("x: ", Problem(() => Idx.Parse(content, "x", rank)));
    }

    static int Product(int[] shape) => shape.Aggregate(1, (product, length) => product * length);

    static long Allocated(Action act)
    {
        act(); // compiled once, so that only the reading is measured
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    static string Problem(Func<object> read) => Assert.Throws<DataFormatException>(read).Message;

    static byte[] Content(int[] shape, byte[] values)
    {
        var content = new byte[4 + 4 * shape.Length + values.Length];
        (content[2], content[3]) = (8, (byte)shape.Length);
        for (var axis = 0; axis < shape.Length; axis++) BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 + 4 * axis), shape[axis]);
        values.CopyTo(content, 4 + 4 * shape.Length);
        return content;
    }
}
