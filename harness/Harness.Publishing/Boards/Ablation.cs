using Harness.Publishing.Text;

namespace Harness.Publishing.Boards;

/// <summary>What one quantity does when one hyper-parameter changes.</summary>
/// <param name="Paired">Mean over the seeds that both rows finished of the difference; null without a common seed.</param>
/// <param name="Range">The differences that the seeds' own intervals allow; null unless both rows state intervals.</param>
public sealed record Effect(Cell Before, Cell After, double? Paired, int Seeds, (double Low, double High)? Range)
{
    public double Difference => After.Mean - Before.Mean;
    public double? Ratio => Before.Mean > 0 && After.Mean > 0 ? After.Mean / Before.Mean : null;
    /// <summary>True when no difference of zero is compatible with the intervals.</summary>
    public bool Clear => Range is { } range && (range.Low > 0 || range.High < 0);

    public static Effect? OfOrNull(Cell before, Cell after)
    {
        if (!before.Any || !after.Any) return null;
        var others = after.Seeds.ToDictionary(seed => seed.Run.Trial.Seed, seed => seed.Value.Value);
        double[] pairs = [.. before.Seeds.Where(seed => others.ContainsKey(seed.Run.Trial.Seed))
            .Select(seed => others[seed.Run.Trial.Seed] - seed.Value.Value)];
        (double, double)? range = before.Hull is { } a && after.Hull is { } b ? (b.Low - a.High, b.High - a.Low) : null;
        return new Effect(before, after, pairs.Length == 0 ? null : pairs.Average(), pairs.Length, range);
    }
}

/// <summary>Two rows of one family on one device that differ in exactly one hyper-parameter, from its smaller value to the next larger
/// one.</summary>
public sealed record Ablation(Row Before, Row After, string Knob, string From, string To)
{
    public static IReadOnlyList<Ablation> Of(Board board) =>
        [.. board.Rows.GroupBy(row => (row.Family, row.DeviceId, row.Threads)).SelectMany(group => Of([.. group]))
            .OrderBy(pair => pair.Before.Family, StringComparer.Ordinal).ThenBy(pair => pair.Knob, StringComparer.Ordinal)
            .ThenBy(pair => pair.Before.Key, StringComparer.Ordinal)];

    static IEnumerable<Ablation> Of(Row[] siblings) => Sweep.Of(siblings).SelectMany(sweep => Enumerable.Range(1, sweep.Rows.Count - 1)
        .Select(i => new Ablation(sweep.Rows[i - 1].Row, sweep.Rows[i].Row, sweep.Knob, sweep.Rows[i - 1].Value, sweep.Rows[i].Value)));
}

/// <summary>
/// Rows of one family on one device that differ in one hyper-parameter only, in the order of its values; each row holds its place among
/// them.
/// </summary>
public sealed record Sweep(string Knob, IReadOnlyList<(string Value, Row Row)> Rows)
{
    /// <summary>Those of at least <paramref name="values"/> values: of two, a pair says it all.</summary>
    public static IReadOnlyList<Sweep> Of(Board board, int values) =>
        [.. board.Rows.GroupBy(row => (row.Family, row.DeviceId, row.Threads)).SelectMany(group => Of([.. group]))
            .Where(sweep => sweep.Rows.Count >= values).Select(sweep => sweep.Placed(board))
            .OrderBy(sweep => sweep.Rows[0].Row.Family, StringComparer.Ordinal).ThenBy(sweep => sweep.Knob, StringComparer.Ordinal)
            .ThenBy(sweep => sweep.Rows[0].Row.Key, StringComparer.Ordinal)];

    Sweep Placed(Board board)
    {
        var placed = Ranking.Of([.. Rows.Select(row => row.Row)], board.Columns).ToDictionary(row => row.Key);
        return this with { Rows = [.. Rows.Select(row => (row.Value, placed[row.Row.Key]))] };
    }

    internal static IEnumerable<Sweep> Of(Row[] siblings)
    {
        var members = siblings.ToDictionary(row => row, row => Words.Members(row.Configuration).ToDictionary(member => member.Name,
            member => member.Value));
        foreach (var knob in members.Values.SelectMany(values => values.Keys).Distinct().Order(StringComparer.Ordinal))
        {
            var groups = siblings.Where(row => members[row].ContainsKey(knob)).GroupBy(row => string.Join('\n', members[row]
                .Where(member => member.Key != knob).OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Select(member => $"{member.Key}={member.Value}")));
            foreach (var group in groups)
            {
                var ordered = group.OrderBy(row => Number(members[row][knob])).ThenBy(row => members[row][knob], StringComparer.Ordinal)
                    .ToArray();
                if (ordered.Length > 1) yield return new Sweep(knob, [.. ordered.Select(row => (members[row][knob], row))]);
            }
        }
    }

    static double Number(string value) =>
        double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : double.PositiveInfinity;
}
