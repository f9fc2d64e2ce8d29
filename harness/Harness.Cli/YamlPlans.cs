using Harness.Core.Planning;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Cli;

/// <summary>Turns a YAML file into the tree of nodes that Core types and checks; knows nothing of what a plan may hold.</summary>
static class YamlPlans
{
    /// <param name="name">A path, or the name of a plan under <c>results/plans</c>.</param>
    public static FileInfo Find(string name)
    {
        if (File.Exists(name)) return new FileInfo(name);
        var folder = new DirectoryInfo(Path.Combine(Settings.Checkout(), "results", "plans"));
        var named = new FileInfo(Path.Combine(folder.FullName, $"{name}.yaml"));
        if (named.Exists) return named;
        List<string> known = folder.Exists ? [.. folder.EnumerateFiles("*.yaml").Select(file => Path.GetFileNameWithoutExtension(file.Name))
            .Order()]
            : [];
        throw new HarnessException($"No plan '{name}': it is neither a file nor one of {string.Join(", ", known)} in {folder.FullName}.");
    }

    public static PlanNode Read(FileInfo file)
    {
        using var text = file.OpenText();
        return Read(text, Path.GetRelativePath(Environment.CurrentDirectory, file.FullName));
    }

    public static PlanNode Read(TextReader text, string file)
    {
        var scanner = new Scanner(text);
        try
        {
            var stream = new YamlStream();
            stream.Load(new Parser(scanner));
            return stream.Documents.Count == 1 ? Node(stream.Documents[0].RootNode, file)
                : throw new HarnessException($"{file} holds {stream.Documents.Count} YAML documents; a plan is exactly one.");
        }
        catch (YamlException exception)
        {
            throw Invalid(file, exception.Start, exception);
        }
        // The scanner of YamlDotNet gives up in this way on some flow collections that are never closed.
        catch (InvalidOperationException exception)
        {
            throw Invalid(file, scanner.CurrentPosition, exception);
        }
    }

    static HarnessException Invalid(string file, Mark at, Exception exception) =>
        new($"{file}:{at.Line}:{at.Column}: not valid YAML: {exception.Message}", exception);

    static PlanNode Node(YamlNode node, string file) => node switch
    {
        YamlScalarNode scalar => Scalar(scalar, file),
        YamlSequenceNode list => new PlanList([.. list.Children.Select(child => Node(child, file))], At(node, file)),
        YamlMappingNode map => new PlanMap([.. map.Children.Select(child => Entry(child, file))], At(node, file)),
        _ => throw new HarnessException($"{file}:{node.Start.Line}: aliases are not allowed in a plan; write the value out."),
    };

    static PlanEntry Entry(KeyValuePair<YamlNode, YamlNode> child, string file) => child.Key is YamlScalarNode key
        ? new(Scalar(key, file), Node(child.Value, file))
        : throw new HarnessException($"{file}:{child.Key.Start.Line}: a key must be plain text.");

    static PlanScalar Scalar(YamlScalarNode scalar, string file) =>
        new(scalar.Value ?? "", scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any), At(scalar, file));

    static PlanLocation At(YamlNode node, string file) => new(file, (int)node.Start.Line, (int)node.Start.Column);
}
