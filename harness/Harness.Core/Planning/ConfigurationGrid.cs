using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Core.Registry;

namespace Harness.Core.Planning;

/// <summary>One point of a grid: the knobs a plan sets, and where each stands.</summary>
sealed record GridPoint(JsonNode? Json, IReadOnlyList<(string Path, PlanNode Node)> Places)
{
    /// <summary>The node nearest to a knob: its own, or that of the longest path it lies under.</summary>
    public PlanNode At(string path, PlanNode otherwise) => Places.Where(place => path == place.Path
            || path.StartsWith($"{place.Path}.", StringComparison.Ordinal) || path.StartsWith($"{place.Path}[", StringComparison.Ordinal))
        .OrderByDescending(place => place.Path.Length).Select(place => place.Node).FirstOrDefault(otherwise);
}

/// <summary>
/// Expands <c>with:</c> into configurations. A list is a grid, unless the knob itself is a list: then it is one value, and a list of
/// lists is the grid. A number knob also takes a range. Grids multiply; the first knob in the file varies slowest.
/// </summary>
/// <param name="prototype">The family as it is listed: its values are the defaults, and say which kind a nested record is.</param>
sealed class ConfigurationGrid(object prototype, PlanProblems problems)
{
    public const int MostPoints = 10_000;

    public IReadOnlyList<GridPoint> Expand(PlanMap knobs) => Expand(knobs, prototype.GetType(), prototype, "");

    List<GridPoint> Expand(PlanMap knobs, Type record, object? current, string path)
    {
        List<GridPoint> points = [new(new JsonObject(), [])];
        var shape = RecordShape.Of(record);
        foreach (var (key, node) in knobs.Entries)
        {
            var name = path.Length == 0 ? key.Text : $"{path}.{key.Text}";
            var member = shape.Members.FirstOrDefault(member => member.Name == key.Text);
            if (member is null && (path.Length == 0 || key.Text != "kind"))
            {
                RefuseKnob(key, name, shape);
                continue;
            }
            var variants = Variants(node, member?.Type, current is null ? null : member?.Property.GetValue(current), name);
            if ((long)points.Count * variants.Count > MostPoints)
            {
                problems.Refuse(node, $"the grid has more than {MostPoints} configurations", $"at most {MostPoints}");
                return [];
            }
            points = [.. from point in points from variant in variants select With(point, key, variant)];
        }
        return points;
    }

    List<GridPoint> Variants(PlanNode node, Type? type, object? current, string path)
    {
        if (type is not null && ValueTypes.Element(type) is not null)
            return node is PlanList { Items: [PlanList, ..] } grid
                ? [.. grid.Items.Select(item => Single(item, path))]
                : [Single(node, path)];
        if (node is PlanList { Items.Count: 0 })
        {
            problems.Refuse(node, $"{path} is an empty grid", "at least one value");
            return [];
        }
        if (node is PlanList list)
            return [.. list.Items.SelectMany(item => item is PlanList ? [Single(item, path)] : Variants(item, type, current, path))];
        if (node is PlanScalar { Quoted: false } scalar && type is not null && ValueTypes.IsNumber(type) && Range(scalar) is { } range)
            return [.. range.Select(number => new GridPoint(JsonValue.Create(number), [(path, node)]))];
        if (node is not PlanMap map || type is null || NestedOrNull(map, type, current) is not { } nested) return [Single(node, path)];
        return [.. Expand(map, nested, current?.GetType() == nested ? current : null, path)
            .Select(point => point with { Places = [(path, node), .. point.Places] })];
    }

    IReadOnlyList<double>? Range(PlanScalar scalar)
    {
        try { return NumberRange.ReadOrNull(scalar.Text); }
        catch (FormatException wrong)
        {
            problems.Refuse(scalar, wrong.Message, "first..last, first..last+step or first..last*factor");
            return [];
        }
    }

    // Without a known kind the map stays one value, and binding says what is wrong with it.
    Type? NestedOrNull(PlanMap map, Type declared, object? current)
    {
        if (ValueTypes.IsScalar(declared)) return null;
        if (declared.IsSealed) return declared;
        if (map.Entries.FirstOrDefault(entry => entry.Key.Text == "kind") is not { } kind) return current?.GetType();
        return kind.Value is PlanScalar name ? ValueTypes.Kinds(declared, prototype.GetType()).GetValueOrDefault(name.Text) : null;
    }

    void RefuseKnob(PlanScalar key, string name, RecordShape shape)
    {
        var known = shape.Members.Select(member => member.Name).ToList();
        problems.Refuse(key, $"{name}: {shape} has no knob of this name", known.Count == 0 ? "no knobs" : string.Join(", ", known),
            NearestName.OrNull(key.Text, known));
    }

    static GridPoint With(GridPoint point, PlanScalar key, GridPoint variant)
    {
        var json = (JsonObject)point.Json!.DeepClone();
        json[key.Text] = variant.Json?.DeepClone();
        return new GridPoint(json, [.. point.Places, .. variant.Places]);
    }

    static GridPoint Single(PlanNode node, string path) => new(Json(node), [(path, node)]);

    static JsonNode? Json(PlanNode node) => node switch
    {
        PlanList list => new JsonArray([.. list.Items.Select(Json)]),
        PlanMap map => new JsonObject(map.Entries.DistinctBy(entry => entry.Key.Text)
            .Select(entry => KeyValuePair.Create(entry.Key.Text, Json(entry.Value)))),
        PlanScalar { Quoted: true } text => JsonValue.Create(text.Text),
        PlanScalar scalar => Plain(scalar.Text),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, "not a plan node"),
    };

    static JsonNode? Plain(string text) => text switch
    {
        "null" or "~" or "" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
            JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
