using System.Security.Cryptography;
using System.Text.Json;
using Harness.Datasets.Formats;
using Harness.Datasets.Text;
using Harness.Torch;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Files;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Networks;
using Suites.LlmEdge.Tokens;

namespace Suites.LlmEdge.Neural.Learning;

/// <summary>
/// Decoders trained here, kept in the cache so that quantizers, pruning and offloading start from the same weights without training again.
/// A file belongs to the hash of all that decides its bits: recipe, configuration, texts, seed and threads.
/// </summary>
static class TrainedModel
{
    /// <summary>Raise it with every change that may change trained bits.</summary>
    const int RecipeVersion = 1;

    const string Folder = "language-models";

    /// <summary>
    /// Trains, or reads what an earlier run trained of the same; the curve's note says which. What a time budget cut short is not kept.
    /// </summary>
    /// <returns>Its matrices are 32-bit floats; the caller disposes it.</returns>
    /// <exception cref="TrainingFailedException">The texts are too short, or training diverged.</exception>
    public static LanguageModel Of(DecoderTraining training, TrainingData<TextSample> data, RunContext context)
    {
        var identity = Identity(training, data, context);
        var file = new FileInfo(Path.Combine(context.Cache.FullName, Folder, $"{identity}.gguf"));
        if (ReadOrNull(file, identity) is { } kept)
        {
            Report(kept.Curve, context);
            return kept.Model;
        }
        TorchSession.Begin(context.Seed, context.Threads);
        using var network = new DecoderNetwork(training.Shape);
        var curve = new DecoderTrainer(training, data, context).Run(network);
        var model = network.ToModel(ByteTokens.Tokenizer(), $"byte-decoder {identity}");
        if (curve.All(point => point.Note is null)) Keep(model, curve, file);
        return model;
    }

    static string Identity(DecoderTraining training, TrainingData<TextSample> data, RunContext context) => TrainingIdentity.Of(
        CanonicalJson.Write(new
        {
            recipe = RecipeVersion, training = training with { Minutes = null }, seed = context.Seed, threads = context.Threads,
        }), data, (hash, text) =>
        {
            hash.AppendData(BitConverter.GetBytes(text.Utf8.Length));
            hash.AppendData(text.Utf8.Span);
        });

    sealed record Kept(LanguageModel Model, IReadOnlyList<TrainingPoint> Curve);

    sealed record Account(string Sha256, IReadOnlyList<TrainingPoint> Curve);

    // The account is written last: a file without one, or with the hash of other bytes, is as good as none.
    static Kept? ReadOrNull(FileInfo file, string identity)
    {
        var account = AccountOf(file);
        if (!file.Exists || !account.Exists) return null;
        try
        {
            var stated = JsonSerializer.Deserialize<Account>(File.ReadAllText(account.FullName));
            if (stated is null || stated.Sha256 != Hash(file)) return null;
            var model = LanguageModel.Open(file);
            if (model.Name == $"byte-decoder {identity}") return new(model, stated.Curve);
            model.Dispose();
            return null;
        }
        catch (Exception error) when (error is JsonException or DataFormatException or IOException)
        {
            return null;
        }
    }

    // Under a name of its own first: another run may train the same at this time.
    static void Keep(LanguageModel model, IReadOnlyList<TrainingPoint> curve, FileInfo file)
    {
        file.Directory!.Create();
        var part = new FileInfo($"{file.FullName}.{Environment.ProcessId}.part");
        GgufWriter.Write(model, part);
        var account = JsonSerializer.Serialize(new Account(Hash(part), curve));
        File.Move(part.FullName, file.FullName, overwrite: true);
        File.WriteAllText(part.FullName, account);
        File.Move(part.FullName, AccountOf(file).FullName, overwrite: true);
    }

    static void Report(IReadOnlyList<TrainingPoint> curve, RunContext context)
    {
        foreach (var point in curve.SkipLast(1)) context.Progress.Report(point);
        context.Progress.Report(curve[^1] with { Note = "read, not trained: an earlier run kept these weights" });
    }

    static FileInfo AccountOf(FileInfo file) => new(Path.ChangeExtension(file.FullName, ".json"));

    static string Hash(FileInfo file)
    {
        using var stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
