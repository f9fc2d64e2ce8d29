using System.CommandLine;
using System.Globalization;
using Suites.LlmEdge.Offloading.Predicting;
using Suites.LlmEdge.Offloading.Streaming;

namespace Harness.Cli.Commands;

/// <summary>Writes the neurons of a model into a file from which `harness llm bench --neurons` reads them one by one.</summary>
static class LlmOffload
{
    public static Command Create(Settings settings)
    {
        var model = new Argument<string>("model") { Description = "A GGUF file with ReGLU or dReLU gates." };
        var output = new Argument<string>("output") { Description = "File of neurons to write." };
        var text = new Option<string?>("--calibration") { Description = "Text to set thresholds on (default: random tokens)." };
        var defaults = new NeuronForesight();
        var rank = new Option<int>("--rank")
        { Description = "Of the copy of the gates that foresees them.", DefaultValueFactory = _ => defaults.Rank };
        var recall = new Option<double>("--recall")
        { Description = "Share of open gates that are to be foreseen.", DefaultValueFactory = _ => defaults.Recall };
        var tokens = new Option<int>("--tokens")
        { Description = "Tokens to calibrate with.", DefaultValueFactory = _ => defaults.Tokens };
        var threads = new Option<int>("-t", "--threads")
        { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var seed = new Option<int>("--seed") { Description = "Of the factors and of random tokens.", DefaultValueFactory = _ => 1 };
        var command = new Command("offload", "Write feed-forward neurons into a file from which they are read when they are needed.")
        { model, output, text, rank, recall, tokens, threads, seed };
        command.SetAction((parsed, cancellation) =>
        {
            var workspace = settings.Of(parsed);
            IReadOnlyList<string> texts = parsed.GetValue(text) is { } path ? [LlmQuantize.Read(path)] : [];
            using var loaded = LlmCommand.Read(parsed.GetValue(model)!);
            var file = new FileInfo(parsed.GetValue(output)!);
            var layers = NeuronOffloading.Write(loaded, file, new(parsed.GetValue(rank), parsed.GetValue(recall), parsed.GetValue(tokens)),
                texts, (ulong)parsed.GetValue(seed), parsed.GetValue(threads), cancellation);
            workspace.Print(["layer", "gates open", "asked for", "of the open ones"], layers.Index(), row =>
                [$"{row.Index}", Percent(row.Item.Open), Percent(row.Item.Asked), Percent(row.Item.Recall)]);
            file.Refresh();
            workspace.Terminal.Say($"{file.FullName}: {file.Length:N0} bytes");
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
