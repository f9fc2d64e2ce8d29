using Harness.Fuzzing.Readers;

namespace Harness.Fuzzing;

/// <summary>Every reader of files there is.</summary>
public static class FuzzedReaders
{
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        .. ArrayReaders.All, .. EventReaders.All, .. Hdf5Readers.All, .. ZarrReaders.All, .. TextReaders.All, .. ModelReaders.All,
        .. ImageReaders.All, .. ArchiveReaders.All,
    ];

    /// <exception cref="HarnessException">There is no reader of that name.</exception>
    public static FuzzedReader Find(string name) => All.FirstOrDefault(reader => reader.Name == name)
        ?? throw new HarnessException($"There is no reader '{name}'; there are {string.Join(", ", All.Select(reader => reader.Name))}.");
}
