using Harness.Datasets.Sources;
using Harness.Datasets.Tests;

[assembly: AssemblyFixture(typeof(ImageSets))]

namespace Harness.Datasets.Tests;

/// <summary>Real data, found as the harness finds them; without them a test is skipped with the reason.</summary>
static class RealData
{
    static readonly DirectoryInfo? Folder = DataSources.FromEnvironment().Data;

    public static void Need(string file)
    {
        if (Folder is null || !File.Exists(Path.Combine(Folder.FullName, file)))
            Assert.Skip($"no {file} under HARNESS_DATA ({Folder?.FullName ?? "not set"})");
    }
}

/// <summary>A folder that is gone after the test.</summary>
sealed class TemporaryFolder : IDisposable
{
    public DirectoryInfo Info { get; } = Directory.CreateTempSubdirectory("datasets-");

    public string At(params string[] parts) => Path.Combine([Info.FullName, .. parts]);

    public DirectoryInfo Sub(string name) => Info.CreateSubdirectory(name);

    public string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = At(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Info.Delete(recursive: true);
}
