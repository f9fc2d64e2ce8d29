using System.CommandLine;
using Suites.LlmEdge.Bench;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;

namespace Harness.Cli.Commands;

/// <summary>Language models under load, in the scenarios of MLPerf inference.</summary>
static class LlmLoad
{
    static readonly string[] Formats = ["md", "mllog"];
    static readonly string[] Scenarios = ["single-stream", "offline", "server"];

    /// <summary>Halvings of the range in which the greatest rate lies.</summary>
    const int Searches = 7;

    public static Command Create(Settings settings)
    {
        var model = new Option<string>("-m", "--model") { Description = "A GGUF file.", Required = true };
        var scenario = new Option<string>("--scenario") { Description = "single-stream, offline or server.", DefaultValueFactory = _ =>
            Scenarios[0] };
        var queries = Count("-q", "--queries", "Queries; a bound of the 99th percentile needs 662.", 1024);
        var prompt = Count("-p", "--n-prompt", "Tokens of a query.", 32);
        var generate = Count("-n", "--n-gen", "Tokens of an answer.", 32);
        var threads = Count("-t", "--threads", "Threads.", Environment.ProcessorCount);
        var seed = Count("-s", "--seed", "Decides when queries come and what they are.", 1);
        var rate = new Option<double?>("--rate")
        { Description = "Server: queries a second (default: the greatest that keeps the bounds)." };
        var latency = Bound("--latency", "Server: most milliseconds of 99 % of the answers.");
        var firstToken = Bound("--ttft", "Server: most milliseconds to the first token of 99 % of the answers.");
        var perToken = Bound("--tpot", "Server: most milliseconds per later token of 99 % of the answers.");
        var output = new Option<string>("-o", "--output")
        { Description = "md, or mllog: a log that `harness import --from mlperf` reads.", DefaultValueFactory = _ => Formats[0] };
        output.AcceptOnlyFromAmong(Formats);
        scenario.AcceptOnlyFromAmong(Scenarios);
        var command = new Command("load", "Answer queries as they come in a scenario of MLPerf inference.")
        { model, scenario, queries, prompt, generate, threads, seed, rate, latency, firstToken, perToken, output };
        command.SetAction((parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            var test = new LoadTest((LoadScenario)Array.IndexOf(Scenarios, parsed.GetValue(scenario)), parsed.GetValue(queries),
                parsed.GetValue(prompt), parsed.GetValue(generate), parsed.GetValue(rate) ?? 0, parsed.GetValue(seed));
            var bounds = new LoadBounds(Of(latency), Of(firstToken), Of(perToken));
            Check(test, bounds, parsed.GetValue(rate) is not null);
            using var loaded = LlmCommand.Read(parsed.GetValue(model)!);
            using var decoder = new Decoder(loaded, new(parsed.GetValue(threads)) { Context = test.Prompt + test.Generate });
            var report = test.Scenario == LoadScenario.Server && test.Rate == 0
                ? Search(loaded, decoder, test, bounds, workspace, cancellation) : Run(loaded, decoder, test, bounds, cancellation);
            if (parsed.GetValue(output) == "mllog")
                foreach (var line in report.LogLines()) workspace.Terminal.Data.WriteLine(line);
            else workspace.Print(LlmLoadReport.Columns, [report], row => row.Cells);
            return Task.FromResult(report.IsValid ? ExitCodes.Ok : ExitCodes.SomeFailed);

            TimeSpan? Of(Option<double?> option) =>
                parsed.GetValue(option) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
        });
        return command;
    }

    static void Check(LoadTest test, LoadBounds bounds, bool rateGiven)
    {
        if (test.Scenario != LoadScenario.Server && (rateGiven || bounds.Any))
            throw new HarnessException("--rate, --latency, --ttft and --tpot are of --scenario server; leave them out here.");
        if (test.Scenario == LoadScenario.Server && !bounds.Any)
            throw new HarnessException("A server is held to a bound; give --latency, --ttft or --tpot, in milliseconds.");
        var probed = test.Scenario == LoadScenario.Server && !rateGiven ? test with { Rate = 1 } : test;
        if (probed.ProblemOrNull() is { } problem) throw new HarnessException(problem);
    }

    static LlmLoadReport Run(LanguageModel model, Decoder decoder, LoadTest test, LoadBounds bounds, CancellationToken cancellation)
    {
        var server = new DecoderServer(model, decoder, test);
        server.Answer(-1, () => { });
        var started = TimeProvider.System.GetUtcNow();
        return new(model, test, bounds, LoadGenerator.OfThisMachine(cancellation).Run(test, server.Answer, cancellation), started);
    }

    // No rate above that of queries which are all there from the start can be kept up with. The greatest valid one is told; if there is
    // none, the least that was tried.
    static LlmLoadReport Search(LanguageModel model, Decoder decoder, LoadTest test, LoadBounds bounds, Workspace workspace,
        CancellationToken cancellation)
    {
        var all = Run(model, decoder, test with { Scenario = LoadScenario.Offline }, bounds, cancellation);
        var (low, high) = (0.0, all.Queries.Count / all.Queries[^1].Done.TotalSeconds);
        LlmLoadReport? best = null, least = null;
        for (var search = 0; search < Searches; search++)
        {
            var middle = (low + high) / 2;
            var tried = Run(model, decoder, test with { Rate = middle }, bounds, cancellation);
            workspace.Terminal.Say($"{middle:0.00} queries a second: {(tried.IsValid ? "kept" : "not kept")}");
            if (tried.IsValid) (low, best) = (middle, tried);
            else (high, least) = (middle, tried);
        }
        return best ?? least!;
    }

    static Option<int> Count(string name, string alias, string description, int value) => new(name, alias)
    { Description = description, DefaultValueFactory = _ => value };

    static Option<double?> Bound(string name, string description) => new(name) { Description = description };
}
