using System.Runtime.CompilerServices;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests;

/// <summary>The real files under HARNESS_DATA. A test that needs one skips with a reason where it is absent.</summary>
static class RealFiles
{
    public static FileInfo File(string name)
    {
        var folder = DataSources.FromEnvironment().Data;
        if (folder is null) Assert.Skip("needs real data: set HARNESS_DATA");
        var file = new FileInfo(Path.Combine(folder.FullName, name));
        if (!file.Exists) Assert.Skip($"needs {file.FullName}");
        return file;
    }

    /// <summary>The dataset's files in a cache of this test run; skips when no source has them. Never uses the network.</summary>
    public static async Task<DirectoryInfo> FetchAsync<TSample>(IDataset<TSample> dataset)
    {
        try
        {
            await dataset.FetchAsync(Cache.Folder, TestContext.Current.CancellationToken);
        }
        catch (DataUnavailableException missing)
        {
            Assert.Skip(missing.Message);
        }
        return Cache.Folder;
    }

    /// <summary>Tests never use the network, whatever the environment says.</summary>
    [ModuleInitializer]
    internal static void StayOffline() => DataSources.Use(DataSources.FromEnvironment() with { Offline = true });

    static class Cache
    {
        public static DirectoryInfo Folder { get; } = Create();

        static DirectoryInfo Create()
        {
            var folder = Directory.CreateTempSubdirectory("harness-datasets-tests-");
            AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
            return folder;
        }
    }
}
