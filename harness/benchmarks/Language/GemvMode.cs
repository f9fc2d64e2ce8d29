using System.CommandLine;
using System.Globalization;
using Harness.Datasets;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Kernels;

namespace Harness.Benchmarks.Language;

/// <summary>
/// <c>gemv</c>: a packed matrix far larger than any cache times one vector, by the kernels of every register width, beside plain reading
/// of the same bytes by the same threads. Target: 70 % of the bandwidth of reading for Q8_0.
/// </summary>
static class GemvMode
{
    const int Width = 4096;
    const int DrawnRows = 64;
    const double TurnSeconds = 0.15;
    const string Reading = "reading";

    public static Command Create()
    {
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Environment.ProcessorCount, Description = "Threads." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 9, Description = "Rounds, turn by turn." };
        var megabytes = new Option<int>("--megabytes") { DefaultValueFactory = _ => 256, Description = "Size of a matrix." };
        var command = new Command("gemv", "Matrix times vector, as share of the bandwidth of reading.") { threads, rounds, megabytes };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine("packing  kernel       GB/s   of reading   times scalar");
            foreach (var packing in Packing.All)
                Measure(packing, parsed.GetValue(threads), parsed.GetValue(rounds), parsed.GetValue(megabytes));
        });
        return command;
    }

    static unsafe void Measure(Packing packing, int threads, int rounds, int megabytes)
    {
        var rows = (int)(megabytes * (1L << 20) / packing.RowBytes(Width));
        using var memory = new NativeBlock(rows * packing.RowBytes(Width));
        var matrix = new Matrix(packing, memory.Pointer, rows, Width);
        using var panel = Filled(matrix);
        using var output = new NativeBlock(rows * sizeof(float));
        using var team = new Team(threads);
        var reader = new Reader(matrix);
        var kernels = Enum.GetValues<Instructions>().Where(one => one <= MatrixKernel.Best).ToArray();
        var times = Interleaved.Run(rounds, TurnSeconds, [(Reading, () => team.Run(reader, reader.Parts)), .. kernels.Select(kernel =>
        {
            var product = new Product(kernel);
            return ($"{kernel}", (Action)(() => product.Run(team, panel, matrix, output.Floats)));
        })]);
        Row(packing.Name, Reading);
        foreach (var kernel in kernels) Row(packing.Name, $"{kernel}");

        void Row(string name, string way) => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-8} {way,-10} {matrix.Bytes / times.Seconds(way) * 1e-9,6:0.0}   {100 * times.Ratio(Reading, way),8:0} %   "
            + $"{times.Ratio(nameof(Instructions.Scalar), way),12:0.0}"));
    }

    static unsafe Panel Filled(Matrix matrix)
    {
        var (chance, row) = (new Chance(1), new float[Width]);
        // Some rows of random weights, again and again: what a number is does not change the time.
        for (var i = 0; i < matrix.Rows; i++)
        {
            var to = new Span<byte>(matrix.Pointer + i * matrix.RowBytes, (int)matrix.RowBytes);
            if (i >= DrawnRows)
            {
                matrix.Row(i % DrawnRows).CopyTo(to);
                continue;
            }
            foreach (ref var value in row.AsSpan()) value = (float)chance.Normal();
            matrix.Packing.Pack(row, to);
        }
        var panel = new Panel(Width, 1);
        foreach (ref var value in panel.Token(0)) value = (float)chance.Normal();
        panel.Changed(1);
        return panel;
    }
}
