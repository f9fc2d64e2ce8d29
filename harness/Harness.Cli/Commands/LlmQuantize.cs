using System.CommandLine;
using System.Globalization;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Harness.Cli.Commands;

/// <summary>What quantizations cost a model: lists of knobs run every combination, as plans do, without storing anything.</summary>
static class LlmQuantize
{
    public static Command Create(Settings settings)
    {
        var model = new Argument<string>("model") { Description = "A GGUF file." };
        var text = new Option<string>("--text") { Description = "Text to judge on.", Required = true };
        var calibration = new Option<string?>("--calibration") { Description = "Text to calibrate on (default: none)." };
        var bits = List("--bits", "Bits of a weight, 2 to 8.", "4");
        var method = List("--method", $"How weights are rounded: {Words<RoundingMethod>()}.", "nearest");
        var scaling = List("--scaling", $"What is folded in before: {Words<ChannelScaling>()}.", "none");
        var granularity = List("--granularity", $"Weights that share a grid: {Words<Granularity>()}.", "group");
        var width = List("--group", "Weights of a group.", "32");
        var activations = List("--activations", $"Inputs of linear layers: {Words<ActivationGrid>()}.", "float");
        var activationBits = List("--activation-bits", "Bits of an input, 2 to 8.", "8");
        var cacheBits = List("--cache-bits", "Bits of keys and values, 2 to 8, or none.", "none");
        var averageBits = List("--average-bits", "Mixed precision within the size of so many bits, or none.", "none");
        var largestFirst = new Option<bool>("--largest-first") { Description = "GPTQ in the order of falling input power." };
        var threads = new Option<int>("-t", "--threads") { Description = "Threads.", DefaultValueFactory = _ => 1 };
        var layers = new Option<bool>("--layers") { Description = "Print every layer's bits and signal to noise instead." };
        var command = new Command("quantize",
            "Round a model's linear layers and score what is left. Lists such as 3,4 run every combination.")
        {
            model, text, calibration, bits, method, scaling, granularity, width, activations, activationBits, cacheBits, averageBits,
            largestFirst, threads, layers,
        };
        command.SetAction((parsed, cancellation) =>
        {
            string[] Of(Option<string> option) => parsed.GetValue(option)!.Split(',', StringSplitOptions.TrimEntries);
            int Number(Option<string> option, string value) => int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number
                : throw new HarnessException($"{option.Name} is '{value}'; give whole numbers.");
            int? Few(Option<string> option, string value) => value == "none" ? null : Number(option, value);
            var quantizations =
                from a in Of(bits) from b in Of(method) from c in Of(scaling) from d in Of(granularity) from e in Of(width)
                from f in Of(activations) from g in Of(activationBits) from h in Of(cacheBits) from i in Of(averageBits)
                select Checked(new Quantization(Number(bits, a), Word<RoundingMethod>(method, b), Word<ChannelScaling>(scaling, c),
                    Granularity: Word<Granularity>(granularity, d), Group: Number(width, e), LargestFirst: parsed.GetValue(largestFirst),
                    Activations: Word<ActivationGrid>(activations, f), ActivationBits: Number(activationBits, g),
                    CacheBits: Few(cacheBits, h), AverageBits: Few(averageBits, i)));
            var all = quantizations.ToList();
            var (judged, calibrating) = (Read(parsed.GetValue(text)!), parsed.GetValue(calibration) is { } path ? Read(path) : null);
            using var loaded = LlmCommand.Read(parsed.GetValue(model)!);
            var rows = new List<LlmQuantizeRow> { LlmQuantizeRow.Full(loaded, judged, parsed.GetValue(threads)) };
            foreach (var quantization in all)
                rows.Add(new(quantization, QuantizationReport.Of(loaded, quantization, calibrating is null ? [] : [calibrating], judged,
                    parsed.GetValue(threads), cancellation), rows[0].Macs));
            var workspace = settings.Of(parsed);
            if (parsed.GetValue(layers))
                workspace.Print(["quantization", "layer", "bits/weight", "SQNR dB"], rows.SelectMany(row => row.Layers), row => row);
            else workspace.Print(LlmQuantizeRow.Columns, rows, row => row.Cells);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    static Option<string> List(string name, string description, string value) => new(name)
    { Description = description, DefaultValueFactory = _ => value };

    static string Words<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();

    static T Word<T>(Option<string> option, string value) where T : struct, Enum =>
        Enum.TryParse<T>(value.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), true, out var found)
            && Enum.IsDefined(found) ? found : throw new HarnessException($"{option.Name} is '{value}'; allowed are {Words<T>()}.");

    static Quantization Checked(Quantization quantization)
    {
        var problems = new List<System.ComponentModel.DataAnnotations.ValidationResult>();
        var context = new System.ComponentModel.DataAnnotations.ValidationContext(quantization);
        return System.ComponentModel.DataAnnotations.Validator.TryValidateObject(quantization, context, problems, true) ? quantization
            : throw new HarnessException($"This quantization is not possible: {problems[0].ErrorMessage}");
    }

    static string Read(string path) => File.Exists(path) ? File.ReadAllText(path)
        : throw new HarnessException($"There is no text {Path.GetFullPath(path)}.");
}
