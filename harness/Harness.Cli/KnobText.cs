using System.Text.Json;

namespace Harness.Cli;

/// <summary>A configuration in a few words.</summary>
static class KnobText
{
    /// <summary>What differs from the family's defaults, e.g. <c>steps 2, training.epochs 1</c>.</summary>
    public static string Differences(JsonElement configuration, JsonElement defaults)
    {
        var found = new List<string>();
        Add("", configuration, defaults);
        return found.Count == 0 ? "as it is" : string.Join(", ", found);

        void Add(string path, JsonElement value, JsonElement usual)
        {
            if (JsonElement.DeepEquals(value, usual)) return;
            if (value.ValueKind != JsonValueKind.Object || usual.ValueKind != JsonValueKind.Object)
                found.Add($"{path} {value.GetRawText().Trim('"')}");
            else
                foreach (var member in value.EnumerateObject())
                    Add(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value,
                        usual.TryGetProperty(member.Name, out var known) ? known : default);
        }
    }
}
