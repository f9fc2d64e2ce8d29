using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Harness.Benchmarks.Language;

/// <summary>
/// <c>offloading</c>: tokens made by a model of random weights in half of its bytes of memory: mapped from its file, as llama.cpp and the
/// engine itself do, and with its neurons streamed. Every turn is a process of its own under a control group. Target: 3 times the mapped
/// file.
/// </summary>
static class OffloadingMode
{
    const string Mapped = "mapped", Streamed = "streamed", Whole = "mapped, no cap", Kept = "streamed, no cap";

    public static Command Create()
    {
        var open = new Option<string>("--open") { DefaultValueFactory = _ => "0.1", Description = "Shares of open gates, with commas." };
        var spread = new Option<string>("--spread") { DefaultValueFactory = _ => "0.6", Description = "As of `harness llm random`." };
        var cap = new Option<string>("--cap") { DefaultValueFactory = _ => "50%", Description = "As of `harness llm bench --memory-cap`." };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5, Description = "Rounds, turn by turn." };
        var tokens = new Option<int>("--tokens")
        { DefaultValueFactory = _ => 32, Description = "Tokens of a turn; of mapped ones under the cap a quarter." };
        var layers = new Option<int>("--layers") { DefaultValueFactory = _ => 16, Description = "Layers of 100 MB." };
        var folder = new Option<string>("--folder")
        { DefaultValueFactory = _ => Path.GetTempPath(), Description = "On the disk to be measured." };
        var command = new Command("offloading", "Neurons streamed under a cap of memory, beside a mapped file.")
        { open, spread, cap, rounds, tokens, layers, folder };
        command.SetAction(parsed =>
        {
            var place = Directory.CreateDirectory(Path.Combine(parsed.GetValue(folder)!, $"offloading-{Environment.ProcessId}"));
            try
            {
                Console.Out.WriteLine("open   way                tokens/s   times mapped   device MB/token   asked    read    peak MB");
                foreach (var share in parsed.GetValue(open)!.Split(','))
                    Measure(place, (share, parsed.GetValue(spread)!, parsed.GetValue(layers)), parsed.GetValue(cap)!,
                        parsed.GetValue(rounds), parsed.GetValue(tokens));
            }
            finally
            {
                place.Delete(recursive: true);
            }
        });
        return command;
    }

    static void Measure(DirectoryInfo place, (string Open, string Spread, int Layers) shape, string cap, int rounds, int tokens)
    {
        string model = Path.Combine(place.FullName, "model.gguf"), neurons = Path.Combine(place.FullName, "neurons.gguf");
        // A neuron of Q8_0 is 8160 bytes: two blocks of a device, nearly full.
        Run("llm", "random", model, "--width", "2560", "--hidden", "10240", "--layers", Text(shape.Layers), "--heads", "40",
            "--key-heads", "4", "--vocabulary", "8000", "--open", shape.Open, "--spread", shape.Spread);
        Run("llm", "offload", model, neurons);
        var turns = new Dictionary<string, List<JsonElement>>();
        for (var round = 0; round < rounds; round++)
        {
            Turn(Mapped, tokens / 4, "--memory-cap", cap);
            Turn(Streamed, tokens, "--memory-cap", cap, "--neurons", neurons);
            Turn(Whole, tokens);
            Turn(Kept, tokens, "--neurons", neurons);
        }
        foreach (var (way, results) in turns) Row(shape.Open, way, results, turns[Mapped]);

        void Turn(string way, int made, params string[] flags)
        {
            var output = Run(["llm", "bench", "-m", model, "-p", "0", "-n", Text(Math.Max(1, made)), "-r", "1", "--temp", "1",
                "-o", "jsonl", .. flags]);
            if (!turns.TryGetValue(way, out var results)) turns[way] = results = [];
            results.Add(JsonElement.Parse(output));
        }
    }

    static void Row(string open, string way, List<JsonElement> results, List<JsonElement> mapped)
    {
        var ratio = Interleaved.Median(results.Zip(mapped, (one, other) => Rate(one) / Rate(other)));
        string Share(string part) => results[0].TryGetProperty("neurons", out _)
            ? Text(100 * Middle(row => row.GetProperty(part).GetDouble() / row.GetProperty("neurons").GetDouble()), "0.0") + " %" : "–";
        string Megabytes(string key, Func<JsonElement, double> per) => results[0].TryGetProperty(key, out var value)
            && value.ValueKind == JsonValueKind.Number ? Text(Middle(row => row.GetProperty(key).GetDouble() / per(row)) / 1e6, "0") : "–";
        Console.Out.WriteLine($"{open,-6} {way,-18} {Text(Middle(Rate), "0.00"),8} {Text(ratio, "0.00"),14} "
            + $"{Megabytes("device_read_bytes", row => row.GetProperty("n_gen").GetDouble() + 1),17} {Share("neurons_asked"),8} "
            + $"{Share("neuron_reads"),8} {Megabytes("memory_peak_bytes", _ => 1),8}");

        double Middle(Func<JsonElement, double> of) => Interleaved.Median(results.Select(of));
    }

    static double Rate(JsonElement row) => row.GetProperty("avg_ts").GetDouble();

    static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(HarnessProgram.Path, arguments)
        { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var messages = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(
            $"harness {string.Join(' ', arguments)} ended with {process.ExitCode}: {messages.Result}");
    }

    static string Text(double value, string format = "0") => value.ToString(format, CultureInfo.InvariantCulture);
}
