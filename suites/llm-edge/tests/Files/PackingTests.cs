using System.Text.Json;
using Suites.LlmEdge.Files;

namespace Suites.LlmEdge.Tests.Files;

public sealed class PackingTests
{
    static readonly JsonElement Ggml = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Files",
        "ggml-blocks.json")))
        .RootElement;

    public static TheoryData<string> Blocks => [.. Packing.All.Where(packing => packing.BlockElements > 1).Select(packing => packing.Name)];

    public static TheoryData<string> All => [.. Packing.All.Select(packing => packing.Name)];

    [Theory, MemberData(nameof(Blocks))]
    public void A_block_unpacks_as_the_reference_code_does(string name)
    {
        var (packed, expected) = (Bytes(name, "packed"), Numbers(name, "values"));
        var values = new float[expected.Length];
        Packing.Of(name).Unpack(packed, values);
        Assert.Equal(expected, values);
    }

    [Theory]
    [InlineData("Q8_0")]
    [InlineData("Q4_0")]
    public void Numbers_pack_to_the_bytes_of_the_reference_code(string name)
    {
        var (source, expected) = (Numbers(name, "source"), Bytes(name, "quantized"));
        var packed = new byte[expected.Length];
        Packing.Of(name).Pack(source, packed);
        Assert.Equal(expected, packed);
    }

    [Theory]
    [InlineData("Q4_K")]
    [InlineData("Q6_K")]
    public void Super_blocks_pack_about_as_well_as_the_reference_code(string name)
    {
        var source = Numbers(name, "source");
        Assert.InRange(Error(source, Repacked(Packing.Of(name), source)), 0,
            1.05 * Ggml.GetProperty(name).GetProperty("error").GetDouble());
    }

    [Theory, MemberData(nameof(All))]
    public void What_was_unpacked_packs_to_nearly_the_same_again(string name)
    {
        var packing = Packing.Of(name);
        var source = Enumerable.Range(0, 512).Select(i => MathF.Sin(i * i)).ToArray();
        var once = Repacked(packing, source);
        Assert.InRange(Error(once, Repacked(packing, once)), 0, Error(source, once) / 2 + 1e-6);
    }

    [Theory, MemberData(nameof(All))]
    public void Zeros_stay_zeros(string name) => Assert.All(Repacked(Packing.Of(name), new float[512]), value => Assert.Equal(0, value));

    [Theory]
    [InlineData("Q8_0", 0.5 / 127)]
    [InlineData("Q4_0", 1.0 / 8)]
    public void No_number_moves_farther_than_the_step_allows(string name, double share)
    {
        var source = Enumerable.Range(0, 3200).Select(i => MathF.Cos(1.7f * i) * (1 + i % 9)).ToArray();
        var packed = Repacked(Packing.Of(name), source);
        for (var block = 0; block < source.Length; block += 32)
        {
            var largest = source.Skip(block).Take(32).Max(MathF.Abs);
            // A half holds a scale to one part in 2048.
            for (var i = block; i < block + 32; i++) Assert.InRange(Math.Abs(packed[i] - source[i]), 0,
                largest * (share * 1.01 + 1.0 / 2000));
        }
    }

    [Fact]
    public void A_width_that_does_not_fit_is_refused_in_words()
    {
        Assert.False(Packing.Q40.Fits(172));
        Assert.Equal("A row of 172 numbers cannot be packed as Q4_0; its length must be a multiple of 32.",
            Assert.Throws<HarnessException>(() => Packing.Q40.RowBytes(172)).Message);
        Assert.StartsWith("The weight type 'Q9' is not supported; there are F32, F16, Q8_0",
            Assert.Throws<HarnessException>(() => Packing.Of("Q9")).Message);
    }

    static float[] Repacked(Packing packing, float[] source)
    {
        var (packed, values) = (new byte[packing.RowBytes(source.Length)], new float[source.Length]);
        packing.Pack(source, packed);
        packing.Unpack(packed, values);
        return values;
    }

    static double Error(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (double)(x - y) * (x - y)).Average());

    static byte[] Bytes(string name, string what) => Convert.FromHexString(Ggml.GetProperty(name).GetProperty(what).GetString()!);

    static float[] Numbers(string name, string what) =>
        [.. Ggml.GetProperty(name).GetProperty(what).EnumerateArray().Select(number => (float)number.GetDouble())];
}
