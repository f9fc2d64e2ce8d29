using Suites.Clustering.Neural;
using Suites.Fisbe;
using Suites.LlmEdge.Neural;
using Suites.PlaceRecognition;
using Suites.SpikingTransformers;

namespace Harness.Cli;

/// <summary>Every suite the program carries: the table of contents.</summary>
static class Suites
{
    public static IReadOnlyList<Suite> All { get; } =
    [
        SpikingTransformersSuite.Create(),
        NeuralClusteringSuite.Create(),
        FisbeSuite.Create(),
        NeuralLlmEdgeSuite.Create(),
        PlaceRecognitionSuite.Create(),
    ];
}
