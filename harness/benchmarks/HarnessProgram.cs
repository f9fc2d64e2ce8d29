namespace Harness.Benchmarks;

static class HarnessProgram
{
    /// <summary>BenchmarkDotNet runs from a folder of its own; the program lies in the output of Harness.Cli.</summary>
    public static string Path { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = System.IO.Path.Combine(folder.FullName, "artifacts/bin/Harness.Cli/release_linux-x64/harness");
            if (File.Exists(program)) return program;
        }
        throw new InvalidOperationException("Build Harness.Cli in Release first: ./run list");
    }
}
