using Harness.Spiking.Encoders;
using Harness.Spiking.Tests.Neurons;
using Harness.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Harness.Spiking.Tests.Encoders;

public sealed class EncoderTests
{
    public EncoderTests() => TorchSession.Begin(1, 1);

    [Fact]
    public void Direct_gives_the_value_at_every_step()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0.2f, 0.7f, 0.2f, 0.7f, 0.2f, 0.7f], Numbers(Encoder.Direct(tensor([0.2f, 0.7f]), 3)));
    }

    [Fact]
    public void Rates_are_the_values_and_a_seed_gives_the_same_spikes()
    {
        using var scope = NewDisposeScope();
        var values = tensor([0f, 0.25f, 0.9f, 1f]);
        var spikes = Encoder.Rate(values, 20_000, new SampleOrder(3));
        var rates = Numbers(spikes.mean([0]));
        Assert.Equal((0f, 1f), (rates[0], rates[3]));
        // Four deviations of a share of 20 000.
        Assert.InRange(rates[1], 0.25 - 0.0123, 0.25 + 0.0123);
        Assert.InRange(rates[2], 0.9 - 0.0085, 0.9 + 0.0085);
        Assert.True(spikes.equal(Encoder.Rate(values, 20_000, new SampleOrder(3))).all().item<bool>());
        Assert.False(spikes.equal(Encoder.Rate(values, 20_000, new SampleOrder(4))).all().item<bool>());
    }

    [Fact]
    public void Phase_writes_the_digits_of_the_value()
    {
        using var scope = NewDisposeScope();
        var rows = Golden.Rows("encoders", "phase");
        var spikes = Encoder.Phase(tensor(Golden.Numbers("encoders", "phase_values")), 8);
        // The reference leaves the amplitude 2^-(k+1) of digit k to the layer behind it.
        for (var step = 0; step < 8; step++) Assert.Equal(rows[step].Select(digit => digit / (2 << step)), Numbers(spikes[step]));
        // The sum of all eight is the value, to 1/256; a ninth step is the first again.
        var values = tensor(Golden.Numbers("encoders", "values"));
        Assert.InRange((Encoder.Phase(values, 8).sum([0]) - values).abs().max().item<float>(), 0, 1 / 256f);
        var longer = Encoder.Phase(values, 9);
        Assert.Equal(Numbers(longer[0]), Numbers(longer[8]));
        Assert.Equal(Numbers(spikes.mul(2)), Numbers(Encoder.Phase(tensor(Golden.Numbers("encoders", "phase_values")), 8, first: 1)));
    }

    [Theory]
    [InlineData(LatencyScale.Linear, "latency_linear")]
    [InlineData(LatencyScale.Logarithmic, "latency_log")]
    public void Latency_is_the_references(LatencyScale scale, string name)
    {
        using var scope = NewDisposeScope();
        var spikes = Encoder.Latency(tensor(Golden.Numbers("encoders", "values")), 9, scale);
        var rows = Golden.Rows("encoders", name);
        for (var step = 0; step < 9; step++) Assert.Equal(rows[step], Numbers(spikes[step]));
    }

    [Fact]
    public void The_first_spike_comes_early_and_strong_for_large_values_and_never_for_zero()
    {
        using var scope = NewDisposeScope();
        // Four steps: x = 1, 0.75, 0.5, 0.25 fire at steps 0, 1, 2, 3 with amplitudes 1, 1/2, 1/3, 1/4; just above 0.5 one earlier.
        var spikes = Encoder.FirstSpike(tensor([1f, 0.75f, 0.5f, 0.25f, 0f, 0.51f]), 4);
        Assert.Equal([1f, 0.5f, 1 / 3f, 0.25f, 0f, 0.5f], Numbers(spikes.sum([0])));
        Assert.Equal([0, 1, 2, 3, 1], spikes.argmax(0).data<long>().Where((_, at) => at != 4).Select(step => (int)step));
    }

    [Fact]
    public void Delta_marks_rises_and_falls()
    {
        using var scope = NewDisposeScope();
        var signal = tensor([0.5f, 0.5f, 0.75f, 0.8f, 0.25f, 0f]).view(6, 1);
        Assert.Equal([0f, 0f, 1f, 0f, -1f, -1f], Numbers(Encoder.Delta(signal, 0.25f)));
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(1.01f)]
    [InlineData(float.NaN)]
    public void A_value_outside_of_zero_to_one_is_an_error_of_every_encoder(float value)
    {
        using var scope = NewDisposeScope();
        var values = tensor([0.5f, value]);
        Action[] calls =
        [
            () => Encoder.Direct(values, 4), () => Encoder.Rate(values, 4, new(1)), () => Encoder.Phase(values, 4),
            () => Encoder.FirstSpike(values, 4), () => Encoder.Latency(values, 4), () => Encoder.Delta(values, 0.1f),
        ];
        Assert.All(calls, call => Assert.Contains("[0, 1]", Assert.Throws<HarnessException>(call).Message));
    }

    static float[] Numbers(Tensor tensor) => tensor.contiguous().data<float>().ToArray();
}
