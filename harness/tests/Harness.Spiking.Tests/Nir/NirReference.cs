using System.Text.Json;
using Harness.Spiking.Nir;

namespace Harness.Spiking.Tests.Nir;

/// <summary>One dataset of an HDF5 file as h5py sees it.</summary>
sealed record StoredDataset(string Type, int[] Shape, JsonElement[] Values)
{
    public NirValue ToValue() => Type == "text" ? new NirText(Values[0].GetString()!)
        : new NirArray(Type switch { "float32" => NirType.Float32, "float64" => NirType.Float64, _ => NirType.Int64 },
            [.. Values.Select(one => one.GetDouble())], Shape);
}

/// <summary>What Reference/nir.py wrote.</summary>
static class NirReference
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web);

    static readonly Lazy<JsonElement> Document = new(() => JsonDocument.Parse(System.IO.File.ReadAllText(Place("nir.json"))).RootElement);

    public static FileInfo File => new(Place("graph.nir"));

    /// <summary>Every dataset of <see cref="File"/>.</summary>
    public static IReadOnlyDictionary<string, StoredDataset> Content { get; } =
        Document.Value.GetProperty("content").Deserialize<Dictionary<string, StoredDataset>>(Options)!;

    /// <summary>Values of each input node, step by step.</summary>
    public static Dictionary<string, double[]>[] Inputs { get; } = Steps("inputs");

    /// <summary>Values of each output node, step by step.</summary>
    public static Dictionary<string, double[]>[] Outputs { get; } = Steps("outputs");

    static Dictionary<string, double[]>[] Steps(string name) =>
        Document.Value.GetProperty(name).Deserialize<Dictionary<string, double[]>[]>(Options)!;

    static string Place(string name) => Path.Combine(AppContext.BaseDirectory, "Reference", name);
}
