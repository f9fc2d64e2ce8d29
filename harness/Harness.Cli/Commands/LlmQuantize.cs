using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Suites.LlmEdge.Quantizing;
using Suites.LlmEdge.Quantizing.Rounding;

namespace Harness.Cli.Commands;

/// <summary>What quantizations cost a model: lists of knobs run every combination, as plans do, without storing anything.</summary>
static class LlmQuantize
{
    static readonly Option<string> Bits = List("--bits", "Bits of a weight, 2 to 8.", "4"),
        Method = List("--method", $"How weights are rounded: {Words<RoundingMethod>()}.", "nearest"),
        Scaling = List("--scaling", $"What is folded in before: {Words<ChannelScaling>()}.", "none"),
        Sharing = List("--granularity", $"Weights that share a grid: {Words<Granularity>()}.", "group"),
        Group = List("--group", "Weights of a group.", "32"),
        Activations = List("--activations", $"Inputs of linear layers: {Words<ActivationGrid>()}.", "float"),
        ActivationBits = List("--activation-bits", "Bits of an input, 2 to 8.", "8"),
        CacheBits = List("--cache-bits", "Bits of keys and values, 2 to 8, or none.", "none"),
        AverageBits = List("--average-bits", "Mixed precision within the size of so many bits, or none.", "none");

    static readonly Option<bool> LargestFirst = new("--largest-first") { Description = "GPTQ in the order of falling input power." };

    public static Command Create(Settings settings)
    {
        var model = new Argument<string>("model") { Description = "A GGUF file." };
        var text = new Option<string>("--text") { Description = "Text to judge on.", Required = true };
        var calibration = new Option<string?>("--calibration") { Description = "Text to calibrate on (default: none)." };
        var threads = new Option<int>("-t", "--threads") { Description = "Threads.", DefaultValueFactory = _ => 1 };
        var layers = new Option<bool>("--layers") { Description = "Print every layer's bits and signal to noise instead." };
        var command = new Command("quantize",
            "Round a model's linear layers and score what is left. Lists such as 3,4 run every combination.")
        {
            model, text, calibration, Bits, Method, Scaling, Sharing, Group, Activations, ActivationBits, CacheBits, AverageBits,
            LargestFirst, threads, layers,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var quantizations = Of(parsed).ToList();
            var (judged, calibrating) = (Read(parsed.GetValue(text)!), parsed.GetValue(calibration) is { } path ? Read(path) : null);
            using var loaded = LlmCommand.Read(parsed.GetValue(model)!);
            var rows = new List<LlmQuantizeRow> { LlmQuantizeRow.Full(loaded, judged, parsed.GetValue(threads)) };
            foreach (var quantization in quantizations)
                rows.Add(new(quantization, QuantizationReport.Of(loaded, quantization, calibrating is null ? [] : [calibrating], judged,
                    parsed.GetValue(threads), cancellation), rows[0].Macs));
            Print(settings.Of(parsed), rows, parsed.GetValue(layers));
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    static IEnumerable<Quantization> Of(ParseResult parsed)
    {
        string[] Values(Option<string> option) => parsed.GetValue(option)!.Split(',', StringSplitOptions.TrimEntries);
        int? Few(Option<string> option, string value) => value == "none" ? null : Number(option, value);
        return from bits in Values(Bits)
               from method in Values(Method)
               from scaling in Values(Scaling)
               from sharing in Values(Sharing)
               from width in Values(Group)
               from activations in Values(Activations)
               from activationBits in Values(ActivationBits)
               from cacheBits in Values(CacheBits)
               from averageBits in Values(AverageBits)
               select Checked(new(Number(Bits, bits), Word<RoundingMethod>(Method, method), Word<ChannelScaling>(Scaling, scaling),
                   Granularity: Word<Granularity>(Sharing, sharing), Group: Number(Group, width),
                   LargestFirst: parsed.GetValue(LargestFirst), Activations: Word<ActivationGrid>(Activations, activations),
                   ActivationBits: Number(ActivationBits, activationBits), CacheBits: Few(CacheBits, cacheBits),
                   AverageBits: Few(AverageBits, averageBits)));
    }

    static void Print(Workspace workspace, IReadOnlyList<LlmQuantizeRow> rows, bool layers)
    {
        if (layers) workspace.Print(["quantization", "layer", "bits/weight", "SQNR dB"], rows.SelectMany(row => row.Layers), row => row);
        else workspace.Print(LlmQuantizeRow.Columns, rows, row => row.Cells);
    }

    static int Number(Option<string> option, string value) => int.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number
        : throw new HarnessException($"{option.Name} is '{value}'; give whole numbers.");

    static Option<string> List(string name, string description, string value) => new(name)
    { Description = description, DefaultValueFactory = _ => value };

    static string Words<T>() where T : struct, Enum => string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant();

    static T Word<T>(Option<string> option, string value) where T : struct, Enum =>
        Enum.TryParse<T>(value.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), true, out var found)
            && Enum.IsDefined(found) ? found : throw new HarnessException($"{option.Name} is '{value}'; allowed are {Words<T>()}.");

    static Quantization Checked(Quantization quantization)
    {
        var problems = new List<ValidationResult>();
        return Validator.TryValidateObject(quantization, new(quantization), problems, true) ? quantization
            : throw new HarnessException($"This quantization is not possible: {problems[0].ErrorMessage}");
    }

    internal static string Read(string path) => File.Exists(path) ? File.ReadAllText(path)
        : throw new HarnessException($"There is no text {Path.GetFullPath(path)}.");
}
