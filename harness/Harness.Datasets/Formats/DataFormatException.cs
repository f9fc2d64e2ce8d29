namespace Harness.Datasets.Formats;

/// <summary>A file is not what its format demands: which file, what was found, what is allowed.</summary>
public sealed class DataFormatException(string file, string problem, Exception? inner = null)
    : HarnessException($"{file}: {problem}", inner)
{
    /// <summary>The file, or its name inside an archive.</summary>
    public string File { get; } = file;
}
