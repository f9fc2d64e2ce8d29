using System.Text;
using Harness.Datasets.Text;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Families;

/// <summary>The control: holds every token of the vocabulary for equally likely. Its perplexity is the size of the vocabulary.</summary>
public sealed record UniformTokens : IModelFamily<TextSample, TextPrediction>
{
    public FamilyCard Card => new("uniform-tokens", 1, "Uniform tokens")
    {
        Kind = "control", Summary = "Holds every token of the vocabulary of 512 for equally likely and writes nothing.",
        Equations = "p(token) = 1 / vocabulary",
    };

    public IModel<TextSample, TextPrediction> Prepare(TrainingData<TextSample> data, RunContext context) =>
        new Model(PublishedModel.Stories(context));

    sealed class Model(LanguageModel published) : IModel<TextSample, TextPrediction>
    {
        public Footprint Footprint { get; } = new(0, 0, 0);

        public IReadOnlyList<TextPrediction> Predict(IReadOnlyList<TextSample> batch) => [.. batch.Select(Of)];

        // Of equally likely tokens the first is the guess, and it is never part of a text.
        TextPrediction Of(TextSample text)
        {
            var tokens = published.Tokenizer.Encode(Encoding.UTF8.GetString(text.Utf8.Span));
            return new(tokens.Count, tokens.Count * Math.Log(published.Shape.Vocabulary), tokens.Count(token => token == 0),
                text.Utf8.Length,
                [], "");
        }

        public OperationCounts Count(IReadOnlyList<TextSample> batch) => new([], batch.Count);

        public void Dispose() => published.Dispose();
    }
}
