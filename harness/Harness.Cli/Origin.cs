using System.Reflection;

namespace Harness.Cli;

/// <summary>What this build is and which commit it stands on.</summary>
static class Origin
{
    /// <summary>Version and, after a plus sign, the commit the program was built from.</summary>
    public static string Version { get; } =
        typeof(Origin).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static Provenance Describe(string session, string plan, string purpose)
    {
        var built = Version.Split('+') is [_, var commit] ? commit : null;
        return new(Version.Split('+')[0], built ?? Ask("rev-parse", "HEAD") ?? "unknown", IsDirty(), CommandLine, session, plan, purpose);
    }

    // Results and plans that lie in the checkout are data; they do not change what the program computes.
    static bool IsDirty() => Ask("status", "--porcelain", "--untracked-files=no", "--", "harness", "suites", "Directory.Packages.props",
        "Directory.Build.props") is { Length: > 0 };

    public static string CommandLine => "harness " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Quoted));

    static string Quoted(string argument) => argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./=,:@+".Contains(c))
        ? argument
        : $"'{argument.Replace("'", "'\\''")}'";

    static string? Ask(params string[] arguments)
    {
        var root = Settings.Checkout();
        return Path.Exists(Path.Combine(root, ".git")) ? new Git(root).OutputOrNull(arguments) : null;
    }
}
