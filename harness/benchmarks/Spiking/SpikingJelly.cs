using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Suites.SpikingTransformers.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Benchmarks.Spiking;

/// <summary>A Python process that holds the same Spikformer out of SpikingJelly's parts (spikingjelly.py).</summary>
sealed class SpikingJelly : IDisposable
{
    readonly FileInfo weights = new(Path.GetTempFileName());
    readonly Process process;

    public SpikingJelly(DirectoryInfo folder, nn.Module<Tensor, Tensor> network, Tensor images, int threads)
    {
        Write(network, images);
        process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("SPIKINGJELLY_PYTHON") ?? "python3",
            ["-W", "ignore", Path.Combine(AppContext.BaseDirectory, "Spiking", "spikingjelly.py"), folder.FullName, weights.FullName,
                $"{images.shape[0]}", $"{threads}"])
        { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        Hello = Line();
    }

    /// <summary>Number of its parameters and version of its torch.</summary>
    public string Hello { get; }

    /// <summary>Mean seconds of a call of training or inference.</summary>
    public double Seconds(string what, int calls)
    {
        Send($"{(what == "training" ? "train" : "infer")} {calls}");
        return double.Parse(Line(), CultureInfo.InvariantCulture);
    }

    /// <summary>Share of images whose class is the same.</summary>
    public double Agreement(long[] answers)
    {
        Send("answers");
        var classes = Line().Split(' ').Select(word => long.Parse(word, CultureInfo.InvariantCulture));
        return classes.Zip(answers).Average(pair => pair.First == pair.Second ? 1.0 : 0);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
        weights.Delete();
    }

    void Send(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    string Line() => process.StandardOutput.ReadLine()
        ?? throw new InvalidOperationException("SpikingJelly did not answer; SPIKINGJELLY_PYTHON must name a Python with torch and numpy.");

    void Write(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        using var file = weights.Create();
        foreach (var (name, parameter) in network.named_parameters()) Add(PlainSpikformer.NameOf(name), parameter);
        Add("images", images);

        void Add(string name, Tensor tensor)
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(name + "\n"));
            file.Write(MemoryMarshal.AsBytes(tensor.detach().contiguous().data<float>().ToArray().AsSpan()));
        }
    }
}
