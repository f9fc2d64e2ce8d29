using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Harness.Datasets;
using Suites.LlmEdge.Kernels;
using Suites.LlmEdge.Pruning.Perceptrons;

namespace Suites.LlmEdge.Families;

/// <summary>
/// Perceptrons trained here, kept in the cache so that every way to prune starts from the same weights without training again. A file
/// belongs to the hash of all that decides its bits: configuration, images and seed.
/// </summary>
static class TrainedPerceptron
{
    /// <summary>Raise it with every change that may change trained bits.</summary>
    const int RecipeVersion = 1;

    const string Folder = "perceptrons";

    /// <summary>Trains, or reads what an earlier run trained of the same; the curve's note says which.</summary>
    /// <exception cref="TrainingFailedException">Training diverged.</exception>
    public static Perceptron Of(int[] sizes, PerceptronRecipe recipe, PixelTable samples, TrainingData<LabeledImage> data,
        DenseProduct product, RunContext context, PruningCurve curve)
    {
        var chance = new Chance(unchecked((ulong)context.Seed));
        var network = new Perceptron(sizes, chance);
        var identity = Identity(sizes, recipe, data, context.Seed);
        var file = new FileInfo(Path.Combine(context.Cache.FullName, Folder, $"{identity}.json"));
        if (ReadOrNull(file, network) is { } kept)
        {
            curve.Repeat(kept);
            return network;
        }
        curve.Watch(network);
        foreach (var loss in new PerceptronTraining(network, recipe, product).Epochs(samples, chance, context.Cancellation))
            curve.Add(loss);
        Keep(network, curve.Points, file);
        return network;
    }

    static string Identity(int[] sizes, PerceptronRecipe recipe, TrainingData<LabeledImage> data, int seed) => TrainingIdentity.Of(
        CanonicalJson.Write(new { version = RecipeVersion, sizes, recipe, seed }), data, (hash, image) =>
        {
            hash.AppendData(BitConverter.GetBytes(image.Label));
            hash.AppendData(image.Pixels.Span);
        });

    sealed record Kept(string Sha256, byte[] Numbers, IReadOnlyList<TrainingPoint> Curve);

    // A file that is damaged is as good as none.
    static IReadOnlyList<TrainingPoint>? ReadOrNull(FileInfo file, Perceptron network)
    {
        if (!file.Exists) return null;
        try
        {
            var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllText(file.FullName));
            var parts = Parts(network).ToList();
            if (kept is null || kept.Sha256 != Hash(kept.Numbers) || kept.Numbers.Length != sizeof(float) * parts.Sum(part => part.Length))
                return null;
            var rest = MemoryMarshal.Cast<byte, float>(kept.Numbers);
            foreach (var part in parts)
            {
                rest[..part.Length].CopyTo(part);
                rest = rest[part.Length..];
            }
            return kept.Curve;
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            return null;
        }
    }

    // Under a name of its own first: another run may train the same at this time.
    static void Keep(Perceptron network, IReadOnlyList<TrainingPoint> curve, FileInfo file)
    {
        file.Directory!.Create();
        var numbers = MemoryMarshal.AsBytes<float>(Parts(network).SelectMany(part => part).ToArray()).ToArray();
        var part = $"{file.FullName}.{Environment.ProcessId}.part";
        File.WriteAllText(part, JsonSerializer.Serialize(new Kept(Hash(numbers), numbers, curve)));
        File.Move(part, file.FullName, overwrite: true);
    }

    static IEnumerable<float[]> Parts(Perceptron network) => network.Weights.Concat(network.Offsets);

    static string Hash(byte[] numbers) => Convert.ToHexStringLower(SHA256.HashData(numbers));
}
