namespace Harness.Datasets.Sources;

/// <summary>One place that files of a protocol can come from.</summary>
interface IFileSource
{
    /// <summary>The decompressed content of <paramref name="file"/>, or the reason why this place does not have it.</summary>
    ValueTask<Offer> OpenAsync(DataFile file, CancellationToken cancellation);
}

/// <summary>What a source answers: either <paramref name="Content"/> or a <paramref name="Problem"/>.</summary>
/// <param name="Place">Path or URL, as a message shows it.</param>
sealed record Offer(string Place, Stream? Content, string? Problem)
{
    public static Offer Of(string place, Stream content) => new(place, content, Problem: null);

    public static Offer None(string place, string problem) => new(place, Content: null, problem);
}
