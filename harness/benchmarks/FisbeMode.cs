using System.CommandLine;
using System.Diagnostics;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Benchmarks;

/// <summary>
/// <c>fisbe</c>: draws a sample of the size of an official one, 10 neurons and 12 predictions that copy, cut, merge and invent them, and
/// scores it with the program <c>harness fisbe score</c>, whose time and largest resident memory are told. Targets: 60 s, 4 GB.
/// </summary>
static class FisbeMode
{
    const int Neurons = 10;
    static readonly int[] Extent = [385, 685, 686];
    static readonly int[] TruthChunks = [2, 25, 50, 50];
    static readonly int[] PredictionChunks = [1, 25, 100, 100];

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3, Description = "How often the sample is scored." };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2, Description = "Threads of a round." };
        var command = new Command("fisbe", "Score a FISBe sample of full size.") { rounds, threads };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(threads)));
        return command;
    }

    static int Run(int rounds, int threads)
    {
        var folder = Directory.CreateTempSubdirectory("harness-fisbe-");
        try
        {
            Write(folder);
            for (var round = 1; round <= rounds; round++)
            {
                var (seconds, memory) = Score(folder, threads);
                Console.Out.WriteLine($"round {round}: {seconds:0.0} s, at most {memory / (1 << 20)} MiB resident");
            }
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static void Write(DirectoryInfo folder)
    {
        var chance = new Random(1);
        var neurons = Enumerable.Range(0, Neurons).Select(_ => Filament.Walk(chance, Extent)).ToList();
        var guesses = Guesses(neurons, chance);
        using var truth = new FilamentVolume<byte>(Extent, neurons);
        using var prediction = new FilamentVolume<int>(Extent, guesses);
        ZarrWriter.Write(folder.CreateSubdirectory("truth.zarr"), "volumes/gt_instances", truth, TruthChunks, ZarrCodec.GzipCodec(1));
        ZarrWriter.Write(folder.CreateSubdirectory("prediction.zarr"), "volumes/labels", prediction, PredictionChunks,
            ZarrCodec.GzipCodec(1));
        Console.Out.WriteLine($"{string.Join(" x ", Extent)} voxels; "
            + $"neurons of {string.Join(", ", neurons.Select(voxels => voxels.Length))}; "
            + $"predictions of {string.Join(", ", guesses.Select(voxels => voxels.Length))} voxels");
    }

    /// <summary>Four as they are, two of two neurons each, one cut into two halves, and four that are nowhere.</summary>
    static List<int[]> Guesses(List<int[]> neurons, Random chance)
    {
        int[] Both(int one, int other) => [.. neurons[one].Union(neurons[other]).Order()];
        var half = neurons[8].Length / 2;
        return
        [
            .. neurons[..4], Both(4, 5), Both(6, 7), neurons[8][..half], neurons[8][half..],
            .. Enumerable.Range(0, 4).Select(_ => Filament.Walk(chance, Extent)),
        ];
    }

    static (double Seconds, long Memory) Score(DirectoryInfo folder, int threads)
    {
        var start = Stopwatch.GetTimestamp();
        using var program = Process.Start(new ProcessStartInfo(HarnessProgram.Path,
            ["fisbe", "score", Path.Combine(folder.FullName, "prediction.zarr"), Path.Combine(folder.FullName, "truth.zarr"),
                "--prediction-key", "volumes/labels", "--threads", $"{threads}"])
        { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = program.StandardOutput.ReadToEndAsync();
        var memory = 0L;
        while (!program.WaitForExit(20))
        {
            program.Refresh();
            memory = Math.Max(memory, PeakOf(program));
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return program.ExitCode == 0 ? (seconds, memory)
            : throw new InvalidOperationException($"The program ended with {program.ExitCode}: {output.Result}");
    }

    static long PeakOf(Process program)
    {
        try
        {
            return program.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // it has ended since
        }
    }
}
