using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Harness.Benchmarks.Clustering;

/// <summary>A Python process that works on the same points with scikit-learn (peer.py).</summary>
sealed class ScikitLearn : IDisposable
{
    readonly FileInfo points = new(Path.GetTempFileName());
    readonly FileInfo labels = new(Path.GetTempFileName());
    readonly Process process;

    /// <param name="pairs">Two labels for each point.</param>
    public ScikitLearn(double[] values, int columns, int[] pairs, int threads)
    {
        File.WriteAllBytes(points.FullName, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        File.WriteAllBytes(labels.FullName, MemoryMarshal.AsBytes(pairs.AsSpan()).ToArray());
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("SKLEARN_PYTHON") ?? "python3",
            ["-W", "ignore", Path.Combine(AppContext.BaseDirectory, "Clustering", "peer.py"), points.FullName,
                $"{values.Length / columns}", $"{columns}", labels.FullName])
        { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var name in new[] { "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS" }) start.Environment[name] = $"{threads}";
        process = Process.Start(start)!;
        Version = Line();
    }

    public string Version { get; }

    public (double Seconds, double Result) Run(string work, int clusters, int iterations)
    {
        process.StandardInput.WriteLine($"{work} {clusters} {iterations}");
        process.StandardInput.Flush();
        var words = Line().Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return (words[0], words[1]);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        points.Delete();
        labels.Delete();
    }

    string Line() => process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("scikit-learn did not answer; SKLEARN_PYTHON must name a Python with scikit-learn.");
}
