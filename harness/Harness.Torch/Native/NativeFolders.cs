namespace Harness.Torch.Native;

/// <summary>Where the native tensor libraries may lie, in the order in which they are looked for.</summary>
public static class NativeFolders
{
    /// <summary>Environment variable naming one folder that holds all native libraries.</summary>
    public const string Variable = "HARNESS_TORCH_NATIVE";

    /// <summary>The first existing <paramref name="file"/>: settings, environment, the application's own folder, NuGet's.</summary>
    /// <exception cref="HarnessException">The file is in none of the places; the message lists them.</exception>
    public static string Find(string file, string settingsKey, string package)
    {
        var places = Places(settingsKey, package).ToList();
        return places.Select(place => Path.Combine(place, file)).FirstOrDefault(File.Exists)
            ?? throw new HarnessException($"The native library {file} was not found in: {string.Join(", ", places)}. "
                + $"Run 'dotnet restore', or set {Variable} to the folder that holds it.");
    }

    static IEnumerable<string> Places(string settingsKey, string package)
    {
        if (AppContext.GetData(settingsKey) is string configured && configured.Length > 0) yield return configured;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named) yield return named;
        yield return AppContext.BaseDirectory;
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");
        foreach (var version in Versions(Path.Combine(PackageRoot(), package)))
            yield return Path.Combine(version, "runtimes", "linux-x64", "native");
    }

    static string PackageRoot() => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } root
        ? root
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // Newest first: a folder name that is no version sorts last.
    static IEnumerable<string> Versions(string package) => !Directory.Exists(package)
        ? []
        : Directory.EnumerateDirectories(package)
            .OrderByDescending(folder => Version.TryParse(Path.GetFileName(folder), out var version) ? version : new Version(0, 0));
}
