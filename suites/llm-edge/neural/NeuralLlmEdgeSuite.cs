using Harness.Datasets.Text;
using Suites.LlmEdge.Neural.Families;

namespace Suites.LlmEdge.Neural;

/// <summary>
/// The suite <c>llm-edge</c> with the families that are trained here and need native tensors for it. Programs without them, as that for
/// devices, carry <see cref="LlmEdgeSuite"/>, which is the same but for these.
/// </summary>
public static class NeuralLlmEdgeSuite
{
    public static Suite Create()
    {
        var plain = LlmEdgeSuite.Create();
        return plain with { Benchmarks = [.. plain.Benchmarks.Select(WithTrained)] };
    }

    static IBenchmark WithTrained(IBenchmark benchmark) => benchmark switch
    {
        Benchmark<TextSample, TextPrediction> texts => texts with
        {
            Families = [.. texts.Families, new ByteDecoder(), new QuantizedDecoder(), new QuantizationAwareDecoder(),
                new OffloadedDecoder(), new PrunedByteDecoder()],
        },
        _ => benchmark,
    };
}
