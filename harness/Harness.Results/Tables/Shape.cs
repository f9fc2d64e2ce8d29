using System.Text;
using System.Text.Json;

namespace Harness.Results.Tables;

/// <summary>
/// The skeleton that the JSON values of a column share, with the leaves taken out: <c>{"class":0,"scores":[1,2]}</c> names leaf
/// numbers. Values of one shape are stored as one typed column per leaf, which is many times smaller than text.
/// </summary>
sealed class Shape
{
    const int MostLeaves = 64;

    Shape(string template, IReadOnlyList<string> names, IReadOnlyList<JsonElement[]> leaves) =>
        (Template, Names, Leaves) = (template, names, leaves);

    public string Template { get; }
    /// <summary>One name per leaf: its path with dots, below <c>prediction</c>.</summary>
    public IReadOnlyList<string> Names { get; }
    /// <summary>Per leaf, its value in every row.</summary>
    public IReadOnlyList<JsonElement[]> Leaves { get; }

    /// <summary>Null when the values differ in shape, have too many leaves, or their paths are ambiguous.</summary>
    public static Shape? CommonOrNull(IReadOnlyList<JsonElement> values)
    {
        if (values.Count == 0) return null;
        var names = new List<string>();
        var template = new StringBuilder();
        var root = Describe(values[0], "prediction", names, template);
        if (names.Count > MostLeaves || names.Distinct(StringComparer.Ordinal).Count() != names.Count) return null;
        var leaves = names.Select(_ => new JsonElement[values.Count]).ToArray();
        for (var row = 0; row < values.Count; row++)
        {
            var leaf = 0;
            if (!Take(root, values[row], leaves, row, ref leaf)) return null;
        }
        return new(template.ToString(), names, leaves);
    }

    /// <summary>Writes one value: the template with its leaves put back by <paramref name="leaf"/>.</summary>
    public static void Fill(JsonElement template, Utf8JsonWriter writer, Action<int> leaf)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in template.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    Fill(member.Value, writer, leaf);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in template.EnumerateArray()) Fill(item, writer, leaf);
                writer.WriteEndArray();
                break;
            default:
                leaf(template.GetInt32());
                break;
        }
    }

    static Node Describe(JsonElement value, string path, List<string> names, StringBuilder template)
    {
        var nested = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        var node = new Node(nested ? value.ValueKind : JsonValueKind.Undefined, [], []);
        switch (node.Kind)
        {
            case JsonValueKind.Object:
                template.Append('{');
                foreach (var member in value.EnumerateObject())
                {
                    template.Append(node.Names.Count > 0 ? "," : "").Append(JsonSerializer.Serialize(member.Name)).Append(':');
                    node.Names.Add(member.Name);
                    node.Parts.Add(Describe(member.Value, path + "." + member.Name, names, template));
                }
                template.Append('}');
                break;
            case JsonValueKind.Array:
                template.Append('[');
                for (var item = 0; item < value.GetArrayLength(); item++)
                {
                    if (item > 0) template.Append(',');
                    node.Parts.Add(Describe(value[item], $"{path}.{item}", names, template));
                }
                template.Append(']');
                break;
            default:
                template.Append(names.Count);
                names.Add(path);
                break;
        }
        return node;
    }

    // Puts the leaves of one value in their columns; false when the value has another shape.
    static bool Take(Node node, JsonElement value, JsonElement[][] leaves, int row, ref int leaf)
    {
        var part = 0;
        switch (node.Kind)
        {
            case JsonValueKind.Object when value.ValueKind == JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                    if (part == node.Parts.Count || !member.NameEquals(node.Names[part])
                        || !Take(node.Parts[part++], member.Value, leaves, row, ref leaf)) return false;
                return part == node.Parts.Count;
            case JsonValueKind.Array when value.ValueKind == JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    if (part == node.Parts.Count || !Take(node.Parts[part++], item, leaves, row, ref leaf)) return false;
                return part == node.Parts.Count;
            case JsonValueKind.Undefined when value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array):
                leaves[leaf++][row] = value;
                return true;
            default:
                return false;
        }
    }

    /// <summary>One level of the skeleton; the kind of a leaf is undefined, because a number may stand where another row has
    /// null.</summary>
    sealed record Node(JsonValueKind Kind, List<string> Names, List<Node> Parts);
}
