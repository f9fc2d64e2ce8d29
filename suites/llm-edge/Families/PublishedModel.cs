using Harness.Datasets.LanguageModels;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Families;

/// <summary>Brings the published weights into the cache and reads them.</summary>
static class PublishedModel
{
    /// <exception cref="DataUnavailableException">No source has the files.</exception>
    public static LanguageModel Stories(RunContext context)
    {
        var published = new Stories260K();
        published.FetchAsync(context.Cache, context.Cancellation).AsTask().GetAwaiter().GetResult();
        var model = published.Read(context.Cache, Split.Test).Single();
        return LanguageModel.Of(model.Checkpoint, model.Tokenizer);
    }
}
