namespace Harness.Core.Registry;

/// <summary>Finds the known name a user most likely meant.</summary>
public static class NearestName
{
    /// <summary>The known name at the smallest edit distance (case-blind), or null when none could be a slip of the finger.</summary>
    public static string? OrNull(string word, IEnumerable<string> known)
    {
        var candidates = known.Select(name => (Name: name, Distance: Distance(word.ToUpperInvariant(), name.ToUpperInvariant())))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal).Take(1).ToList();
        if (candidates.Count == 0) return null;
        var (nearest, distance) = candidates[0];
        return distance <= Math.Max(2, word.Length / 3) && distance < Math.Max(word.Length, nearest.Length) ? nearest : null;
    }

    // Optimal string alignment: insert, delete, replace and swap of neighbours cost one each.
    static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++) cost[i, 0] = i;
        for (var j = 0; j <= to.Length; j++) cost[0, j] = j;
        for (var i = 1; i <= from.Length; i++)
            for (var j = 1; j <= to.Length; j++)
            {
                var replace = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        return cost[from.Length, to.Length];
    }
}

/// <summary>A name that nothing in the catalogue carries; the message lists what exists and the nearest name.</summary>
public sealed class UnknownNameException : HarnessException
{
    /// <param name="kind">What was looked for, e.g. <c>family</c>.</param>
    /// <param name="place">Where it was looked for, e.g. <c>benchmark clustering/points</c>.</param>
    public UnknownNameException(string kind, string name, string place, IReadOnlyCollection<string> known)
        : base(Text(kind, name, place, known))
    {
        Name = name;
        Problem = $"no {kind} '{name}' in {place}";
        Known = [.. known];
        Nearest = NearestName.OrNull(name, known);
    }

    public string Name { get; }
    /// <summary>What is wrong, without the list of what exists.</summary>
    public string Problem { get; }
    public IReadOnlyList<string> Known { get; }
    public string? Nearest { get; }

    static string Text(string kind, string name, string place, IReadOnlyCollection<string> known)
    {
        var nearest = NearestName.OrNull(name, known) is { } found ? $" Did you mean '{found}'?" : "";
        var list = known.Count == 0 ? "there is none" : string.Join(", ", known);
        return $"No {kind} '{name}' in {place}.{nearest} Known: {list}.";
    }
}
