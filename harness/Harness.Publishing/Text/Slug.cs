using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Harness.Publishing.Text;

/// <summary>The stable, portable file name of an id: ASCII, lower case, <c>[a-z0-9._-]</c>, at most 100 characters.</summary>
static partial class Slug
{
    /// <summary> <c>mnist@1 </c> becomes <c>mnist.v1 </c>; any other foreign character costs a hash of the whole id, so that no two ids
    /// meet.</summary>
    public static string Of(string id)
    {
        var lower = id.ToLowerInvariant();
        if (Plain().IsMatch(lower)) return lower;
        if (Versioned().Match(lower) is { Success: true } match) return $"{match.Groups["id"].Value}.v{match.Groups["version"].Value}";
        var readable = Foreign().Replace(lower, "-").Trim('-', '.');
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..12];
        return readable.Length == 0 ? digest : $"{readable[..Math.Min(readable.Length, 60)]}-{digest}";
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{0,99}$", RegexOptions.NonBacktracking)]
    private static partial Regex Plain();

    [GeneratedRegex("^(?<id>[a-z0-9][a-z0-9._-]{0,89})@(?<version>[0-9]{1,6})$", RegexOptions.NonBacktracking)]
    private static partial Regex Versioned();

    [GeneratedRegex("[^a-z0-9._-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Foreign();
}
