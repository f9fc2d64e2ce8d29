using System.CommandLine;
using Harness.Datasets.Formats;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;

namespace Harness.Cli.Commands;

/// <summary>Language models: times them as llama-bench does, and makes files of them.</summary>
static class LlmCommand
{
    public static Command Create(Settings settings)
    {
        var command = new Command("llm", "Language models: speed tests as of llama-bench, loads as of MLPerf, and GGUF files.");
        command.Subcommands.Add(LlmBench.Create(settings));
        command.Subcommands.Add(LlmLoad.Create(settings));
        command.Subcommands.Add(LlmQuantize.Create(settings));
        command.Subcommands.Add(LlmOffload.Create(settings));
        command.Subcommands.Add(Convert(settings));
        command.Subcommands.Add(Random(settings));
        return command;
    }

    static Command Convert(Settings settings)
    {
        var model = new Argument<string>("model") { Description = "A GGUF file, or a model of llama2.c (.bin)." };
        var output = new Argument<string>("output") { Description = "GGUF file to write." };
        var tokenizer = new Option<string?>("--tokenizer") { Description = "Vocabulary of a llama2.c model (tok*.bin)." };
        var type = new Option<string?>("--type") { Description = $"Packing of matrices: {Types} (default: as they are)." };
        var command = new Command("convert", "Write a model as GGUF, with its matrices packed anew.") { model, output, tokenizer, type };
        command.SetAction(parsed =>
        {
            using var source = Read(parsed.GetValue(model)!, parsed.GetValue(tokenizer));
            using var packed = parsed.GetValue(type) is { } name ? source.Repacked(Packing.Of(name)) : null;
            Write(packed ?? source, parsed.GetValue(output)!, settings.Of(parsed));
            return ExitCodes.Ok;
        });
        return command;
    }

    static Command Random(Settings settings)
    {
        var output = new Argument<string>("output") { Description = "GGUF file to write." };
        var width = Length("--width", "Width of the residual stream.", 2048);
        var hidden = Length("--hidden", "Hidden width of the feed-forward part.", 5632);
        var layers = Length("--layers", "Number of blocks.", 12);
        var heads = Length("--heads", "Heads.", 32);
        var keyHeads = Length("--key-heads", "Heads of keys and values.", 4);
        var vocabulary = Length("--vocabulary", "Number of tokens.", 32_000);
        var context = Length("--context", "Longest context.", 2048);
        var type = new Option<string>("--type") { Description = $"Packing of matrices: {Types}.", DefaultValueFactory = _ => "Q8_0" };
        var seed = new Option<int>("--seed") { Description = "Decides every weight.", DefaultValueFactory = _ => 1 };
        var open = new Option<double?>("--open")
        { Description = "ReGLU, with about this share of gates open, as of models trained with ReLU (default: SwiGLU)." };
        var spread = new Option<double>("--spread")
        {
            Description = "With --open: how unequally often gates open. 0.6: 43 % of them have four fifths of the openings; 1: 26 %.",
            DefaultValueFactory = _ => 0.6,
        };
        var command = new Command("random", "Write a model of random weights: for speed only, and named random-weights.")
        { output, width, hidden, layers, heads, keyHeads, vocabulary, context, type, seed, open, spread };
        command.SetAction(parsed =>
        {
            int Of(Option<int> option) => parsed.GetValue(option);
            var shape = new ModelShape("llama", Of(vocabulary), Of(context), Of(width), Of(hidden), Of(layers), Of(heads), Of(keyHeads));
            var gates = parsed.GetValue(open) is { } share ? new PlantedGates(share, parsed.GetValue(spread)) : null;
            using var model = RandomModel.Of(gates is null ? shape : shape with { Gating = Gating.Reglu },
                Packing.Of(parsed.GetValue(type)!), (ulong)parsed.GetValue(seed), gates: gates);
            Write(model, parsed.GetValue(output)!, settings.Of(parsed));
            return ExitCodes.Ok;
        });
        return command;
    }

    static Option<int> Length(string name, string description, int value) => new(name)
    { Description = description, DefaultValueFactory = _ => value };

    static string Types => string.Join(", ", Packing.All.Select(packing => packing.Name));

    /// <exception cref="HarnessException">There is no such file, or it is not a model.</exception>
    internal static LanguageModel Read(string path, string? tokenizer = null)
    {
        var file = new FileInfo(path);
        if (!file.Exists) throw new HarnessException($"There is no model {file.FullName}; name a GGUF file.");
        if (tokenizer is null) return LanguageModel.Open(file);
        var vocabulary = new FileInfo(tokenizer);
        return vocabulary.Exists ? LanguageModel.Of(LlamaCheckpoint.Read(file), LlamaTokenizer.Read(vocabulary))
            : throw new HarnessException($"There is no vocabulary {vocabulary.FullName}; name a tok*.bin of llama2.c.");
    }

    static void Write(LanguageModel model, string path, Workspace workspace)
    {
        var file = new FileInfo(path);
        GgufWriter.Write(model, file);
        file.Refresh();
        workspace.Terminal.Say($"{file.FullName}: {model.Parameters:N0} parameters, {model.Packing.Name}, {file.Length:N0} bytes");
    }
}
