using Harness.Datasets;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Tests.Kernels;

public sealed class MatrixKernelTests
{
    public static TheoryData<string, Instructions, int, int> Cases()
    {
        var cases = new TheoryData<string, Instructions, int, int>();
        foreach (var packing in Packing.All)
            foreach (var instructions in Enum.GetValues<Instructions>().Where(one => one <= MatrixKernel.Best))
                foreach (var width in packing.BlockElements switch { 1 => [1, 17, 172, 256], 32 => [32, 64, 96, 160, 352], _ =>
                    new[] { 256, 768 } })
                    foreach (var tokens in new[] { 1, 3, 4, 9 }) cases.Add(packing.Name, instructions, width, tokens);
        return cases;
    }

    // The right answer in double precision, from unpacked weights; packed kernels meet activations of 8 bits, so these are rounded first.
    [Theory, MemberData(nameof(Cases))]
    public void A_kernel_multiplies_every_row_with_every_token(string name, Instructions instructions, int width, int tokens)
    {
        const int Rows = 7;
        var packing = Packing.Of(name);
        var chance = new Chance((ulong)(width * 31 + tokens));
        var x = Numbers(width * tokens, chance);
        using var panel = PanelOf(x, width, tokens);
        var (matrix, memory) = MatrixOf(packing, Numbers(Rows * width, chance), Rows, width);
        var actual = Multiply(matrix, panel, instructions, tokens);
        var seen = packing.BlockElements == 1 ? x : Coded(x);
        for (var row = 0; row < Rows; row++)
        {
            var weights = new float[width];
            matrix.Unpack(row, weights);
            for (var token = 0; token < tokens; token++)
            {
                var terms = weights.Select((weight, i) => (double)weight * seen[token * width + i]).ToArray();
                Assert.Equal(terms.Sum(), actual[token * Rows + row], 4e-6 * terms.Sum(Math.Abs) + 1e-6);
            }
        }
        memory.ForEach(block => block.Dispose());
    }

    [Fact]
    public void The_lowest_byte_of_a_weight_is_no_trap()
    {
        // -128 has no positive twin among signed bytes; packing never makes it, a file may hold it.
        using var panel = PanelOf([.. Enumerable.Repeat(-1f, 32)], 32, 1);
        var (matrix, memory) = MatrixOf(Packing.Q80, [.. Enumerable.Repeat(1f, 32)], 1, 32);
        foreach (ref var code in Codes(matrix)) code = 0x80;
        foreach (var instructions in Enum.GetValues<Instructions>().Where(one => one <= MatrixKernel.Best))
            Assert.Equal(32 * 128 / 127.0, Multiply(matrix, panel, instructions, 1)[0], 0.02);
        memory.ForEach(block => block.Dispose());
    }

    [Fact]
    public void Halves_that_are_not_finite_stay_so_and_the_smallest_are_kept()
    {
        foreach (var instructions in Enum.GetValues<Instructions>().Where(one => one <= MatrixKernel.Best))
            foreach (var value in new[] { Half.PositiveInfinity, Half.NaN, Half.NegativeInfinity, Half.Epsilon, Half.MaxValue,
                (Half)(-0.1) })
            {
                var (matrix, memory) = MatrixOf(Packing.F16, [.. Enumerable.Repeat((float)value, 16)], 1, 16);
                using var panel = PanelOf([1, .. new float[15]], 16, 1);
                panel.Token(0).Fill(0.0625f);
                panel.Changed(1);
                Assert.Equal((float)value, Multiply(matrix, panel, instructions, 1)[0]);
                memory.ForEach(block => block.Dispose());
            }
    }

    static unsafe Span<byte> Codes(Matrix matrix) => new(matrix.Pointer + 2, 32);

    internal static unsafe float[] Multiply(Matrix matrix, Panel panel, Instructions instructions, int tokens)
    {
        var y = new float[tokens * matrix.Rows];
        using var team = new Team(2);
        fixed (float* to = y) new Product(instructions).Run(team, panel, matrix, to);
        return y;
    }

    static float[] Coded(float[] x)
    {
        var seen = new float[x.Length];
        for (var block = 0; block < x.Length; block += 32)
        {
            var scale = x.Skip(block).Take(32).Max(MathF.Abs) / 127;
            for (var i = block; i < block + 32; i++) seen[i] = scale * MathF.Round(x[i] * (1 / scale));
        }
        return seen;
    }

    static Panel PanelOf(float[] x, int width, int tokens)
    {
        var panel = new Panel(width, tokens);
        for (var token = 0; token < tokens; token++) x.AsSpan(token * width, width).CopyTo(panel.Token(token));
        panel.Changed(tokens);
        return panel;
    }

    static (Matrix, List<IDisposable>) MatrixOf(Packing packing, float[] values, int rows, int width)
    {
        var memory = new List<IDisposable>();
        return (ModelCopy.Packed(packing, values, rows, width, memory), memory);
    }

    static float[] Numbers(int count, Chance chance) => [.. Enumerable.Range(0, count).Select(_ => (float)chance.Normal())];
}
