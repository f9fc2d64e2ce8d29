using System.Text;
using Harness.Datasets;
using Harness.Datasets.Text;
using Suites.LlmEdge.Families;
using Suites.LlmEdge.Metrics;

namespace Suites.LlmEdge;

/// <summary>Language models on small devices: how well they foresee text, and in the same run how fast they read and write it.</summary>
public static class LlmEdgeSuite
{
    public static Suite Create() => new("llm-edge", "Language models on the edge",
    [
        new Benchmark<TextSample, TextPrediction>("texts", "Language modelling")
        {
            Datasets = [new TinyStoriesSample(), new TinyShakespeare(), new WikiText2Small()],
            Families = [new UniformTokens(), new Stories(), new QuantizedStories(), new PrunedStories()],
            Metrics = [new Perplexity(), new BitsPerByte(), new NextTokenAgreement(), new BytesPerToken(), .. OffloadingMetrics.All],
            // A text is both question and answer: each token is foreseen from those before it only.
            Withhold = text => text,
            Target = text => Encoding.UTF8.GetString(text.Utf8.Span),
            Answer = prediction => prediction.Continuation,
            Draw = SpeedUpPictures.Draw,
        },
        new Benchmark<LabeledImage, ClassProbabilities>("compression", "Classification with fewer weights")
        {
            Datasets = [new Mnist(), new FashionMnist()],
            Families = [new PrunedMlp()],
            Metrics = [new Accuracy(), new CrossEntropy()],
            Withhold = image => image with { Label = -1 },
            Target = image => $"{image.Label}",
            Answer = prediction => $"{prediction.Label()}",
        },
    ]);
}
