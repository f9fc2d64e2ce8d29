namespace Architecture.Tests;

static class Repository
{
    public static DirectoryInfo Root { get; } = Find();

    static DirectoryInfo Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "harness.sln"))) return folder;
        throw new InvalidOperationException($"No harness.sln above {AppContext.BaseDirectory}.");
    }
}
