using Harness.Results;
using Harness.Results.Signing;

namespace Harness.Cli;

/// <summary>The key that signs what this user's runs store. It lies with the user's settings, never with results.</summary>
static class SigningKeys
{
    /// <summary><c>$HARNESS_SIGNING_KEY</c>, else <c>harness/signing-key.pem</c> in the user's configuration folder.</summary>
    public static FileInfo File => new(Environment.GetEnvironmentVariable("HARNESS_SIGNING_KEY") is { Length: > 0 } chosen ? chosen
        : Path.Combine(Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } standard ? standard
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"), "harness", "signing-key.pem"));

    /// <summary>Null, after saying why, where no key can be kept: results are then stored unsigned.</summary>
    public static SigningKey? OpenOrNull(Terminal terminal)
    {
        try
        {
            return SigningKey.OpenOrCreate(File);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            terminal.Say($"results are not signed: no key can be kept in '{File.FullName}' ({error.Message}); set HARNESS_SIGNING_KEY");
            return null;
        }
    }

    /// <summary>The named public keys, and this user's own if there is one.</summary>
    public static Trust Trust(IReadOnlyList<FileSystemInfo> places, bool required)
    {
        var keys = places.SelectMany(Files).Select(file => PublicKey.FromPem(System.IO.File.ReadAllText(file), file)).ToList();
        if (File.Exists)
        {
            using var own = SigningKey.OpenOrCreate(File);
            keys.Add(own.Public);
        }
        return new([.. keys.Distinct()], required);
    }

    static string[] Files(FileSystemInfo place)
    {
        if (place is not DirectoryInfo) return [place.FullName];
        string[] files = [.. Directory.GetFiles(place.FullName, "*.pem").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files
            : throw new HarnessException($"{place.FullName} holds no public key (*.pem) to trust; give a folder that does, or the file "
                + "of a key.");
    }
}
