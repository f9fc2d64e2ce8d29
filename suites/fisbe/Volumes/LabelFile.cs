using System.Numerics;
using System.Text.Json.Nodes;
using Harness.Datasets;
using Harness.Datasets.Formats;
using Harness.Datasets.Formats.Zarr;

namespace Suites.Fisbe.Volumes;

/// <summary>Opens label volumes: Zarr v2 folders, HDF5 and TIFF. Only headers are read; labels are read slab by slab.</summary>
public static class LabelFile
{
    const string Formats = "allowed are a Zarr v2 folder (.zarr), HDF5 (.hdf, .h5, .hdf5) and TIFF (.tif, .tiff)";

    /// <param name="key">The array inside the file, e.g. <c>volumes/labels</c>; ignored for TIFF, which has one.</param>
    /// <exception cref="HarnessException">No such file or key, or no labels; the message names both and says what to do.</exception>
    public static ILabelVolume Open(string path, string key) => Path.TrimEndingDirectorySeparator(path) is var name
        && Directory.Exists(name)
        ? Zarr(new(name), key)
        : !File.Exists(name) ? throw new HarnessException($"{path} does not exist; {Formats}.")
        : Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".HDF" or ".H5" or ".HDF5" => Hdf5(new(name), key),
            ".TIF" or ".TIFF" => TiffLabels.Open(new(name)),
            var other => throw new HarnessException($"{path} is of the unknown kind '{other}'; {Formats}. Convert it."),
        };

    static ILabelVolume Zarr(DirectoryInfo folder, string key)
    {
        var keys = new FolderKeys(folder);
        if (keys.GetOrNull($"{key}/.zarray") is not { } json) throw NoSuchKey(folder.FullName, key, Arrays(folder));
        var name = $"{folder.FullName}/{key}";
        return Guard<ILabelVolume>(name, () => ZarrHeader.Parse(json, name).Type switch
        {
            var type when type.Is<byte>() => Zarr<byte>(keys, key, name), var type when type.Is<sbyte>() => Zarr<sbyte>(keys, key, name),
            var type when type.Is<ushort>() => Zarr<ushort>(keys, key, name), var type when type.Is<short>() =>
                Zarr<short>(keys, key, name),
            var type when type.Is<uint>() => Zarr<uint>(keys, key, name), var type when type.Is<int>() => Zarr<int>(keys, key, name),
            var type when type.Is<ulong>() => Zarr<ulong>(keys, key, name), var type when type.Is<long>() => Zarr<long>(keys, key, name),
            var type => throw NoLabels($"{name} holds numbers of type {type}"),
        });
    }

    static SlabLabels<T> Zarr<T>(FolderKeys keys, string key, string name) where T : unmanaged, IBinaryInteger<T>
    {
        var array = ZarrArray.Open<T>(keys, key, owned: true);
        return new(name, array, DimNeurons(array.Attributes(), name));
    }

    static ILabelVolume Hdf5(FileInfo file, string key) => Guard<ILabelVolume>(file.FullName, () =>
    {
        var content = Hdf5File.Open(file);
        if (!content.Has(key)) throw NoSuchKey(file.FullName, key, content.Datasets());
        var name = $"{file.FullName}/{key}";
        if (!content.HoldsNumbers(key)) throw NoLabels($"{name} holds no numbers");
        return content.Type(key) switch
        {
            var type when type.Is<byte>() => Hdf5<byte>(content, key, name), var type when type.Is<sbyte>() =>
                Hdf5<sbyte>(content, key, name),
            var type when type.Is<ushort>() => Hdf5<ushort>(content, key, name), var type when type.Is<short>() =>
                Hdf5<short>(content, key, name),
            var type when type.Is<uint>() => Hdf5<uint>(content, key, name), var type when type.Is<int>() => Hdf5<int>(content, key, name),
            var type when type.Is<ulong>() => Hdf5<ulong>(content, key, name), var type when type.Is<long>() =>
                Hdf5<long>(content, key, name),
            var type => throw NoLabels($"{name} holds numbers of type {type}"),
        };
    });

    static ILabelVolume Hdf5<T>(Hdf5File file, string key, string name) where T : unmanaged, IBinaryInteger<T> =>
        new SlabLabels<T>(name, new Hdf5Volume<T>(file, key, owned: true), null);

    static int[]? DimNeurons(JsonObject attributes, string name)
    {
        try
        {
            return attributes["dim_neurons"] is JsonArray ids ? [.. ids.Select(id => (int)id!)] : null;
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or FormatException or OverflowException)
        {
            throw new HarnessException(
                $"{name} has the attribute dim_neurons {attributes["dim_neurons"]!.ToJsonString()}, which is no list of labels. "
                + "Correct its .zattrs.", wrong);
        }
    }

    static IReadOnlyList<string> Arrays(DirectoryInfo folder) => [.. folder.EnumerateFiles(".zarray", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder.FullName, file.DirectoryName!).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    static HarnessException NoSuchKey(string file, string key, IReadOnlyList<string> known) => new($"{file} has no array '{key}'. "
        + (known.Count == 0 ? "It has none at all; is it the right file?"
            : $"It has {string.Join(", ", known)}: name one of them as the key."));

    static HarnessException NoLabels(string what) => new($"{what}, but labels are whole numbers: "
        + "allowed are u1, u2, u4, u8, i1, i2, i4 and i8. Save the instance ids as int32, not probabilities or an image.");

    internal static T Guard<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DataFormatException damaged)
        {
            throw new HarnessException($"{name} cannot be read: {damaged.Message}. Write the file again, or copy it anew.", damaged);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException($"{name} cannot be read: {failed.Message}", failed);
        }
    }
}
