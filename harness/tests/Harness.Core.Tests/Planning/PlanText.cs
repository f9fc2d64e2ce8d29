using Harness.Core.Planning;
using Harness.Core.Registry;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Harness.Core.Tests.Planning;

/// <summary>Plans of these tests, written as YAML.</summary>
static class PlanText
{
    public static Plan Read(string yaml, Catalogue? catalogue = null, IReadOnlyList<string>? deviceClasses = null) =>
        new PlanReader(catalogue ?? Toys.Catalogue, deviceClasses).Read(Tree(yaml));

    public static IReadOnlyList<PlanProblem> Problems(string yaml, IReadOnlyList<string>? deviceClasses = null) =>
        Assert.Throws<PlanException>(() => Read(yaml, deviceClasses: deviceClasses)).Problems;

    /// <summary>The configurations of family <c>toy</c> with the given knobs, which are one indented block.</summary>
    public static IReadOnlyList<Toy> Configured(string knobs) => [.. Read(WithKnobs(knobs)).Blocks[0].Families[0].Configurations
        .Select(configuration => (Toy)Configurations.Bind(Toys.Catalogue.Family("toy").Prototype, configuration))];

    /// <summary>Where the knobs begin in line 7 of <see cref="WithKnobs"/>.</summary>
    public const int ColumnOfKnobs = 13;

    /// <summary>A plan of family <c>toy</c> with the given knobs.</summary>
    public static string WithKnobs(string knobs) => $"""
        name: toys
        trials:
          - suite: toys
            dataset: evens
            family:
              id: toy
              with: {knobs}
        """;

    public static PlanNode Tree(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Node(stream.Documents[0].RootNode);
    }

    static PlanNode Node(YamlNode node) => node switch
    {
        YamlScalarNode scalar => Scalar(scalar),
        YamlSequenceNode list => new PlanList([.. list.Children.Select(Node)], At(node)),
        YamlMappingNode map => new PlanMap([.. map.Children.Select(child =>
            new PlanEntry(Scalar((YamlScalarNode)child.Key), Node(child.Value)))],
            At(node)),
        _ => throw new NotSupportedException(),
    };

    static PlanScalar Scalar(YamlScalarNode scalar) => new(scalar.Value ?? "", scalar.Style is not ScalarStyle.Plain, At(scalar));

    static PlanLocation At(YamlNode node) => new("plan.yaml", (int)node.Start.Line, (int)node.Start.Column);
}
