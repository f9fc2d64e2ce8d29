using System.Reflection;

namespace Harness.Publishing;

/// <summary>The scripts and styles that were built into the program.</summary>
static class Bundle
{
    /// <summary>Search over Parquet with hyparquet: there only if npm was there when the program was built.</summary>
    public const string Explorer = "assets/explorer.js";

    static readonly Assembly Assembly = typeof(Bundle).Assembly;

    public static bool Has(string name) => Assembly.GetManifestResourceInfo(name) is not null;

    public static Page Asset(string name) => Page.Bytes(name, async (stream, cancellation) =>
    {
        await using var resource = Assembly.GetManifestResourceStream(name)
            ?? throw new HarnessException(
                $"The publishing assembly was built without its resource '{name}'; build Harness.Publishing again.");
        await resource.CopyToAsync(stream, cancellation);
    });
}
