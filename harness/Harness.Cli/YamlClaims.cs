using Harness.Publishing.Reports;

namespace Harness.Cli;

/// <summary>Finds and reads claims files; Publishing types and checks them.</summary>
static class YamlClaims
{
    static string Folder => Path.Combine(Settings.Checkout(), "results", "claims");

    public static IReadOnlyList<FileInfo> All() => Directory.Exists(Folder)
        ? [.. new DirectoryInfo(Folder).EnumerateFiles("*.yaml").OrderBy(file => file.Name, StringComparer.Ordinal)] : [];

    /// <param name="name">A path, or the name of a file under <c>results/claims</c>.</param>
    public static FileInfo Find(string name)
    {
        if (File.Exists(name)) return new FileInfo(name);
        if (All().FirstOrDefault(file => Path.GetFileNameWithoutExtension(file.Name) == name) is { } found) return found;
        throw new HarnessException($"No claims '{name}': it is neither a file nor one of " +
            $"{string.Join(", ", All().Select(file => Path.GetFileNameWithoutExtension(file.Name)))} in {Folder}.");
    }

    public static ClaimSet Read(FileInfo file) =>
        ClaimReader.Read(YamlDocuments.Read(file, "claims"), Path.GetRelativePath(Environment.CurrentDirectory, file.FullName));
}
