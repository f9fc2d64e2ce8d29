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
        var first = new Walk();
        first.Into(values[0], "prediction");
        if (first.Leaves.Count > MostLeaves || first.Names.Distinct(StringComparer.Ordinal).Count() != first.Names.Count) return null;
        var leaves = first.Leaves.Select(_ => new JsonElement[values.Count]).ToArray();
        var template = first.Template.ToString();
        for (var row = 0; row < values.Count; row++)
        {
            var walk = new Walk();
            walk.Into(values[row], "prediction");
            if (walk.Leaves.Count != leaves.Length || walk.Template.ToString() != template) return null;
            for (var leaf = 0; leaf < leaves.Length; leaf++) leaves[leaf][row] = walk.Leaves[leaf];
        }
        return new(template, first.Names, leaves);
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

    sealed class Walk
    {
        public StringBuilder Template { get; } = new();
        public List<JsonElement> Leaves { get; } = [];
        public List<string> Names { get; } = [];

        public void Into(JsonElement value, string path)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    Template.Append('{');
                    var separator = "";
                    foreach (var member in value.EnumerateObject())
                    {
                        Template.Append(separator).Append(JsonSerializer.Serialize(member.Name)).Append(':');
                        Into(member.Value, path + "." + member.Name);
                        separator = ",";
                    }
                    Template.Append('}');
                    break;
                case JsonValueKind.Array:
                    Template.Append('[');
                    for (var item = 0; item < value.GetArrayLength(); item++)
                    {
                        if (item > 0) Template.Append(',');
                        Into(value[item], $"{path}.{item}");
                    }
                    Template.Append(']');
                    break;
                default:
                    Template.Append(Leaves.Count);
                    Leaves.Add(value);
                    Names.Add(path);
                    break;
            }
        }
    }
}
