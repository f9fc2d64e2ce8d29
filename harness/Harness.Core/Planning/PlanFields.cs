using System.Globalization;
using Harness.Core.Registry;

namespace Harness.Core.Planning;

/// <summary>Collects the problems of a plan and reads its scalars; a reader that notes a problem gives null and goes on.</summary>
sealed class PlanProblems
{
    readonly List<PlanProblem> _all = [];

    public IReadOnlyList<PlanProblem> InFileOrder => [.. _all.Distinct().OrderBy(problem => problem.At.File, StringComparer.Ordinal)
        .ThenBy(problem => problem.At.Line).ThenBy(problem => problem.At.Column)];

    public int Count => _all.Count;

    public void Refuse(PlanNode node, string message, string? allowed, string? nearest = null) =>
        _all.Add(new PlanProblem(node.At, message, (node as PlanScalar)?.Text, allowed, nearest));

    public void RefuseName(PlanNode node, UnknownNameException unknown) => Refuse(node, unknown.Problem,
        unknown.Known.Count == 0 ? "nothing" : string.Join(", ", unknown.Known), unknown.Nearest);

    public string? Text(PlanNode? node, string what)
    {
        if (node is PlanScalar { Text.Length: > 0 } scalar && (scalar.Quoted || scalar.Text is not ("~" or "null"))) return scalar.Text;
        if (node is not null) Refuse(node, $"{what} is not a text", "one word or text");
        return null;
    }

    public int? Whole(PlanNode? node, string what, int least)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign;
        if (node is PlanScalar { Quoted: false } scalar && int.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var number)
            && number >= least) return number;
        if (node is not null) Refuse(node, $"{Named(what, node)} is out of range", $"a whole number from {least} on");
        return null;
    }

    public T? Amount<T>(PlanNode? node, string what, Func<string, T?> read, string form) where T : struct
    {
        if (node is null) return null;
        var amount = node is PlanScalar scalar ? read(scalar.Text) : null;
        if (amount is null) Refuse(node, $"{Named(what, node)} is not an amount", form);
        return amount;
    }

    /// <summary>A node that may be one thing or a list of them, as a list.</summary>
    public IReadOnlyList<PlanNode> Many(PlanNode? node, string what)
    {
        if (node is PlanList { Items.Count: 0 }) Refuse(node, $"{what} is empty", "at least one");
        return node switch { null => [], PlanList list => list.Items, _ => [node] };
    }

    /// <summary>Notes every key that occurs twice in a map, anywhere below <paramref name="node"/>.</summary>
    public void RefuseRepeatedKeys(PlanNode node)
    {
        if (node is PlanList list)
            foreach (var item in list.Items) RefuseRepeatedKeys(item);
        if (node is not PlanMap map) return;
        foreach (var repeated in map.Entries.GroupBy(entry => entry.Key.Text, StringComparer.Ordinal).SelectMany(group => group.Skip(1)))
            Refuse(repeated.Key, $"'{repeated.Key.Text}' is given twice", "one value");
        foreach (var entry in map.Entries) RefuseRepeatedKeys(entry.Value);
    }

    static string Named(string what, PlanNode node) => node is PlanScalar wrong ? $"{what} '{wrong.Text}'" : what;
}

/// <summary>The keys of one map of a plan: each is known, and a needed one is there.</summary>
sealed class PlanFields
{
    readonly Dictionary<string, PlanNode> _values = new(StringComparer.Ordinal);

    PlanFields(PlanMap map) => Map = map;

    public PlanMap Map { get; }

    /// <summary>The fields, or null when <paramref name="node"/> is no map.</summary>
    public static PlanFields? Of(PlanNode node, string what, PlanProblems problems, params string[] known)
    {
        if (node is not PlanMap map)
        {
            problems.Refuse(node, $"{what} is not a map", $"a map with the keys {string.Join(", ", known)}");
            return null;
        }
        var fields = new PlanFields(map);
        foreach (var (key, value) in map.Entries)
            if (known.Contains(key.Text, StringComparer.Ordinal)) fields._values.TryAdd(key.Text, value);
            else problems.Refuse(key, $"{what} has no key '{key.Text}'", string.Join(", ", known), NearestName.OrNull(key.Text, known));
        return fields;
    }

    public PlanNode? OrNull(string key) => _values.GetValueOrDefault(key);

    public PlanNode? Needed(string key, string what, PlanProblems problems)
    {
        if (OrNull(key) is { } found) return found;
        problems.Refuse(Map, $"{what} has no '{key}'", $"'{key}:' with a value");
        return null;
    }

    /// <summary>The node of either spelling; both, or neither, is a problem.</summary>
    public PlanNode? Either(string one, string many, string what, PlanProblems problems)
    {
        if (OrNull(one) is { } twice && OrNull(many) is not null)
            problems.Refuse(twice, $"{what} has both '{one}' and '{many}'", "one of the two");
        return OrNull(many) ?? OrNull(one) ?? Needed(many, what, problems);
    }
}
