using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Neurons;

/// <summary>What Reference/neurons.py wrote.</summary>
static class Golden
{
    static readonly Lazy<JsonElement> Document = new(() =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reference", "neurons.json"))).RootElement);

    public static int Steps => Document.Value.GetProperty("steps").GetInt32();

    /// <summary>[steps, neurons].</summary>
    public static Tensor Input => Matrix("input");

    /// <summary>The loss is the sum of spikes times these.</summary>
    public static Tensor Weights => Matrix("weights");

    public static float[] Numbers(params string[] path) =>
        [.. path.Aggregate(Document.Value, (element, name) => element.GetProperty(name)).EnumerateArray().Select(one => one.GetSingle())];

    public static float[][] Rows(params string[] path) => [.. path.Aggregate(Document.Value, (element, name) => element.GetProperty(name))
        .EnumerateArray().Select(row => row.EnumerateArray().Select(one => one.GetSingle()).ToArray())];

    static Tensor Matrix(string name) => tensor(Numbers(name)).view(Steps, -1);
}
