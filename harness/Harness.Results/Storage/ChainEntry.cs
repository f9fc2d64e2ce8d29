namespace Harness.Results.Storage;

/// <summary>One line of <c>chain.log</c>: what was stored, or taken away, and the hash of the line before it.</summary>
/// <param name="Previous">SHA-256 of the previous line without its line end; 64 zeros for the first.</param>
/// <param name="RunId">The run, or the finding, that the line is about.</param>
/// <param name="RunHash">SHA-256 of run.json, or of the finding's file.</param>
/// <param name="Artifacts">SHA-256 of artifacts.sha256, which lists every other file of the run; empty for a finding.</param>
/// <param name="Folder">The run folder or the finding's file, relative to the store, with forward slashes.</param>
public sealed record ChainEntry(string Previous, string RunId, string RunHash, string Artifacts, string Folder, DateTimeOffset Time)
{
    /// <summary>The whole run was deleted on purpose.</summary>
    public const string Removed = "removed";
    /// <summary>Some files of the run were deleted on purpose; run.json stays.</summary>
    public const string Thinned = "thinned";

    /// <summary>Null for a stored run; <see cref="Removed"/>, <see cref="Thinned"/>, or the kind of a finding. A reader skips
    /// kinds it does not know.</summary>
    public string? Kind { get; init; }
    /// <summary>Which files of a thinned run are gone.</summary>
    public IReadOnlyList<string>? Files { get; init; }
    public string? Reason { get; init; }
    /// <summary>Name and sha-256 of the archive that what is gone was packed into.</summary>
    public string? Archive { get; init; }
    /// <summary>Who signed the line, and the signature over the line without it.</summary>
    public string? Key { get; init; }
    public string? Signature { get; init; }
}
