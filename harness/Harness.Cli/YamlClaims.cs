using System.Text.Json;
using System.Text.Json.Nodes;
using Harness.Publishing.Reports;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Cli;

/// <summary>Turns a claims file into JSON; Publishing types and checks it.</summary>
static class YamlClaims
{
    static string Folder => Path.Combine(Settings.Checkout(), "results", "claims");

    public static IReadOnlyList<FileInfo> All() => Directory.Exists(Folder)
        ? [.. new DirectoryInfo(Folder).EnumerateFiles("*.yaml").OrderBy(file => file.Name, StringComparer.Ordinal)] : [];

    /// <param name="name">A path, or the name of a file under <c>results/claims</c>.</param>
    public static FileInfo Find(string name)
    {
        if (File.Exists(name)) return new FileInfo(name);
        if (All().FirstOrDefault(file => Path.GetFileNameWithoutExtension(file.Name) == name) is { } found) return found;
        throw new HarnessException($"No claims '{name}': it is neither a file nor one of " +
            $"{string.Join(", ", All().Select(file => Path.GetFileNameWithoutExtension(file.Name)))} in {Folder}.");
    }

    public static ClaimSet Read(FileInfo file)
    {
        var name = Path.GetRelativePath(Environment.CurrentDirectory, file.FullName);
        try
        {
            using var text = file.OpenText();
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents.Count != 1)
                throw new HarnessException($"{name} holds {stream.Documents.Count} YAML documents; claims are one.");
            return ClaimReader.Read(JsonSerializer.SerializeToElement(Json(stream.Documents[0].RootNode)), name);
        }
        catch (YamlException problem)
        {
            throw new HarnessException($"{name}:{problem.Start.Line}:{problem.Start.Column}: not valid YAML: {problem.Message}", problem);
        }
    }

    static JsonNode? Json(YamlNode node) => node switch
    {
        YamlScalarNode scalar => Scalar(scalar),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!,
            Json(pair.Value)))),
        _ => throw new HarnessException($"line {node.Start.Line}: aliases are not allowed in claims; write the value out."),
    };

    // Plain scalars are JSON where JSON knows them; everything else, and everything quoted, is text.
    static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any)) return JsonValue.Create(text);
        try
        {
            return text is "" or "null" or "~" ? null : JsonNode.Parse(text) is JsonValue value ? value : JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
