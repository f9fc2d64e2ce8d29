using System.CommandLine;
using System.Globalization;
using Suites.LlmEdge.Bench;
using Suites.LlmEdge.Decoding;

namespace Harness.Cli.Commands;

/// <summary>Takes the flags of llama-bench and writes its JSON, so that results of both lie side by side.</summary>
static class LlmBench
{
    static readonly string[] Formats = ["md", "json", "jsonl"];

    public static Command Create(Settings settings)
    {
        var model = new Option<string[]>("-m", "--model") { Description = "GGUF files.", Required = true,
            AllowMultipleArgumentsPerToken = true };
        var prompt = Numbers("-p", "--n-prompt", "Tokens of a prompt.", "512");
        var generate = Numbers("-n", "--n-gen", "Tokens to make.", "128");
        var depth = Numbers("-d", "--n-depth", "Tokens in the cache before.", "0");
        var threads = Numbers("-t", "--threads", "Threads.", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        var batch = Numbers("-b", "--batch-size", "Most tokens in one pass.", "256");
        var repetitions = new Option<int>("-r", "--repetitions") { Description = "Repetitions.", DefaultValueFactory = _ => 5 };
        var output = new Option<string>("-o", "--output") { Description = "md, json or jsonl.", DefaultValueFactory = _ => "md" };
        var cold = new Option<bool>("--no-warmup") { Description = "Leave out the untimed first repetition." };
        var temperature = new Option<double>("--temp") { Description = "Temperature of made tokens; 0 takes the most likely ones." };
        output.AcceptOnlyFromAmong(Formats);
        var memory = new LlmMemoryOptions();
        var command = new Command("bench", "Time reading and making of tokens. Lists such as 128,512 run every combination.")
        { model, prompt, generate, depth, threads, batch, repetitions, output, cold, temperature };
        memory.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            if (parsed.GetValue(repetitions) is < 1 and var few)
                throw new HarnessException($"{few} repetitions measure nothing; give at least 1.");
            int[] Of(Option<string> option) => List(option.Name, parsed.GetValue(option)!);
            var tests = Tests(Of(prompt), Of(generate), Of(depth));
            var context = tests.Max(test => test.Depth + test.Tokens + 1);
            var rows = new List<LlmBenchRow>();
            foreach (var path in parsed.GetValue(model)!.SelectMany(names => names.Split(',')))
            {
                using var loaded = memory.Open(parsed, path, context);
                foreach (var count in Of(threads))
                    foreach (var size in Of(batch))
                        rows.AddRange(Run(loaded, tests, new(count, context, size), parsed.GetValue(repetitions), !parsed.GetValue(cold),
                            new(parsed.GetValue(temperature)), cancellation));
            }
            Print(workspace, rows, parsed.GetValue(output)!);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    static IEnumerable<LlmBenchRow> Run(LlmBenchModel loaded, IReadOnlyList<SpeedTest> tests, DecoderOptions options, int repetitions,
        bool warmup, Sampling sampling, CancellationToken cancellation)
    {
        using var decoder = loaded.NewDecoder(options);
        var bench = new SpeedBench(loaded.Model, decoder, TimeProvider.System, sampling);
        foreach (var test in tests)
        {
            var started = TimeProvider.System.GetUtcNow();
            if (warmup) bench.Run(test, 1, cancellation);
            var before = loaded.Use();
            var result = bench.Run(test, repetitions, cancellation);
            yield return new(loaded.Model, loaded.Path, options, started, result) { Memory = loaded.Since(before), Sampling = sampling };
        }
    }

    static List<SpeedTest> Tests(int[] prompts, int[] generates, int[] depths)
    {
        List<SpeedTest> tests = [.. from depth in depths
                                    from test in prompts.Select(count => new SpeedTest(count, 0, depth))
                                        .Concat(generates.Select(count => new SpeedTest(0, count, depth)))
                                    where test.Tokens > 0
                                    select test];
        return tests.Count > 0 ? tests : throw new HarnessException("There is nothing to time: give -p or -n more than 0.");
    }

    static void Print(Workspace workspace, IReadOnlyList<LlmBenchRow> rows, string format)
    {
        if (format == "md")
            workspace.Print(["model", "size", "params", "threads", "test", "t/s", "token p50", "token p99", "weights read",
                .. rows.Any(row => row.Memory is not null) ? LlmMemoryUse.Columns : []], rows, row => row.Cells);
        else if (format == "jsonl")
            foreach (var row in rows) workspace.Terminal.Data.WriteLine(row.ToJson(indented: false));
        else workspace.Terminal.Data.WriteLine("[\n" + string.Join(",\n", rows.Select(row => row.ToJson(indented: true))) + "\n]");
    }

    static Option<string> Numbers(string name, string alias, string description, string value) => new(name, alias)
    { Description = description, DefaultValueFactory = _ => value };

    static int[] List(string name, string text) => [.. text.Split(',').Select(part =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new HarnessException($"{name} is '{text}'; allowed are whole numbers with commas between them, such as 128,512."))];
}
