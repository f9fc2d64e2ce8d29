using System.CommandLine;
using System.Globalization;
using Harness.Agent.Running;
using Harness.Core.Planning;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Offloading.Streaming;

namespace Harness.Cli.Commands;

/// <summary>Flags of a speed test in less memory than the model has bytes.</summary>
sealed class LlmMemoryOptions
{
    /// <summary>
    /// Of the runtime, its libraries and what it computes with. With less, pages of all other weights leave for those of libraries.
    /// </summary>
    const long Reserve = 160_000_000;

    readonly Option<string?> _cap = new("--memory-cap")
    { Description = "Most memory, pages of files included: an amount (600MB) or a share of the model's file (50%). Linux, as root." };

    readonly Option<string?> _neurons = new("--neurons")
    { Description = "File of `harness llm offload`: feed-forward neurons are read from it when they are needed." };

    readonly Option<double> _fixedShare = new("--fixed-share")
    { Description = "Of the memory for neurons, for those asked for most often.", DefaultValueFactory = _ => 0.95 };

    readonly Option<int> _readThreads = new("--read-threads")
    { Description = "Reads of neurons on their way at a time.", DefaultValueFactory = _ => 16 };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _cap, _neurons, _fixedShare, _readThreads }) command.Options.Add(option);
    }

    /// <summary>Opens a model as the flags say; what is read of it from here on counts against the cap.</summary>
    /// <param name="context">Tokens in the cache.</param>
    public LlmBenchModel Open(ParseResult parsed, string path, int context)
    {
        var neurons = parsed.GetValue(_neurons) is { } name ? new FileInfo(name) : null;
        if (parsed.GetValue(_cap) is not { } text)
            return new(path, LlmCommand.Read(path), null, neurons, model => Streaming(parsed, long.MaxValue));
        var file = new FileInfo(path);
        if (!file.Exists) throw new HarnessException($"There is no model {file.FullName}; name a GGUF file.");
        var bytes = Bytes(text, file.Length);
        PageCache.Forget(file);
        if (neurons is { Exists: true }) PageCache.Forget(neurons);
        var cap = MemoryCap.Enter(bytes);
        try
        {
            return new(path, LlmCommand.Read(path), new(cap, bytes), neurons, model => Streaming(parsed, Left(model, bytes, context)));
        }
        catch
        {
            cap.Dispose();
            throw;
        }
    }

    StreamingOptions Streaming(ParseResult parsed, long bytes) => new(bytes, parsed.GetValue(_fixedShare), parsed.GetValue(_readThreads));

    // All other weights, keys and values stay in memory.
    static long Left(LanguageModel model, long cap, int context)
    {
        var cache = 2L * sizeof(float) * model.Shape.Layers * model.Shape.KeyWidth * context;
        var others = model.Bytes - model.FeedForwardBytes + cache + Reserve;
        return cap > others ? cap - others
            : throw new HarnessException($"A cap of {cap:N0} bytes leaves no memory for neurons: all other weights, the cache and the "
                + $"program take {others:N0}; give more.");
    }

    static long Bytes(string text, long file)
    {
        if (text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 1000) return (long)(file * percent / 100);
        return Amounts.MemoryOrNull(text) ?? throw new HarnessException(
            $"--memory-cap is '{text}'; allowed are {Amounts.MemoryForm}, or a share of the model's file such as 50%.");
    }
}
