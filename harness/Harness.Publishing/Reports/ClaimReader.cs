using System.Text.Json;
using System.Text.Json.Serialization;

namespace Harness.Publishing.Reports;

/// <summary>Types and checks a claims file, which the command line has turned from YAML into JSON.</summary>
public static class ClaimReader
{
    static readonly JsonSerializerOptions Strict = new(CanonicalJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
    };

    /// <exception cref="HarnessException">An unknown or missing key, or claims that contradict themselves, all named at once.</exception>
    public static ClaimSet Read(JsonElement content, string file)
    {
        ClaimSet set;
        try
        {
            set = content.Deserialize<ClaimSet>(Strict) ?? throw new JsonException("the file is empty");
        }
        catch (JsonException problem)
        {
            throw new HarnessException($"{file} is no claims file: {problem.Message}", problem);
        }
        var problems = Problems(set).ToArray();
        return problems.Length == 0 ? set : throw new HarnessException($"{file}: {string.Join("; ", problems)}.");
    }

    static IEnumerable<string> Problems(ClaimSet set)
    {
        if (set.Claims.Count == 0) yield return "it states no claim";
        foreach (var twice in set.Claims.CountBy(claim => claim.Id).Where(pair =>
            pair.Value > 1)) yield return $"claim '{twice.Key}' occurs twice";
        foreach (var claim in set.Claims)
        {
            if (claim.Scale == ClaimScale.None
                && claim.Ours is not null) yield return $"claim '{claim.Id}' has scale none, but says what was run";
            if (claim.Scale != ClaimScale.None
                && claim.Ours is null) yield return $"claim '{claim.Id}' needs 'ours', or scale none with a reason";
            if (claim.Scale != ClaimScale.Full && string.IsNullOrWhiteSpace(claim.Difference))
                yield return $"claim '{claim.Id}' needs 'difference': what is not as in the paper";
            if (claim.Tolerance < 0
                || !double.IsFinite(claim.Tolerance)) yield return $"claim '{claim.Id}' has the tolerance {claim.Tolerance}";
        }
    }
}
