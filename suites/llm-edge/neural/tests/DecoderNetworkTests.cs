using Harness.Torch;
using Suites.LlmEdge.Decoding;
using Suites.LlmEdge.Models;
using Suites.LlmEdge.Neural.Networks;
using Suites.LlmEdge.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace Suites.LlmEdge.Neural.Tests;

using Decoder = Suites.LlmEdge.Decoding.Decoder;

public sealed class DecoderNetworkTests
{
    static readonly int[] Sequence = [256, 72, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100, 10, 0, 255, 128];

    [Theory]
    [InlineData(Gating.Swiglu)]
    [InlineData(Gating.Reglu)]
    [InlineData(Gating.Drelu)]
    public void Tensors_and_engine_give_the_same_logits(Gating gating)
    {
        using var network = Trained(gating);
        using var model = network.ToModel(ByteTokens.Tokenizer(), "tiny");
        using var decoder = new Decoder(model, new());
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var expected = network.forward(tensor(Sequence.Select(token => (long)token).ToArray(), [1, Sequence.Length]))[0]
            .contiguous().data<float>().ToArray();
        Assert.True(expected.Max() > 1, "the network says the same of every byte");
        decoder.Append(Sequence, (index, logits) =>
        {
            for (var id = 0; id < logits.Length; id++) Assert.Equal(expected[index * logits.Length + id], logits[id], 1e-4f);
        });
    }

    [Fact]
    public void Weights_come_back_from_the_engine_without_loss()
    {
        using var network = Trained(Gating.Reglu);
        using var model = network.ToModel(ByteTokens.Tokenizer(), "tiny");
        using var back = DecoderNetwork.Of(model);
        foreach (var (one, other) in network.parameters().Zip(back.parameters()))
            Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());
    }

    // A step on one window, long rates: the weights are far from where they began.
    static DecoderNetwork Trained(Gating gating)
    {
        TorchSession.Begin(3, 1);
        var network = new DecoderNetwork(new("llama", ByteTokens.Vocabulary, 32, 32, 48, 2, 4, 4) { Gating = gating });
        using var optimizer = optim.AdamW(network.parameters(), 0.02);
        for (var step = 0; step < 30; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var tokens = tensor(Sequence.Select(token => (long)token).ToArray(), [1, Sequence.Length]);
            var logits = network.forward(tokens).narrow(1, 0, Sequence.Length - 1);
            nn.functional.cross_entropy(logits.reshape(-1, ByteTokens.Vocabulary), tokens.narrow(1, 1, Sequence.Length - 1).reshape(-1))
                .backward();
            optimizer.step();
        }
        return network;
    }
}
