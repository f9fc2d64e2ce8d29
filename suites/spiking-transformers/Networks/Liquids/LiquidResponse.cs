using Harness.Datasets;
using Harness.Torch;
using Suites.SpikingTransformers.Learning;
using static TorchSharp.torch;

namespace Suites.SpikingTransformers.Networks.Liquids;

/// <summary>What a liquid answered to a sample: spikes of each neuron over those of all.</summary>
sealed record LiquidResponse(ReadOnlyMemory<float> Shares, int Label) : ILabeled;

/// <summary>Responses as [samples, neurons], over the largest share of training.</summary>
sealed record ResponseScale(float Largest) : IEncoder<LiquidResponse>
{
    public static ResponseScale Of(IEnumerable<LiquidResponse> responses)
    {
        var largest = responses.Max(response => response.Shares.Span.ToArray().Max());
        return new(largest > 0 ? largest : 1);
    }

    public Tensor Encode(IReadOnlyList<LiquidResponse> samples)
    {
        var neurons = samples[0].Shares.Length;
        var values = new float[samples.Count * neurons];
        for (var index = 0; index < samples.Count; index++) samples[index].Shares.Span.CopyTo(values.AsSpan(index * neurons));
        using var given = tensor(values, [samples.Count, neurons]);
        return given / Largest;
    }

    public Tensor EncodeVaried(IReadOnlyList<LiquidResponse> samples, SampleOrder chance) => Encode(samples);
}
