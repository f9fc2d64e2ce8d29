using Harness.Datasets.Formats;
using Suites.LlmEdge.Models;

namespace Suites.LlmEdge.Tests;

/// <summary>Real models and texts under HARNESS_DATA, or a skip with the reason.</summary>
static class TestData
{
    public static DirectoryInfo Folder { get; } = new(Environment.GetEnvironmentVariable("HARNESS_DATA") is { Length: > 0 } named ? named
        : Path.Combine(Checkout(), "..", "shared", "data"));

    public static FileInfo FileOrSkip(string name)
    {
        var file = new FileInfo(Path.Combine(Folder.FullName, name));
        Assert.SkipUnless(file.Exists, $"no {name} under HARNESS_DATA ({Folder})");
        return file;
    }

    public static LanguageModel StoriesOrSkip() => LanguageModel.Of(LlamaCheckpoint.Read(FileOrSkip("stories260K/stories260K.bin")),
        LlamaTokenizer.Read(FileOrSkip("stories260K/tok512.bin")));

    /// <summary>The five stories of the sample, as the model was trained on them: without blanks around.</summary>
    public static string[] FiveStoriesOrSkip() =>
        [.. File.ReadAllText(FileOrSkip("text/tinystories_sample.txt").FullName).Split("<|endoftext|>").Select(story => story.Trim())
            .Where(story => story.Length > 0)];

    static string Checkout()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "harness.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
