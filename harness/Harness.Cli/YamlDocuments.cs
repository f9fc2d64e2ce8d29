using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Cli;

/// <summary>Turns a YAML file into JSON, which the part that knows its meaning types and checks.</summary>
static class YamlDocuments
{
    /// <param name="content">What the file holds, in the plural, for messages: claims, profiles.</param>
    public static JsonElement Read(FileInfo file, string content)
    {
        var name = Path.GetRelativePath(Environment.CurrentDirectory, file.FullName);
        try
        {
            using var text = file.OpenText();
            var stream = new YamlStream();
            stream.Load(text);
            if (stream.Documents.Count != 1)
                throw new HarnessException($"{name} holds {stream.Documents.Count} YAML documents; {content} are one.");
            return JsonSerializer.SerializeToElement(Json(stream.Documents[0].RootNode, content));
        }
        catch (YamlException problem)
        {
            throw new HarnessException($"{name}:{problem.Start.Line}:{problem.Start.Column}: not valid YAML: {problem.Message}", problem);
        }
    }

    static JsonNode? Json(YamlNode node, string content) => node switch
    {
        YamlScalarNode scalar => Scalar(scalar),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(child => Json(child, content))]),
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!,
            Json(pair.Value, content)))),
        _ => throw new HarnessException($"line {node.Start.Line}: aliases are not allowed in {content}; write the value out."),
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
