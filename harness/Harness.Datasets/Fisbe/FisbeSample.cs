using System.Text.Json.Nodes;
using Harness.Datasets.Formats;
using Harness.Datasets.Formats.Zarr;

namespace Harness.Datasets.Fisbe;

/// <summary>
/// One sample in FISBe's layout: a Zarr v2 hierarchy with <c>volumes/raw</c> and <c>volumes/gt_instances</c>, one neuron in each layer of
/// the latter, whose attribute <c>dim_neurons</c> lists the dim ones.
/// </summary>
public static class FisbeSample
{
    const string RawPath = "volumes/raw";
    const string InstancePath = "volumes/gt_instances";

    /// <summary>Opens a sample; nothing but its headers is read. Disposing the sample closes the store.</summary>
    /// <exception cref="DataFormatException">An array is absent or of another type.</exception>
    public static NeuronVolume Open(IKeyStore keys, string name, bool complete)
    {
        var instances = AsUInt16(keys, InstancePath, out var attributes);
        var raw = AsUInt16(keys, RawPath, out _, owned: true);
        if (raw.Shape.Count != 4 || instances.Shape.Count != 4 || !raw.Shape.Skip(1).SequenceEqual(instances.Shape.Skip(1)))
            throw new DataFormatException(keys.Name,
                $"raw {string.Join(" × ", raw.Shape)} and gt_instances {string.Join(" × ", instances.Shape)} are not "
                + "[channel, z, y, x] of the same extent");
        return new(name, raw, instances, complete, Dim(attributes, keys.Name));
    }

    /// <summary>Writes a sample, chunk by chunk: raw as uint16, instances as uint8 where ids allow it.</summary>
    public static void Write(DirectoryInfo folder, NeuronVolume sample, IReadOnlyList<int> chunks, ZarrCodec? codec)
    {
        if (sample.Instances is not { } instances) throw new ArgumentException($"The instances of {sample.Name} are withheld.",
            nameof(sample));
        ZarrWriter.Write(folder, RawPath, sample.Raw, chunks, codec);
        var attributes = new JsonObject { ["dim_neurons"] = new JsonArray([.. sample.Dim.Select(id => (JsonNode)id)]) };
        ZarrWriter.Write(folder, InstancePath, new ConvertedVolume<ushort, byte>(instances), chunks, codec, attributes);
    }

    static IVolume<ushort> AsUInt16(IKeyStore keys, string path, out JsonObject attributes, bool owned = false)
    {
        var json = keys.GetOrNull($"{path}/.zarray") ?? throw new DataFormatException($"{keys.Name}/{path}",
            "it is not a Zarr v2 array: it has no .zarray");
        if (ZarrHeader.Parse(json, $"{keys.Name}/{path}").Type.Is<byte>())
        {
            var bytes = ZarrArray.Open<byte>(keys, path, owned: owned);
            attributes = bytes.Attributes();
            return new ConvertedVolume<byte, ushort>(bytes);
        }
        var words = ZarrArray.Open<ushort>(keys, path, owned: owned);
        attributes = words.Attributes();
        return words;
    }

    static int[] Dim(JsonObject attributes, string name)
    {
        try
        {
            return attributes["dim_neurons"] is JsonArray ids ? [.. ids.Select(id => (int)id!)] : [];
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or OverflowException)
        {
            throw new DataFormatException(name, "its dim_neurons is not a list of ids", error);
        }
    }
}
